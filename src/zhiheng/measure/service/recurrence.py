"""Whether faults come back: the recurrence rate of a named matcher, and its excess over chance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure.arrays import Floats, Integers, booleans, floats, instant, period, same_length, seconds
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement
from zhiheng.measure.service.rates import DAY_S, NEVER

KEYLESS_LIMIT = 0.2
"""With a larger share of faults without a key the figure is not valid."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The recurrence rate of one matcher, with what chance alone would give and the difference.

    `chance` is None when no rate per key is known. `keyless`: the share of restored faults that the matcher
    cannot place.
    """

    matcher: str
    rate: Measurement
    chance: float | None
    excess: Measurement | None
    keyless: Measurement

    def __str__(self) -> str:
        return f"{self.matcher}: {self.rate}; excess over chance {self.excess}; without key {self.keyless}"


def recurrence_rate(
    key: object,
    onset_s: object,
    restored_s: object,
    *,
    matcher: str,
    cut_s: int,
    window_s: int = 30 * DAY_S,
    from_s: int | None = None,
    linked: object | None = None,
    key_rate: object | None = None,
    confidence: float = 0.95,
    population: str = "",
) -> Recurrence:
    """The share of restored faults followed within `window_s` by a new fault with the same key.

    One row per fault. `key` is an integer code, negative where the matcher finds none; `restored_s` is
    `NEVER` while the fault lasts. A fault counts as followed when another one of its key begins after its
    restoration and at most `window_s` later. Denominator: faults with a key, restored from `from_s` on,
    whose window is over by `cut_s`. `linked` marks children and repeats of the same outage: they follow
    nobody and are not counted.

    `key_rate` is each fault's expected new faults of its key per second, from a time before the window
    (`history_rate`). Chance is the mean of 1 − e^(−rate · window) over all faults with a key, each counting
    once; the excess carries the rate's interval less the chance, taken as known. A recurrence figure without
    its matcher and its excess says nothing.

    `onset_s` in epoch seconds; `cut_s` the data cut-off. Wilson's interval. Unit: share. Errors: unequal
    lengths, a restoration before its onset, an unnamed matcher, a window not above 0. Source: Wilson 1927.
    """
    if not matcher:
        raise MeasureError("matcher", "must be named")
    if window_s <= 0:
        raise MeasureError("window_s", f"must be above 0, is {window_s}")
    codes, onset = seconds("key", key), seconds("onset_s", onset_s)
    restored = seconds("restored_s", restored_s)
    child = np.zeros(codes.size, np.bool_) if linked is None else booleans("linked", linked)
    same_length(key=codes, onset_s=onset, restored_s=restored, linked=child)
    if (restored < onset).any():
        raise MeasureError("restored_s", "must not lie before onset_s")
    counted = ~child & (restored <= cut_s - window_s)
    if from_s is not None:
        counted &= restored >= from_s
    usable = ~child & (codes >= 0)
    until = np.minimum(restored, NEVER - window_s) + window_s
    followed = first_onset_after(codes[usable], onset[usable], codes, restored) <= until
    keyed = counted & (codes >= 0)
    rate = wilson_interval(
        int((keyed & followed).sum()),
        int(keyed.sum()),
        confidence=confidence,
        population=population,
    )
    keyless = wilson_interval(int((counted & (codes < 0)).sum()), int(counted.sum()), confidence=confidence)
    if keyless.value is not None and keyless.value > KEYLESS_LIMIT:
        rate = rate.flagged("too_many_without_key")
    chance = None
    if key_rate is not None:
        rates = floats("key_rate", key_rate, minimum=0)
        same_length(key=codes, key_rate=rates)
        chance = chance_recurrence(rates[usable], window_s=window_s)
    return Recurrence(matcher, rate, chance, _excess(rate, chance), keyless)


def chance_recurrence(rate: object, *, window_s: int) -> float | None:
    """The recurrence that chance alone gives: the mean over faults of 1 − e^(−rate · window).

    `rate` is per second. Faults of a busy key meet the next one soon whatever was done about them. None
    without faults.

    `window_s` in seconds. Unit: share. Errors: a rate or window below 0, NaN. Source: Ross 2014 §5.3: at least
    one event of a Poisson process.
    """
    rates = floats("rate", rate, minimum=0)
    if instant("window_s", window_s) < 0:
        raise MeasureError("window_s", f"must not be below 0, is {window_s}")
    return float(-np.expm1(-rates * window_s).mean()) if rates.size else None


def history_rate(
    key: object, history_key: object, history_onset_s: object, *, from_s: int, to_s: int
) -> Floats:
    """For each `key` its faults per second from `from_s` to `to_s`, counted in an earlier list of faults.

    `history_key` and `history_onset_s`: key and epoch second of each earlier fault; count / (to − from). Choose
    a time before the window judged. Unit: faults per second. Errors: an empty period, unequal lengths, times
    that are not whole seconds. Source: Ross 2014 §5.3.
    """
    from_s, to_s = period(from_s, to_s)
    codes, past = seconds("key", key), seconds("history_key", history_key)
    onset = seconds("history_onset_s", history_onset_s)
    same_length(history_key=past, history_onset_s=onset)
    inside = np.sort(past[(onset >= from_s) & (onset < to_s)])
    number = np.searchsorted(inside, codes, side="right") - np.searchsorted(inside, codes, side="left")
    rates: Floats = number / float(to_s - from_s)
    return rates


def first_onset_after(key: Integers, onset_s: Integers, of_key: Integers, after_s: Integers) -> Integers:
    """The first onset of each `of_key` later than its `after_s` among the faults; `NEVER` without one."""
    order = np.lexsort((onset_s, key))
    keys, times = key[order], onset_s[order]
    # One search over both columns: where each (key, time) would stand among the sorted pairs.
    names, codes = np.unique(keys, return_inverse=True)
    instants = np.unique(times)
    base = np.int64(instants.size + 1)
    pairs = codes * base + np.searchsorted(instants, times)
    group = np.searchsorted(names, of_key)
    known = group < names.size
    known[known] = names[group[known]] == of_key[known]
    wanted = group * base + np.searchsorted(instants, after_s, side="right")
    position = np.searchsorted(pairs, wanted)
    result = np.full(of_key.size, NEVER, dtype=np.int64)
    found = known & (position < pairs.size)
    found[found] = codes[position[found]] == group[found]
    result[found] = times[position[found]]
    return result


def _excess(rate: Measurement, chance: float | None) -> Measurement | None:
    if chance is None or rate.value is None or rate.low is None or rate.high is None:
        return None
    method = f"{rate.method}, chance taken as known"
    return replace(
        rate,
        value=rate.value - chance,
        numerator=None,
        denominator=None,
        low=rate.low - chance,
        high=rate.high - chance,
        method=method,
    )
