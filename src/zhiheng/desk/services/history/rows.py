"""A case as rows of the platform: the ticket, its entries, its clocks, each as values by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhiheng.agreements.models import Commitment
from zhiheng.agreements.rules import Case as Matter
from zhiheng.agreements.rules import Terms, choose
from zhiheng.calendars.queries import version_in_force, working_calendar
from zhiheng.desk.choices import Channel
from zhiheng.desk.models import Ticket
from zhiheng.desk.rules.moves import Move, Times, fold
from zhiheng.desk.rules.timing import Happening, What, clock_events, policy_of
from zhiheng.desk.services.clocks import state_columns
from zhiheng.desk.services.history.cases import Case, level_of
from zhiheng.desk.services.history.directory import Directory
from zhiheng.kernel.time import from_epoch, to_epoch
from zhiheng.measure.clock import ClockPolicy, derive_clock
from zhiheng.platform.db.buffer import Changes
from zhiheng.platform.journal import Step
from zhiheng.platform.journal.values import plain
from zhiheng.processes.models import Kind

CHANNELS = {
    "phone": Channel.PHONE, "ivr": Channel.PHONE, "email": Channel.MAIL, "mail": Channel.MAIL,
    "self service": Channel.PORTAL, "portal": Channel.PORTAL, "web": Channel.PORTAL, "chat": Channel.CHAT,
}  # fmt: skip


UNSAID = Ticket.journal_omit | {"id"}


@dataclass(frozen=True, slots=True)
class Term:
    """A commitment as clocks of loaded tickets run on it."""

    columns: dict[str, Any]  # what every clock on it has in common
    promise: str
    pauses: bool
    policy: ClockPolicy


@dataclass(frozen=True, slots=True)
class Frame:
    """What all cases of one load share."""

    kind: Kind
    version_id: int
    directory: Directory
    commitments: dict[int, Term]
    terms: tuple[Terms, ...]
    organisation_ids: tuple[int, ...]
    source: str
    as_of_s: int
    # By priority and service: which commitments apply, so that they are chosen once and not for every ticket.
    chosen: dict[tuple[int, int | None], tuple[Term, ...]] = field(default_factory=dict)


def term_of(commitment: Commitment) -> Term:
    """The terms of a commitment as they stand now, on the calendar in force."""
    calendar = commitment.calendar
    version_id = version_in_force(calendar=calendar).pk if calendar is not None else None
    return Term(
        columns={
            "commitment_id": commitment.pk, "level": commitment.level, "promise": commitment.promise,
            "target_seconds": commitment.target_seconds, "pauses": commitment.pauses,
            "calendar_version_id": version_id,
        },
        promise=commitment.promise,
        pauses=commitment.pauses,
        policy=policy_of(
            commitment.promise, calendar=working_calendar(version_id), target_s=commitment.target_seconds,
            pauses=commitment.pauses,
        ),
    )  # fmt: skip


def ticket_values(case: Case, frame: Frame) -> dict[str, Any]:
    """The ticket: attributes of the last row; times from the log where it has them, else by its moves."""
    texts, last = case.texts, case.rows[-1]
    priority = min(5, level_of(texts.get("priority")) or 4)
    times, answered, proxy = times_of(case)
    service = texts.get("service") or texts.get("category")
    received = from_epoch(case.received_s)
    return {
        "kind_id": frame.kind.pk, "title": title_of(case), "process_version_id": frame.version_id,
        "requester_id": frame.directory.people.get(texts.get("requester", "")),
        "organisation_id": frame.organisation_ids[0] if frame.organisation_ids else None,
        "service_id": frame.directory.services.get(service or ""),
        "team_id": frame.directory.teams.get(texts.get("team", "")),
        "assignee_id": frame.directory.people.get(texts.get("assignee", "")),
        "channel": CHANNELS.get(texts.get("channel", "").lower(), Channel.OTHER).value,
        "category": texts.get("category", "")[:80], "subcategory": texts.get("subcategory", "")[:80],
        "symptom": texts.get("symptom", "")[:80], "location": texts.get("location", "")[:80],
        "impact": min(4, level_of(texts.get("impact")) or 3), "urgency": min(4, level_of(texts.get("urgency")) or 3),
        "priority": priority, "highest_priority": min(priority, case.highest_priority or priority),
        "state": last.state, "state_category": last.category, "received_at": received, "registered_at": received,
        "updated_at": from_epoch(last.at_s),
        "responded_at": from_epoch(answered) if answered is not None else None, "response_is_proxy": proxy,
        "restored_at": times.restored_at, "resolved_at": times.resolved_at, "closed_at": times.closed_at,
        "reopen_count": case.reopen_count if case.reopen_count is not None else times.reopen_count,
        "external_ref": f"{frame.source}:{case.name}"[:120], "met_in_source": case.met,
        "hand_overs_in_source": case.hand_overs,
    }  # fmt: skip


def title_of(case: Case) -> str:
    """A log of codes has no titles: what the case is about, from its codes."""
    parts = [case.texts[name] for name in ("category", "subcategory", "symptom") if name in case.texts]
    return " · ".join(parts)[:240] or case.name


def times_of(case: Case) -> tuple[Times, int | None, bool]:
    """The times of a case, when it was answered, and whether that is a proxy (the first act that left "new")."""
    folded = fold(moves_of(case))
    done = case.rows[-1].category in ("solved", "closed")

    def logged(name: str) -> datetime | None:
        return from_epoch(case.times[name]) if name in case.times else None

    resolved = logged("resolved_s") if "resolved_s" in case.states_times else folded.resolved_at
    times = Times(
        restored_at=logged("restored_s")
        if "restored_s" in case.states_times
        else (resolved if done else None),
        resolved_at=resolved,
        closed_at=logged("closed_s") if "closed_s" in case.states_times else folded.closed_at,
        reopen_count=folded.reopen_count,
    )
    if "responded_s" in case.states_times:
        return times, case.times.get("responded_s"), False
    answered = next((row.at_s for row in case.rows if row.category != "new"), None)
    return times, answered, answered is not None


def moves_of(case: Case) -> Iterator[Move]:
    before = ""
    for row in case.rows:
        yield Move(from_epoch(row.at_s), before, row.category)
        before = row.category


def steps_of(case: Case, ticket: Mapping[str, Any], frame: Frame) -> Iterator[Step]:
    """One step per row of the log, in order; the first carries the ticket's values, for it is what created it."""
    teams, people = frame.directory.teams, frame.directory.people
    state = category = ""
    priority: int | None = None
    changes = created_values(ticket)
    for row in case.rows:
        data: dict[str, Any] = {
            "from": state, "to": row.state, "from_category": category, "to_category": row.category,
            "team": teams.get(row.team or ""), "assignee": people.get(row.assignee or ""),
        }  # fmt: skip
        if row.priority not in (None, priority):
            data["priority"] = row.priority
        yield Step(from_epoch(row.at_s), data, changes)
        state, category, changes = row.state, row.category, {}
        priority = row.priority or priority


