"""The shares of P3.6: closed loops, reopened tickets, first-contact resolution, commitments kept."""

from __future__ import annotations

import numpy as np

from zhiheng.measure.arrays import Booleans, Integers, booleans, same_length, seconds
from zhiheng.measure.calendar import WorkingCalendar
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement

DAY_S = 86_400
NEVER = int(np.iinfo(np.int64).max)
"""The instant of what has not happened: later than every limit."""


def closure_rate(
    received_s: object,
    closed_s: object,
    *,
    cut_s: int,
    horizon_s: int = 30 * DAY_S,
    reopened: object | None = None,
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """The share of tickets whose loop closed within `horizon_s` of receipt and that are not reopened at
    `cut_s`.

    Cohort by receipt, natural time; only tickets whose horizon is over by the cut-off count, in numerator
    and denominator alike. `closed_s` is `NEVER` for an open ticket. The unmatured are counted in the flag
    "unmatured:n". The horizon decides the verdict: print it with the figure.

    `received_s`, `closed_s`: epoch seconds, one per ticket; closed / matured, Wilson's interval. Unit: share.
    Errors: unequal lengths, a closing before the receipt, a horizon not above 0. Source: Wilson 1927.
    """
    received, closed = seconds("received_s", received_s), seconds("closed_s", closed_s)
    again = _flags("reopened", reopened, received.size)
    same_length(received_s=received, closed_s=closed, reopened=again)
    _not_before("closed_s", closed, "received_s", received)
    _positive("horizon_s", horizon_s)
    matured = received <= cut_s - horizon_s
    met = (closed <= received + horizon_s) & ~again
    return _matured_share(met, matured, confidence, population)


def reopen_rate(
    resolved_s: object,
    reopened_s: object,
    *,
    cut_s: int,
    window_s: int | None = None,
    calendar: WorkingCalendar | None = None,
    working_days: int = 10,
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """The share of resolved tickets that were reopened or refused within the window after `resolved_s`.

    The window is `window_s` natural seconds, or `working_days` of `calendar` to the end of the last one.
    `reopened_s` is the first reopening, `NEVER` where there is none. Unmatured tickets stay out and are
    counted in the flag "unmatured:n".

    `cut_s` is the data cut-off. Reopened / matured, Wilson's interval. Unit: share. Errors: unequal lengths, a
    reopening before the resolution, neither or both kinds of window. Source: Wilson 1927.
    """
    if (window_s is None) == (calendar is None):
        raise MeasureError("window_s", "must be given, or a calendar instead of it")
    resolved, reopened = seconds("resolved_s", resolved_s), seconds("reopened_s", reopened_s)
    same_length(resolved_s=resolved, reopened_s=reopened)
    _not_before("reopened_s", reopened, "resolved_s", resolved)
    if calendar is not None:
        until = calendar.end_of_working_day(resolved, working_days)
    else:
        until = resolved + _positive("window_s", window_s or 0)
    return _matured_share(reopened <= until, until <= cut_s, confidence, population)


def first_contact_resolution(
    contact_s: object,
    solved_first: object,
    *,
    transferred: object,
    reopened: object,
    requester_topic: object,
    eligible: object | None = None,
    cut_s: int,
    window_s: int = 7 * DAY_S,
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """The share of eligible contacts solved in the first contact, with no transfer, no reopening and no new
    ticket.

    `requester_topic` codes requester + category (−1: unknown): a later contact of the same code within
    `window_s` says that the first was not solved. Every ticket, eligible or not, can be such a contact.
    Matured contacts only.

    One row per contact: `contact_s` its epoch second, `solved_first`, `transferred` and `reopened` true or
    false; `cut_s` the data cut-off. Solved / eligible, Wilson's interval. Unit: share. Errors: unequal lengths,
    flags other than true and false. Source: Wilson 1927.
    """
    contact = seconds("contact_s", contact_s)
    solved, moved = booleans("solved_first", solved_first), booleans("transferred", transferred)
    again, codes = booleans("reopened", reopened), seconds("requester_topic", requester_topic)
    counted = np.ones(contact.size, np.bool_) if eligible is None else booleans("eligible", eligible)
    same_length(
        contact_s=contact,
        solved_first=solved,
        transferred=moved,
        reopened=again,
        requester_topic=codes,
        eligible=counted,
    )
    _positive("window_s", window_s)
    returned = next_of_key(codes, contact) <= contact + window_s
    solved_well = solved & ~moved & ~again & ~returned
    matured = contact <= cut_s - window_s
    return _matured_share(solved_well[counted], matured[counted], confidence, population)


def commitment_attainment(
    due_s: object,
    stopped_s: object,
    *,
    cut_s: int,
    missed: object | None = None,
    cancelled: object | None = None,
    matured_at_due: bool = False,
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """met / (met + missed) of clocks: open and past due is missed, open and not yet due is left out
    ("pending:n").

    `due_s` and `stopped_s` are `NEVER` where there is none (on hold, still running). `missed` adds what the
    clock itself knows to be missed, e.g. before a pause. A clock `cancelled` before it was missed is left
    out, one cancelled after stays, as missed. `matured_at_due` leaves out the clocks whose due time lies
    after `cut_s`, so that the early finishers of a young cohort do not flatter it.

    Wilson's interval. Unit: share. Errors: unequal lengths, times that are not whole seconds. Source: Wilson
    1927.
    """
    due, stopped = seconds("due_s", due_s), seconds("stopped_s", stopped_s)
    known, ended = _flags("missed", missed, due.size), _flags("cancelled", cancelled, due.size)
    same_length(due_s=due, stopped_s=stopped, missed=known, cancelled=ended)
    late = known | (np.minimum(stopped, cut_s) > due)
    finished = stopped <= cut_s
    counted = (finished & ~ended) | late
    if matured_at_due:
        counted &= due <= cut_s
    figure = wilson_interval(
        int((counted & ~late).sum()), int(counted.sum()), confidence=confidence, population=population
    )
    pending = int((~counted & ~ended).sum())
    return figure.flagged(f"pending:{pending}") if pending else figure


def next_of_key(codes: Integers, time_s: Integers) -> Integers:
    """For each row the time of the next row of the same code, in time order and ties by row; `NEVER` without
    one or a code.

    Rows with a negative code have no key and are nobody's next.
    """
    order = np.lexsort((time_s, codes))
    following = np.full(codes.size, NEVER, dtype=np.int64)
    here, ahead = order[:-1], order[1:]
    same = (codes[here] == codes[ahead]) & (codes[here] >= 0)
    following[here[same]] = time_s[ahead[same]]
    return following


def _matured_share(met: Booleans, matured: Booleans, confidence: float, population: str) -> Measurement:
    figure = wilson_interval(
        int((met & matured).sum()), int(matured.sum()), confidence=confidence, population=population
    )
    unmatured = int(matured.size - matured.sum())
    return figure.flagged(f"unmatured:{unmatured}") if unmatured else figure


def _flags(argument: str, values: object | None, size: int) -> Booleans:
    return np.zeros(size, dtype=np.bool_) if values is None else booleans(argument, values)


def _positive(argument: str, value: int) -> int:
    if value <= 0:
        raise MeasureError(argument, f"must be above 0, is {value}")
    return value


def _not_before(later_name: str, later: Integers, earlier_name: str, earlier: Integers) -> None:
    wrong = np.flatnonzero(later < earlier)
    if wrong.size:
        rule = f"must not lie before {earlier_name}, does at position {int(wrong[0])}"
        raise MeasureError(later_name, rule)
