"""Common defects on small tables: states, causes, burden, and what is never claimed."""

from dataclasses import replace

import pytest

from zhiheng.definitions import schema
from zhiheng.definitions.definition import Signal
from zhiheng.definitions.diagnosis import diagnose, related, state_of
from zhiheng.definitions.loader import load_defects, load_indicators
from zhiheng.definitions.query import Window, discover
from zhiheng.definitions.tests.tables import DAY, HOUR, facts_database, ticket
from zhiheng.measure.result import Measurement

INDICATORS, DEFECTS = load_indicators(), load_defects()


def diagnosed(name, connection, *, cut_s=400 * DAY, scopes=()):
    return diagnose(
        connection,
        DEFECTS[name],
        indicators=INDICATORS,
        window=Window(from_s=0, to_s=cut_s, cut_s=cut_s),
        facts=discover(connection),
        scopes=scopes,
    )


def signal(direction="up", watch=0.05, confirmed=0.10, by="value"):
    return Signal(
        id="s", name={}, direction=direction, watch=watch, confirmed=confirmed, confirm_by=by, tag="O"
    )


def share(value, low, high, n=100):
    return Measurement(value=value, unit="share", n=n, low=low, high=high)


@pytest.mark.parametrize(
    ("what", "measurement", "state"),
    [
        (signal(), share(0.04, 0.02, 0.07), "absent"),
        (signal(), share(0.07, 0.06, 0.08), "watch"),
        (signal(), share(0.12, 0.04, 0.20), "watch"),  # beyond the threshold, but the interval is not
        (signal(), share(0.12, 0.08, 0.16), "confirmed"),
        (signal(), share(0.12, 0.08, 0.16, n=20), "not_enough_data"),
        (signal("down", 0.95, 0.85), share(0.80, 0.75, 0.84), "confirmed"),
        (signal("down", 0.95, 0.85), share(0.96, 0.90, 0.98), "absent"),
        (signal("down", 1, 0.9, "limit"), share(0.85, 0.80, 0.91), "watch"),
        (signal("down", 1, 0.9, "limit"), share(0.85, 0.80, 0.89), "confirmed"),
        (signal(watch=0, confirmed=None), share(3.0, None, None), "watch"),
        (signal(watch=0, confirmed=2), share(3.0, None, None), "confirmed"),
    ],
)
def test_confirmed_needs_threshold_and_interval(what, measurement, state):
    assert state_of(what, measurement, 30) == state


def test_a_threshold_is_passed_unless_it_may_be_equalled():
    plain = signal(watch=4, confirmed=8)
    reached = replace(plain, at=("watch", "confirmed"))
    for value, strict, equal in (
        (4.0, "absent", "watch"),
        (5.0, "watch", "watch"),
        (8.0, "watch", "confirmed"),
    ):
        measured = share(value, None, None)
        assert (state_of(plain, measured, 30), state_of(reached, measured, 30)) == (strict, equal)


def test_without_a_statement_the_burden_is_what_the_leading_share_counts():
    # 60 of 100 tickets follow one of the ten commonest paths: 40 are affected; at 80 % it would be half of them.
    tickets = [ticket(n, received_s=n, variant=1 if n < 60 else 11) for n in range(100)]
    found = diagnosed("D16", facts_database(tickets=tickets))
    assert found.state == "watch"
    assert (found.burden.unit, found.burden.total) == ("tickets", 40)
    assert found.burden.avoidable == pytest.approx(20.0)
    assert found.burden.low < 20.0 < found.burden.high


def test_the_worst_groups_of_a_recurrence_are_found_by_its_matcher_where_it_exceeds_chance():
    # Team A: forty items that fail twice within five days, over more than a year; team B: items that fail once.
    def fault(number, day, team, item):
        onset = day * DAY
        return ticket(
            number, fault=True, onset_s=onset, restored_s=onset + HOUR, team=team, ci=item, cause_code="x"
        )

    twice = [fault(2 * n + again, 10 * n + 5 * again, "A", f"a {n}") for n in range(40) for again in range(2)]
    once = [fault(100 + n, 10 * n + 3, "B", f"b {n}") for n in range(40)]
    found = diagnosed("D06", facts_database(tickets=twice + once), cut_s=500 * DAY, scopes=("team",))
    assert found.state == "confirmed"
    assert [(group.name, group.measurement.numerator, group.measurement.n) for group in found.groups] == [
        ("A", 40, 80)
    ]
    assert found.groups[0].significant
    assert (found.burden.unit, found.burden.total) == ("tickets", 40)


def test_a_recurrence_that_chance_explains_is_not_looked_for_in_groups():
    tickets = [
        ticket(
            n, fault=True, onset_s=n * DAY, restored_s=n * DAY + HOUR, team="A", ci=f"{n % 3}", cause_code="x"
        )
        for n in range(120)
    ]
    found = diagnosed("D06", facts_database(tickets=tickets), cut_s=200 * DAY, scopes=("team",))
    assert (found.state, found.groups) == ("watch", ())
    assert found.burden.total > 0
    assert found.burden.avoidable is None


def test_causes_that_no_data_can_tell_stay_typical_with_the_field_named():
    found = diagnosed("D13", facts_database(tickets=[ticket(1, received_s=0)]))
    assert [(item.state, item.missing) for item in found.causes] == [
        ("no_data", ("checks.item_id",)),
        ("no_data", ("alerts.raised_s",)),
        ("no_data", ("alerts.acknowledged_s",)),
    ]


def test_relative_figures_keep_their_interval():
    figure = related(share(2.4, 2.0, 3.0), 2.0)
    assert (figure.value, figure.low, figure.high) == pytest.approx((0.2, 0.0, 0.5))


