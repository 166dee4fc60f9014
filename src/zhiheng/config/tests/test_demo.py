"""The sample organisation on the first incidents of the sample log."""

from __future__ import annotations

import gzip
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from zhiheng.accounts.models import Person
from zhiheng.agreements.models import Exemption
from zhiheng.config.defaults import install_defaults
from zhiheng.desk.models import Ticket
from zhiheng.indicators.jobs import refresh_mirror
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.errors import NotFound
from zhiheng.kernel.time import now
from zhiheng.platform.journal import entries_for
from zhiheng.platform.models import Job
from zhiheng.web.jobs import load_demo
from zhiheng.web.services.demo import DEMO_PASSWORD, PEOPLE, set_up_demo

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLE = Path(__file__).resolve().parents[4] / "samples" / "servicenow_incident_events.csv.gz"


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The header and the first rows of the sample."""
    path = tmp_path / "sample.csv"
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as stream:
        path.write_text("".join(islice(stream, 200)), encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_demo_is_loaded_once_and_then_measured(sample: Path) -> None:
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
        set_up_demo()
        first = load_demo.call(path=str(sample))
        again = load_demo.call(path=str(sample))
    assert first["tickets"] == Ticket.objects.count() > 20
    assert again["tickets"] == 0
    # Its last entry lies within the past seven days, so that queues and clocks are alive.
    age = now() - max(Ticket.objects.values_list("updated_at", flat=True))
    assert 0 <= age.total_seconds() <= 7 * 86_400
    assert Job.objects.filter(path=refresh_mirror.module_path, state="waiting").exists()


@pytest.mark.slow
def test_the_people_of_the_demo_can_sign_in_once_however_often_it_is_set_up() -> None:
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
        set_up_demo()
        set_up_demo()
    for person in PEOPLE:
        assert Person.objects.get(username=person.username).check_password(DEMO_PASSWORD)


def test_the_demo_has_exemptions_of_every_state_once() -> None:
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
        set_up_demo()
        set_up_demo()
    held = Exemption.objects.order_by("state")
    assert [each.state for each in held] == ["approved", "proposed", "refused"]
    assert {each.proposed_by.username for each in held} == {"lead"}
    assert {each.decided_by.username for each in held if each.decided_by} == {"quality"}
    assert all(now() - timedelta(days=42) < each.starts_at < each.ends_at < now() for each in held)
    approved = held[0]
    acts = {entry.act: entry.actor.id for entry in entries_for(approved)}
    assert acts == {
        "agreements.exemption.proposed": approved.proposed_by_id,
        "agreements.exemption.approved": approved.decided_by_id,
    }


def test_a_missing_sample_is_said_by_name(tmp_path: Path) -> None:
    with acting(SYSTEM, Cause.SETUP), pytest.raises(NotFound, match=r"nowhere\.csv"):
        load_demo.call(path=str(tmp_path / "nowhere.csv"))