def created_values(ticket: Mapping[str, Any]) -> Changes:
    """What the journal says of a new row: each field that holds something, from nothing to its value."""
    return {
        name: [None, plain(value)]
        for name, value in ticket.items()
        if name not in UNSAID and value not in (None, "")
    }


def clocks_of(case: Case, ticket: Mapping[str, Any], frame: Frame) -> list[dict[str, Any]]:
    """The clocks of the commitments that apply to the ticket as it now stands, derived from its rows."""
    start_s = case.received_s
    happenings = list(happenings_of(case, ticket["responded_at"]))
    common = {"ticket_id": ticket["id"], "started_at": ticket["received_at"]}
    clocks = []
    for term in terms_for(ticket["priority"], ticket["service_id"], frame):
        events = clock_events(term.promise, happenings, start_s=start_s, pauses=term.pauses)
        derived = derive_clock(events, policy=term.policy, as_of_s=frame.as_of_s)
        clocks.append(common | term.columns | state_columns(derived))
    return clocks


def terms_for(priority: int, service_id: int | None, frame: Frame) -> tuple[Term, ...]:
    """The commitments that apply to a ticket of that priority and service."""
    found = frame.chosen.get((priority, service_id))
    if found is None:
        matter = Matter(
            kind=frame.kind.slug, priority=priority, organisations=frame.organisation_ids, service=service_id
        )
        found = tuple(frame.commitments[terms.id] for terms in choose(frame.terms, matter).values())
        frame.chosen[(priority, service_id)] = found
    return found


def happenings_of(case: Case, responded_at: datetime | None) -> Iterator[Happening]:
    """The moves of the rows, with the answer where it falls among them."""
    answered = to_epoch(responded_at) if responded_at else None
    received_s, before = case.received_s, ""
    for row in case.rows:
        if answered is not None and answered <= row.at_s:
            yield Happening(answered, What.ANSWERED)
            answered = None
        yield Happening(max(row.at_s, received_s), What.MOVED, None, before, row.category)
        before = row.category
    if answered is not None:
        yield Happening(answered, What.ANSWERED)