def travelled(changes, number, **more):
    return ticket(number, received_s=0, team_changes=changes, ping_pong=changes >= 3, team="b", **more)


def test_ping_pong_with_cause_burden_and_worst_team():
    rows = [travelled(4, n, first_team="a") for n in range(40)]
    rows += [travelled(0, n, first_team="b") | {"team": "c"} for n in range(40, 100)]
    found = diagnosed("D03", facts_database(tickets=rows), scopes=("team", "service"))
    assert found.state == "confirmed"
    causes = {item.cause.id: item for item in found.causes}
    assert causes["wrong_first"].state == "supported"
    assert (causes["boundary"].state, causes["boundary"].missing) == ("no_data", ("entries.team",))
    assert found.burden.total == 40
    assert found.burden.avoidable == pytest.approx(40 * (1 - 0.05 / 0.4))
    assert found.burden.low < found.burden.avoidable < found.burden.high
    assert [(group.name, group.significant) for group in found.groups] == [("b", True)]


def test_the_pair_of_teams_behind_most_loops():
    entries, number = [], 0
    for case, path in enumerate(["aba"] * 20 + ["cdc"] * 10 + ["abc"] * 10):
        for team in path:
            entries.append({"entry_id": number, "ticket_id": case, "team": team})
            number += 1
    tickets = [
        ticket(n, received_s=0, team_changes=2, ping_pong=n < 30, team="a", first_team="a") for n in range(40)
    ]
    found = diagnosed("D03", facts_database(tickets=tickets, entries=entries))
    boundary = next(item for item in found.causes if item.cause.id == "boundary")
    assert (boundary.measurement.numerator, boundary.measurement.denominator) == (20, 30)
    assert boundary.state == "supported"


def test_customers_wait_above_target_up_to_the_horizon():
    rows = [
        ticket(
            n, received_s=0, responded_s=6 * HOUR, response_work_s=6 * HOUR, response_work_censor_s=9 * DAY
        )
        for n in range(29)
    ]
    rows.append(
        ticket(29, received_s=0, responded_s=None, response_work_s=None, response_work_censor_s=9 * DAY)
    )
    burden = diagnosed("D01", facts_database(tickets=rows)).burden
    assert burden.unit == "waiting_s"
    assert burden.total == 29 * 4 * HOUR + 46 * HOUR  # the open one counts up to 48 h


def test_recurrence_is_not_confirmed_without_excess():
    # One key fails every day: it always comes back, and chance alone says so.
    rows = [
        ticket(n, fault=True, onset_s=n * DAY, restored_s=n * DAY + HOUR, ci="a", cause_code="x")
        for n in range(300)
    ]
    found = diagnosed("D06", facts_database(tickets=rows))
    first = found.signals[0]
    assert first.measurement.value > 0.99
    assert first.details["excess_low"] < 0
    assert found.state == "watch"


def test_weeks_of_work_and_aged_backlog():
    rows = [ticket(n, received_s=0, resolved_s=95 * DAY, kind="incident") for n in range(91)]
    rows += [ticket(100 + n, received_s=0, resolved_s=None, kind="incident") for n in range(35)]
    found = diagnosed("D02", facts_database(tickets=rows), cut_s=100 * DAY)
    signals = {item.signal.id: item for item in found.signals}
    assert signals["weeks"].measurement.value == pytest.approx(35 * 13 / 91)  # 5 weeks of work
    assert signals["aged"].measurement.value == 1.0
    assert signals["closure"].missing == ("loop_s",)


def test_a_service_that_hangs_on_one_person():
    rows = [ticket(n, resolved_s=n, service="mail", category="x", resolver="ann") for n in range(25)]
    rows += [
        ticket(100 + n, resolved_s=n, service="net", category="y", resolver=f"p{n % 5}") for n in range(25)
    ]
    found = diagnosed("D10", facts_database(tickets=rows))
    signals = {item.signal.id: item for item in found.signals}
    assert (signals["single_service"].measurement.value, signals["single_service"].measurement.n) == (1.0, 2)
    assert found.state == "watch"


def test_bunching_before_the_due_time():
    due = [995] * 60 + [930] * 10 + [1010] * 10
    tickets = [ticket(n, received_s=0, state_category="closed") for n in range(80)]
    clocks = [
        {
            "ticket_id": n,
            "commitment": "resolution",
            "started_s": 0,
            "due_s": 1000,
            "due_unpaused_s": 1000,
            "stopped_s": stop,
            "missed": stop > 1000,
        }
        for n, stop in enumerate(due)
    ]
    found = diagnosed("D08", facts_database(tickets=tickets, clocks=clocks))
    signals = {item.signal.id: item for item in found.signals}
    assert signals["bunching"].measurement.value == pytest.approx(60 / (20 / 2))
    assert signals["bunching"].state == "confirmed"
    assert signals["flips"].measurement.value == 0.0


@pytest.mark.parametrize("name", ["D09", "D11", "D12", "D13", "D14", "D15", "D17", "D18", "D19", "D20"])
def test_what_the_facts_cannot_tell_names_the_missing_columns(name):
    found = diagnosed(name, facts_database(tickets=[ticket(1, received_s=0)]))
    assert found.state == "not_computable"
    assert all(item.missing for item in found.signals)
    assert all(cause.state == "no_data" for cause in found.causes)


def test_every_statement_of_the_catalogue_runs_on_empty_facts():
    everything = {table: [dict.fromkeys(columns)] for table, columns in schema.TYPES.items()}
    connection = facts_database(**everything)
    connection.execute("delete from sources")
    for name in DEFECTS:
        found = diagnosed(name, connection)
        assert found.state in ("not_enough_data", "not_computable", "absent")
