"""A figure and its trend read together are the same, to the bit, as read apart; rows as columns are the same rows."""

import random

import pyarrow as pa
import pytest

from zhiheng.definitions.columns import ColumnRows, by_scope, integers, joined
from zhiheng.definitions.engine import run, run_and_trend, trend
from zhiheng.definitions.estimators import restricted_mean
from zhiheng.definitions.loader import load_indicators
from zhiheng.definitions.query import Window, adds_up
from zhiheng.definitions.tests.tables import DAY, HOUR, facts_database, ticket

INDICATORS = load_indicators()
WITH_SQL = sorted(name for name, item in INDICATORS.items() if item.formula.sql)
CUT = 200 * DAY
WINDOW = Window(from_s=40 * DAY, to_s=110 * DAY, cut_s=CUT)
# The window holds part of a period before the first edge and behind the last.
EDGES = [45 * DAY, 60 * DAY, 75 * DAY, 100 * DAY]


def some_facts(count=300):
    """Tickets spread over the window and beyond it, some never answered, restored or closed; each has a clock."""
    draw = random.Random(7)
    tickets, clocks = [], []
    for number in range(count):
        received = draw.randrange(10 * DAY, 150 * DAY)
        waits = [draw.choice((None, draw.randrange(60, 20 * DAY))) for _ in range(5)]
        answered, restored, resolved, reopened, closed = (
            None if wait is None else received + wait for wait in waits
        )
        tickets.append(
            ticket(
                number,
                kind=draw.choice(("request", "incident")),
                team=draw.choice(("A", "B", None)),
                category=draw.choice(("x", "y")),
                requester=draw.choice(("r1", "r2", "r3")),
                channel=draw.choice(("portal", "phone", "chat")),
                ci=draw.choice(("c1", "c2", "c3", None)),
                received_s=received,
                onset_s=received - draw.randrange(0, HOUR),
                responded_s=answered,
                restored_s=restored,
                resolved_s=resolved,
                first_resolved_s=resolved,
                first_reopened_s=reopened,
                reopen_limit_s=None if resolved is None else resolved + 10 * DAY,
                loop_s=closed,
                response_work_s=waits[0],
                response_work_censor_s=CUT - received,
                waiting_customer_s=draw.randrange(0, HOUR),
                highest_priority=draw.choice((1, 2, 3)),
                fault=draw.random() < 0.5,
                first_contact=draw.random() < 0.5,
                first_line=True,
                reopened=reopened is not None,
            )
        )
        clocks += [
            {
                "ticket_id": number,
                "commitment": commitment,
                "due_s": received + DAY,
                "stopped_s": resolved,
                "missed": draw.choice((True, False, None)),
            }
            for commitment in ("response", "resolution")
        ]
    return facts_database(tickets=tickets, clocks=clocks)


@pytest.fixture(scope="module")
def connection():
    return some_facts()


@pytest.mark.slow
@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("filters", [{}, {"team": "A"}, {"team": "nobody"}])
@pytest.mark.parametrize("name", WITH_SQL)
def test_together_is_the_same_as_apart(connection, name, filters, second):
    window = Window(WINDOW.from_s, WINDOW.to_s, CUT, filters)
    figure, points = run_and_trend(connection, INDICATORS[name], edges=EDGES, window=window, second=second)
    told = {"cut_s": CUT, "filters": filters, "second": second}
    alone = run(connection, INDICATORS[name], from_s=WINDOW.from_s, to_s=WINDOW.to_s, **told)["all"]
    assert figure == alone
    expected = []
    if alone.measurement.value is not None:
        matcher = str(alone.details.get("matcher", ""))
        expected = trend(connection, INDICATORS[name], edges=EDGES, matcher=matcher, **told)
    assert points == expected


def test_most_of_the_catalogue_is_read_together():
    together = {
        name
        for name in WITH_SQL
        if INDICATORS[name].formula.anchor
        and adds_up(INDICATORS[name].formula.sql, INDICATORS[name].formula.anchor)
    }
    # Recurrence looks for what follows a case in all facts, and by several matchers.
    assert set(WITH_SQL) - together == {"recurrence_30d"}


@pytest.mark.parametrize(
    "sql",
    [
        "select {scope} from tickets where received_s >= $from_s and received_s < $to_s having count(*) > 3",
        "select 'all' as scope from tickets where received_s >= $from_s and received_s < $to_s",
        "select {scope} from tickets where received_s >= $from_s - 60 and received_s < $to_s and $from_s > 0",
        "select {scope} from tickets where resolved_s >= $from_s and resolved_s < $to_s",
        "select {scope} from tickets where received_s >= $from_s and received_s < $to_s and closed_s < $to_s",
        "select {scope}, max(n) over (partition by {scope}) from tickets"
        " where received_s >= $from_s and received_s < $to_s",
        "select {scope}, {key} from tickets where received_s >= $from_s and received_s < $to_s",
    ],
)
def test_statements_whose_parts_do_not_add_up_are_read_apart(sql):
    assert not adds_up(sql, "received_s")


def test_rows_as_columns_give_the_same_estimate():
    formula = INDICATORS["mean_response"].formula
    draw = random.Random(3)
    rows = [
        {
            "duration_s": draw.randrange(0, 9000),
            "observed": draw.randrange(2),
            "tickets": draw.randrange(1, 4),
        }
        for _ in range(500)
    ]
    columns = ColumnRows(dict(zip(rows[0], integers(rows, tuple(rows[0])), strict=True)))
    assert list(columns) == rows
    assert [columns[3], *columns[4:6]] == rows[3:6]
    assert restricted_mean(columns, formula) == restricted_mean(rows, formula)


def test_rows_are_split_by_scope_and_joined_again():
    table = pa.table({"scope": ["b", None, "a", "b"], "tickets": [1, 2, 3, 4]})
    found = by_scope(table)
    assert {name: [row["tickets"] for row in rows] for name, rows in found.items()} == {
        "b": [1, 4], "a": [3], None: [2],
    }  # fmt: skip
    assert sorted(row["tickets"] for row in joined(found.values())) == [1, 2, 3, 4]
    assert by_scope(table.slice(0, 0)) == {}
    assert list(joined([])) == []
    assert list(joined([[{"n": 1}], [{"n": 2}]])) == [{"n": 1}, {"n": 2}]


def test_matchers_whose_columns_are_missing_are_asked_once():
    asked = []

    class Noting:
        def __init__(self, held):
            self.held = held

        def execute(self, sql, *bound):
            asked.append(sql)
            return self.held.execute(sql, *bound)

    def recurrence(**columns):
        asked.clear()
        facts = facts_database(
            tickets=[
                ticket(n, fault=True, onset_s=n * DAY, restored_s=n * DAY + HOUR, **columns)
                for n in range(60)
            ]
        )
        figure = run(Noting(facts), INDICATORS["recurrence_30d"], from_s=0, to_s=CUT, cut_s=CUT)["all"]
        return figure, sum("fault_key" in sql for sql in asked)

    lacking, once = recurrence()
    empty, each = recurrence(
        ci=None, cause_code=None, requester=None, category=None, symptom=None, subcategory=None, location=None
    )
    assert (once, each) == (1, 5)
    assert lacking == empty
    assert [item["matcher"] for item in lacking.details["matchers"]] == [
        item["id"] for item in INDICATORS["recurrence_30d"].formula.parameters["matchers"]
    ]
