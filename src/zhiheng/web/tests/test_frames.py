"""Pages that belong to everybody stand in the frame of whoever opens them; figures lead to the desk's list."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.utils.translation import override

from zhiheng.desk.models import Ticket
from zhiheng.kernel.time import now
from zhiheng.platform.models.jobs import JobState
from zhiheng.records.registry import record_words
from zhiheng.web.queries.quality import Look
from zhiheng.web.queries.quality_desk import overdue_url
from zhiheng.web.tests.conftest import House, signed_in
from zhiheng.web.tests.test_operations import job_of

pytestmark = pytest.mark.slow

OWN_PAGES = (
    "/accounts/me/", "/accounts/notifications/", "/accounts/tokens/", "/accounts/two-factor/", "/jobs/",
)  # fmt: skip


@pytest.mark.parametrize("url", OWN_PAGES)
def test_own_pages_keep_a_requester_in_the_portal(house: House, url: str) -> None:
    theirs = signed_in(house.requester).get(url).content.decode()
    assert ('class="portal-top"' in theirs, 'id="nav"' in theirs) == (True, False)
    ours = signed_in(house.agent).get(url).content.decode()
    assert ('class="portal-top"' in ours, 'id="nav"' in ours) == (False, True)


def test_a_refusal_leads_on(house: House) -> None:
    answer = signed_in(house.requester).get("/processes/processes/")
    assert answer.status_code == 403
    assert "To the start page" in answer.content.decode()


def look(**chosen: str) -> Look:
    """A look with these filters, over no facts."""
    return Look(cast("Any", None), cast("Any", SimpleNamespace(chosen=chosen)), "13")


def test_a_figure_leads_to_what_is_overdue_now(house: House) -> None:
    url = overdue_url(look(priority="1", service="network"), team=house.team.name)
    assert url == (
        f"/desk/tickets/?team={house.team.pk}&service={house.network.pk}&priority=1&due=overdue&order=next_due_at"
    )
    assert overdue_url(look()) == "/desk/tickets/?due=overdue&order=next_due_at"


def test_the_desk_takes_the_filters_of_a_figure(house: House) -> None:
    late, later = house.asked("Late"), house.asked("Not late")
    Ticket.objects.filter(pk=late.pk).update(next_due_at=now() - timedelta(hours=1))
    Ticket.objects.filter(pk=later.pk).update(next_due_at=now() + timedelta(hours=9))
    page = signed_in(house.agent).get(overdue_url(look(), team=house.team.name)).content.decode()
    assert (late.number in page, later.number in page) == (True, False)
    assert 'role="alert"' not in page


def test_a_finished_job_says_when_and_how_long(house: House) -> None:
    ended = now() - timedelta(minutes=5)
    job_of(
        house.agent.pk, JobState.DONE, error="", attempted_at=ended - timedelta(seconds=42), finished_at=ended
    )
    assert "5\u00a0min ago · 42\u00a0s" in signed_in(house.agent).get("/jobs/").content.decode()


def test_the_journal_calls_records_by_their_names() -> None:
    with override("en"):
        assert record_words("desk.ticket") == "ticket"
        assert record_words("desk.message") == "message"  # a model without pages
    assert record_words("gone.model") == "gone.model"
