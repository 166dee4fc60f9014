"""The recurrence of faults against counting them one by one, with a history of 90 days and without."""

import math
import random

import pytest

from zhiheng.definitions.engine import run
from zhiheng.definitions.loader import load_indicators
from zhiheng.definitions.tests.tables import DAY, HOUR, facts_database, ticket

RECURRENCE = load_indicators()["recurrence_30d"]
MONTH = 30 * DAY


@pytest.mark.parametrize(
    ("first_s", "chance", "flag"),
    [
        # One fault of the key in exactly 90 days before the window: 30 of 90 days of a rate that holds for both.
        (110 * DAY, 1 - math.exp(-1 / 3), "chance:from_history"),
        # A second less tells nothing: half of the window's faults follow the first within 30 days, none the second.
        (110 * DAY + 1, (0.5 + 0) / 2, "chance:from_window"),
    ],
)
def test_chance_follows_from_ninety_days_of_history(first_s, chance, flag):
    begun = (first_s, 210 * DAY, 230 * DAY)
    faults = [
        ticket(n, fault=True, onset_s=onset, restored_s=onset + HOUR, ci="a", cause_code="x")
        for n, onset in enumerate(begun)
    ]
    figure = run(
        facts_database(tickets=faults), RECURRENCE, from_s=200 * DAY, to_s=400 * DAY, cut_s=400 * DAY
    )["all"]
    assert figure.details["chance"] == pytest.approx(chance)
    assert flag in figure.measurement.flags
    assert (figure.measurement.numerator, figure.measurement.denominator) == (1, 2)


def some_faults(count=400):
    """Faults of few keys, many in the same hour, some without a key, a team or an end."""
    draw = random.Random(11)
    found = []
    for number in range(count):
        onset = draw.randrange(0, 300 * 24) * HOUR
        found.append(
            ticket(
                number,
                fault=draw.random() < 0.9,
                onset_s=onset,
                restored_s=draw.choice((None, onset, onset + draw.randrange(1, 60 * 24) * HOUR)),
                ci=draw.choice((None, *(f"c{n}" for n in range(40)))),
                cause_code="x",
                team=draw.choice(("A", "B")),
            )
        )
    return found


def counted_by_hand(faults, *, from_s, to_s, cut_s):
    """Recurred, cases, and the chance of each from what the module's words say: every fault beside every other."""
    known = [f for f in faults if f["fault"] and f["onset_s"] <= cut_s]
    cases = [
        f
        for f in known
        if f["restored_s"] is not None
        and from_s <= f["restored_s"] < to_s
        and f["restored_s"] + MONTH <= cut_s
        and f["ci"] is not None
    ]

    def ahead(case, others):
        return sum(case["restored_s"] < f["onset_s"] <= case["restored_s"] + MONTH for f in others)

    inside = [f for f in known if from_s <= f["onset_s"] < to_s]
    year_before = max(min(f["onset_s"] for f in known), from_s - 365 * DAY)
    chances = []
    for case in cases:
        same = [f for f in known if f["ci"] == case["ci"]]
        if from_s - year_before >= 90 * DAY:
            before = sum(year_before <= f["onset_s"] < from_s for f in same)
            chances.append(1 - math.exp(-before / (from_s - year_before) * MONTH))
        else:
            others = max(sum(f in inside for f in same) - 1, 0)
            share = math.floor(1000 * ahead(case, [f for f in known if f["onset_s"] >= from_s]) / len(inside))
            chances.append(1 - (1 - min(share / 1000, 1)) ** others)
    recurred = sum(ahead(case, [f for f in known if f["ci"] == case["ci"]]) > 0 for case in cases)
    return recurred, len(cases), sum(chances) / len(chances)


@pytest.mark.slow
@pytest.mark.parametrize("scope", ["all", "team"])
@pytest.mark.parametrize("window", [(0, 300), (20, 200), (120, 280), (200, 250)])
def test_recurrence_is_what_counting_each_fault_gives(window, scope):
    from_s, to_s = (day * DAY for day in window)
    bounds = {"from_s": from_s, "to_s": to_s, "cut_s": 290 * DAY}
    faults = some_faults()
    figures = run(facts_database(tickets=faults), RECURRENCE, scope=scope, **bounds)
    assert set(figures) == ({"all"} if scope == "all" else {"A", "B"})
    for name, figure in figures.items():
        recurred, cases, chance = counted_by_hand(
            [f for f in faults if scope == "all" or f["team"] == name], **bounds
        )
        assert 0 < recurred < cases
        assert (figure.measurement.numerator, figure.measurement.denominator) == (recurred, cases)
        assert figure.details["chance"] == pytest.approx(chance, rel=1e-12)
