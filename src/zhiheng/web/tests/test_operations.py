"""Jobs, journal, health and error pages: who may see and steer them, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.utils.translation import override

from zhiheng.kernel.actor import SYSTEM, ActorKind, Cause, acting, current
from zhiheng.kernel.time import now
from zhiheng.platform.jobs import run_waiting_jobs
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.models.jobs import Job, JobState, Worker
from zhiheng.platform.models.journal import Entry, Parked, ParkedState
from zhiheng.web.queries import health, ledger
from zhiheng.web.queries.health import BeatWatch
from zhiheng.web.tests.conftest import House, signed_in
from zhiheng.web.views import errors

pytestmark = pytest.mark.slow


def job_of(person_id: int | None, state: str = JobState.DEAD, **given: object) -> Job:
    """A row as a worker left it."""
    kind = ActorKind.PERSON if person_id else ActorKind.SYSTEM
    values = {"path": "zhiheng.web.jobs.load_demo", "error": "Traceback\nValueError: no such file", **given}
    return Job.objects.create(
        state=state,
        actor_kind=kind.value,
        actor_id=person_id,
        correlation=uuid4(),
        enqueued_at=now(),
        **values,
    )  # type: ignore[misc]


def parked() -> Parked:
    entry = Entry.objects.order_by("id").first()
    assert entry is not None
    return Parked.objects.create(
        handler="notifications", partition=0, entry_id=entry.pk, record_type=entry.record_type, record_id=1,
        state=ParkedState.DEAD, attempts=8, error="ValueError: broken", parked_at=now(),
    )  # fmt: skip


def test_people_see_their_own_jobs_administrators_all(house: House) -> None:
    own, other = job_of(house.agent.pk), job_of(None)
    seen = {
        person.username: [signed_in(person).get(f"/jobs/{job.pk}/").status_code for job in (own, other)]
        for person in (house.agent, house.system, house.auditor, house.stranger)
    }
    assert seen == {"agent": [200, 404], "system": [200, 200], "auditor": [200, 200], "stranger": [404, 404]}


def test_trying_again_and_cancelling(house: House) -> None:
    job = job_of(house.agent.pk)
    assert signed_in(house.auditor).post(f"/jobs/{job.pk}/retry/").status_code == 403
    signed_in(house.agent).post(f"/jobs/{job.pk}/retry/")
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    signed_in(house.system).post(f"/jobs/{job.pk}/cancel/")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_a_job_shows_progress_rest_log_and_result(house: House) -> None:
    started = now()
    running = job_of(
        house.system.pk, JobState.RUNNING, owner=uuid4(), attempted_at=started, progress_done=30, progress_total=60,
        log="thirty done", error="",
    )  # fmt: skip
    page = signed_in(house.system).get(f"/jobs/{running.pk}/").content.decode()
    assert "30 / 60" in page
    assert "thirty done" in page
    done = job_of(house.system.pk, JobState.DONE, result={"link": "/desk/tickets/"})
    unsafe = job_of(house.system.pk, JobState.DONE, result={"link": "//evil.example/"})
    assert 'href="/desk/tickets/">Result' in signed_in(house.system).get(f"/jobs/{done.pk}/").content.decode()
    assert "evil.example" not in signed_in(house.system).get(f"/jobs/{unsafe.pk}/").content.decode()


def test_polling_gets_the_card_alone(house: House) -> None:
    job = job_of(house.system.pk)
    page = signed_in(house.system).get(f"/jobs/{job.pk}/?part=card", headers={"HX-Request": "true"})
    assert page.content.decode().strip().startswith('<div class="card job')


def test_the_counter_counts_live_jobs_with_an_etag(house: House) -> None:
    job_of(house.system.pk, JobState.WAITING)
    client = signed_in(house.system)
    first = client.get("/ui/counters/")
    assert first.json()["jobs"] == "1"
    assert client.get("/ui/counters/", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_states_are_tabs_and_the_list_pages(house: House) -> None:
    for _count in range(31):
        job_of(None)
    client = signed_in(house.system)
    first = client.get("/jobs/?state=dead")
    assert len(first.context["jobs"]) == 30
    assert len(client.get(f"/jobs/?state=dead&before={first.context['older']}").context["jobs"]) == 1
    assert not client.get("/jobs/?state=done").context["jobs"]


def test_only_auditors_read_the_journal(house: House) -> None:
    people = (house.auditor, house.system, house.agent, house.quality, house.requester)
    seen = {person.username: signed_in(person).get("/journal/").status_code for person in people}
    assert seen == {"auditor": 200, "system": 403, "agent": 403, "quality": 403, "requester": 403}


def test_entries_are_found_by_every_filter(house: House) -> None:
    ticket = house.asked()
    entry = Entry.objects.get(act="desk.ticket.opened")
    client = signed_in(house.auditor)
    today = now().date().isoformat()
    for query in (
        {"record_type": "desk.ticket", "record_id": ticket.pk}, {"act": "desk.ticket"}, {"username": "requester"},
        {"cause": "portal", "since": "2000-01-01", "until": "2999-01-01"}, {"correlation": str(entry.correlation)},
    ):  # fmt: skip
        found = client.get("/journal/", query).context["lines"]
        assert entry.pk in [line["view"].id for line in found], query
        fields = next(line["fields"] for line in found if line["view"].id == entry.pk)
        assert {"Requester", "Priority"} <= set(fields.split(", ")), (
            "fields are called as on the record's page"
        )
    for query in (
        {"act": "desk.ticket", "until": "2000-01-01"},
        {"username": "nobody"},
        {"act": "x", "since": today},
    ):
        assert client.get("/journal/", query).context["lines"] == []


def test_an_entry_shows_before_and_after(house: House) -> None:
    house.asked("The title that was typed")
    entry = Entry.objects.get(act="desk.ticket.opened")
    response = signed_in(house.auditor).get(f"/journal/{entry.pk}/")
    assert ("title", "Title", "—", "The title that was typed") in response.context["changes"]
    assert [line["view"].act for line in response.context["siblings"]] == ["desk.message.created"]
    assert signed_in(house.auditor).get("/journal/999999/").status_code == 404


def test_dead_letters_are_replayed_by_the_system_administrator(house: House) -> None:
    letter = parked()
    page = signed_in(house.auditor).get("/journal/state/").content.decode()
    assert "ValueError: broken" in page
    assert f"{letter.record_type} {letter.record_id}" not in page, (
        "a record is named in words, not by its table"
    )
    assert (
        signed_in(house.auditor).post("/journal/state/letters/", {"selected": letter.pk}).status_code == 403
    )
    signed_in(house.system).post("/journal/state/letters/", {"selected": letter.pk, "replay": "1"})
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (ParkedState.RETRY, 0)


def test_dead_letters_can_be_forgotten(house: House) -> None:
    letter = parked()
    signed_in(house.system).post("/journal/state/letters/", {"selected": letter.pk, "drop": "1"})
    assert not Parked.objects.exists()


def test_handlers_say_how_far_they_are(house: House) -> None:
    parked()
    state = {each.name: each for each in ledger.handler_states()}["notifications"]
    assert (state.dead, state.waiting, state.leased) == (1, 0, False)


@pytest.fixture
def home(settings: object, tmp_path: object) -> Iterator[None]:
    """Keys and signed heads lie in a folder of the test."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    yield


