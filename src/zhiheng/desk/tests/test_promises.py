"""What facts say of promised times: twice the promise, due without pauses, by which working day it is entered."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from zhiheng.agreements.models import Commitment
from zhiheng.calendars.models import CalendarVersion
from zhiheng.desk.facts.promises import NATURAL, with_moments
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.tests.logs import BEGIN, DAY_S, put
from zhiheng.indicators.mirror import Manifest, refresh
from zhiheng.kernel.text import bilingual
from zhiheng.kernel.time import from_epoch
from zhiheng.measure.calendar import WorkingCalendar, always
from zhiheng.records.testing import sample

pytestmark = pytest.mark.slow

HOUR_S = 3600
CUT = BEGIN + 90 * DAY_S


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_both_moments_on_working_hours_and_on_natural_time() -> None:
    # Eight hours from Friday 15:00 on 9–17: two are left that day, six pass on Monday.
    office = WorkingCalendar.from_dict(
        {"zone": "UTC", "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
    )
    friday = at("2026-03-06 15:00")
    clocks = pa.table(
        {
            "ticket_id": [1, 2, 3],
            "started_s": [friday, friday, friday],
            "paused_s": pa.array([2 * HOUR_S, None, 0], pa.int64()),
            "target_s": pa.array([8 * HOUR_S, 8 * HOUR_S, None], pa.int64()),
            "version_id": pa.array([7, None, 7], pa.int64()),
        }
    )
    found = with_moments(clocks, {7: office, NATURAL: always()})
    assert found.column_names == ["ticket_id", "started_s", "paused_s", "due_unpaused_s", "twice_due_s"]
    assert found["due_unpaused_s"].to_pylist() == [at("2026-03-09 15:00"), friday + 8 * HOUR_S, None]
    # Two hours are left on Friday, eight pass on Monday and the last eight of eighteen on Tuesday.
    assert found["twice_due_s"].to_pylist() == [at("2026-03-10 17:00"), friday + 16 * HOUR_S, None]


def facts(manifest: Manifest, table: str, columns: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"select {columns} from '{manifest.facts[table]}' order by all").fetchall()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_mirror")
def test_times_agreed_with_the_customer_are_clocks_of_the_facts_and_no_others(tmp_path: Path) -> None:
    put(tmp_path, 2)
    first, second = Ticket.objects.order_by("pk")
    for ticket, level, hours in ((first, "sla", 4), (first, "ola", 2), (second, "supplier", 9)):
        commitment = Commitment.objects.create(
            name=bilingual(zh="解决", en="Resolve"),
            level=level,
            promise="resolution",
            target_seconds=hours * HOUR_S,
        )
        TicketClock.objects.create(
            ticket=ticket, commitment=commitment, level=level, promise="resolution",
            target_seconds=hours * HOUR_S, started_at=ticket.received_at, paused_seconds=600,
        )  # fmt: skip
    start = int(first.received_at.timestamp())
    assert facts(refresh(cut_s=CUT), "clocks", "ticket_id, started_s, due_unpaused_s, twice_due_s") == [
        (first.pk, start, start + 4 * HOUR_S, start + 8 * HOUR_S + 600)
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_mirror")
def test_entry_is_late_after_the_working_day_that_follows(tmp_path: Path) -> None:
    put(tmp_path, 1)
    # Loaded as history nobody knows when it was entered; of a ticket of the desk it is known.
    columns = {name for (name, *_) in facts_columns(refresh(cut_s=CUT))}
    assert not {"registered_s", "entry_limit_s"} & columns
    Ticket.objects.update(external_ref="", registered_at=from_epoch(BEGIN + 3 * DAY_S))
    found = facts(refresh(cut_s=CUT), "tickets", "received_s, registered_s, entry_limit_s")
    assert found == [(BEGIN + 8 * HOUR_S, BEGIN + 3 * DAY_S, BEGIN + 2 * DAY_S)]


def facts_columns(manifest: Manifest) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"describe select * from '{manifest.facts['tickets']}'").fetchall()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_mirror")
@pytest.mark.parametrize(("level", "worked"), [("sla", HOUR_S), ("ola", 6 * HOUR_S)])
def test_service_hours_are_those_agreed_with_the_customer(tmp_path: Path, level: str, worked: int) -> None:
    # Received on Thursday at 8 and answered at 14, while the hours of the clock are 13 to 17.
    put(tmp_path, 1)
    version: CalendarVersion = sample(CalendarVersion, 1)
    hours = {"zone": "UTC", "weekly": {"thu": [["13:00", "17:00"]], "fri": [["13:00", "17:00"]]}}
    CalendarVersion.objects.filter(pk=version.pk).update(document=hours)
    ticket = Ticket.objects.get()
    Ticket.objects.update(responded_at=from_epoch(BEGIN + 14 * HOUR_S))
    commitment = Commitment.objects.create(
        name=bilingual(zh="响应", en="Respond"), level=level, promise="response", target_seconds=4 * HOUR_S
    )
    TicketClock.objects.create(
        ticket=ticket, commitment=commitment, level=level, promise="response", target_seconds=4 * HOUR_S,
        started_at=ticket.received_at, calendar_version=version,
    )  # fmt: skip
    assert facts(refresh(cut_s=CUT), "tickets", "response_work_s") == [(worked,)]
