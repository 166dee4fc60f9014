"""The overview as most people open it is read and not computed, in every process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import Client

from zhiheng.accounts.models import Person
from zhiheng.desk.tests.logs import BEGIN, DAY_S, put
from zhiheng.indicators.jobs import refresh_mirror
from zhiheng.indicators.mirror import current, store
from zhiheng.indicators.queries import usual_lens
from zhiheng.indicators.queries.figures import counted_figures
from zhiheng.indicators.tests.forgetting import forget_answers
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import from_epoch, frozen
from zhiheng.web.queries.quality import look_of
from zhiheng.web.tests.conftest import House, actor_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_mirror(settings: Any, tmp_path: Path, house: House) -> Iterator[None]:
    settings.MIRROR_ROOT = tmp_path / "mirror"
    with frozen(from_epoch(BEGIN + 60 * DAY_S)):
        with acting(SYSTEM, Cause.SETUP):
            put(tmp_path, 60)
        yield


def as_in_a_new_process(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is remembered; answers the list of what is opened from here on."""
    forget_answers()
    opened: list[str] = []
    connect = duckdb.connect

    def noted(*arguments: Any, **named: Any) -> duckdb.DuckDBPyConnection:
        opened.append("facts")
        return connect(*arguments, **named)

    monkeypatch.setattr(duckdb, "connect", noted)
    return opened


def overview(person: Person, **asked: str) -> Any:
    client = Client()
    client.force_login(person)
    response = client.get("/quality/", asked)
    assert response.status_code == 200
    return response


def test_the_overview_of_a_new_snapshot_is_answered_before_anybody_looks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_mirror.func()
    look, found = look_of(actor_of(house.quality), {}), current()
    assert look is not None
    assert found is not None
    assert look.lens == usual_lens(found)
    assert counted_figures(look.lens).found["response_48h"].figure.measurement.n == 60
    opened = as_in_a_new_process(monkeypatch)
    overview(house.quality)
    assert opened == []


def test_another_question_opens_the_facts_once_and_is_then_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_mirror.func()
    opened = as_in_a_new_process(monkeypatch)
    first = overview(house.quality, period="52", team="North")
    assert opened == ["facts"]
    as_in_a_new_process(monkeypatch)
    del opened[:]
    again = overview(house.quality, period="52", team="North")
    assert opened == []
    assert first.context["rows"] == again.context["rows"]


def test_somebody_who_sees_less_is_not_shown_the_kept_overview(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_mirror.func()
    kept = len(list(store.root().glob("snapshots/*/answers/*")))
    opened = as_in_a_new_process(monkeypatch)
    look = look_of(actor_of(house.requester), {})
    assert look is not None
    assert look.lens.predicate != "true"
    assert counted_figures(look.lens).found["response_48h"].figure.measurement.n == 0
    assert opened == ["facts"]
    assert len(list(store.root().glob("snapshots/*/answers/*"))) == kept + 1