def test_verification_is_a_job_and_its_result_is_shown(house: House, home: None) -> None:
    assert seal_journal().entries > 0
    signed_in(house.system).post("/journal/state/verify/")
    run_waiting_jobs()
    response = signed_in(house.system).get("/journal/state/")
    assert response.context["result"]["problems"] == 0
    assert response.context["seal"].sealed_to == response.context["result"]["anchored_to"] > 0


def test_health_names_what_is_wrong(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "WATCH", BeatWatch())
    assert Client().get("/healthz").json()["problems"] == ["no_worker"]
    Worker.objects.create(name="test", beat=1, started_at=now())
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    monkeypatch.setattr(health, "_is_migrated", lambda: False)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["migrations"])


def test_health_answers_without_a_database(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> bool:
        raise DatabaseError("gone")

    monkeypatch.setattr(health, "_is_migrated", lost)
    monkeypatch.setattr(health.connection, "close", lambda: None)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["database"])


def test_a_beat_that_stands_still_grows_old() -> None:
    watch, one, two = BeatWatch(), uuid4(), uuid4()
    assert watch.age_s({}, at_s=0.0) is None
    assert watch.age_s({one: 5}, at_s=10.0) == 0.0
    assert watch.age_s({one: 5}, at_s=80.0) == 70.0
    assert watch.age_s({one: 6}, at_s=81.0) == 0.0
    assert watch.age_s({one: 6, two: 1}, at_s=90.0) == 0.0
    assert watch.age_s({one: 6}, at_s=90.0) == 9.0


def test_settings_list_only_what_a_person_may_open(house: House) -> None:
    def titles(person: object) -> set[str]:
        areas = signed_in(person).get("/settings/").context["areas"]  # type: ignore[arg-type]
        return {str(area.title) for area, _links in areas}

    assert "People and access" in titles(house.system)
    assert "Configuration" in titles(house.auditor)
    assert "Configuration" not in titles(house.system)


def test_robots_and_icon() -> None:
    assert b"Disallow: /" in Client().get("/robots.txt").content
    assert Client().get("/favicon.ico")["Location"].endswith("mark.svg")


def test_a_broken_page_says_what_is_safe_and_needs_no_database(caplog: pytest.LogCaptureFixture) -> None:
    # No `db` fixture: any query would fail the test.
    with acting(SYSTEM, Cause.PAGE):
        reference = str(current().correlation)
        response = errors.broken(RequestFactory().get("/desk/tickets/7/", headers={"accept-language": "en"}))
    page = response.content.decode()
    assert response.status_code == 500
    assert "What you had saved before is safe" in page
    assert reference in page
    assert reference in caplog.text


def test_a_broken_page_speaks_the_language_asked_for_and_needs_no_template(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    request = RequestFactory().get("/<b>/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    with override("en"):
        page = errors.broken(request).content.decode()
    assert "我们这边出了错" in page
    assert 'lang="zh-CN"' in page

    def fail(*_given: object) -> str:
        raise OSError("the disk is gone")

    monkeypatch.setattr(errors, "render_to_string", fail)
    response = errors.broken(request)
    assert response.status_code == 500
    assert "我们这边出了错" in response.content.decode()
    assert "is broken too" in caplog.text


def test_too_large_forged_and_missing(house: House, settings: object) -> None:
    client = signed_in(house.requester)
    missing = client.get("/nowhere/")
    assert missing.status_code == 404
    assert "There is nothing here" in missing.content.decode()
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3  # type: ignore[attr-defined]
    large = client.post("/portal/new/", {str(number): "x" for number in range(9)})
    assert large.status_code == 413
    assert "Too large" in large.content.decode()
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    strict.force_login(house.requester)
    forged = strict.post("/portal/new/", {"title": "x"})
    assert forged.status_code == 403
    assert "Please send it again" in forged.content.decode()
