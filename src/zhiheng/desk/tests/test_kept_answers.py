"""Kept answers are the computed ones, belong to one lens, and go with what they depend on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from zhiheng.desk.tests.logs import BEGIN, DAY_S, put
from zhiheng.indicators.jobs import refresh_mirror
from zhiheng.indicators.mirror import Manifest, answers, current, refresh, store
from zhiheng.indicators.queries import (
    FILTERED_BY,
    LATE,
    Lens,
    course_of,
    figures,
    flow_of,
    kept,
    lens_for,
)
from zhiheng.indicators.queries.choices import choices_of
from zhiheng.indicators.queries.diagnoses import counted_diagnoses
from zhiheng.indicators.queries.figures import counted_by_group, counted_figures
from zhiheng.kernel.actor import SYSTEM

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_mirror"),
]
QUESTIONS: tuple[tuple[kept.Kept[..., Any], tuple[Any, ...]], ...] = (
    (counted_figures, ()),
    (counted_figures, (("response_48h",),)),
    (counted_by_group, (LATE, "team")),
    (counted_by_group, ("response_48h", "priority")),
    (counted_diagnoses, ()),
    (course_of, ()),
    (flow_of, ()),
    *((choices_of, (scope,)) for scope in FILTERED_BY),
)


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    put(tmp_path, 60)
    return refresh(cut_s=BEGIN + 90 * DAY_S)


def whole(snapshot: str, **more: Any) -> Lens:
    return Lens(snapshot, BEGIN, BEGIN + 40 * DAY_S, BEGIN + 90 * DAY_S, **more)


def forget() -> None:
    """What a new process knows: nothing."""
    for question, _arguments in QUESTIONS:
        question.cache_clear()


def kept_files() -> list[str]:
    return sorted(path.name for path in store.root().glob("snapshots/*/answers/*"))


def no_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nothing can be counted."""

    def refused(*_arguments: object, **_named: object) -> None:
        raise AssertionError("facts were opened")

    monkeypatch.setattr(duckdb, "connect", refused)


@pytest.mark.parametrize("filters", [(), (("team", "North"),)])
@pytest.mark.parametrize("predicate", ["true", "ticket_id % 3 = 0"])
def test_a_kept_answer_is_the_computed_one(
    manifest: Manifest, filters: Any, predicate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lens = whole(manifest.id, filters=filters, predicate=predicate)
    for question, arguments in QUESTIONS:
        question(lens, *arguments)
    computed = [question.computed(lens, *arguments) for question, arguments in QUESTIONS]
    forget()
    no_facts(monkeypatch)
    read = [question(lens, *arguments) for question, arguments in QUESTIONS]
    assert read == computed
    # Equal to the bit and in kind: repr tells what == does not.
    assert repr(read) == repr(computed)
    assert any(item.figure.measurement.value is not None for item in figures(lens).values())


def test_whoever_may_see_other_tickets_never_gets_a_kept_answer_of_somebody_else(manifest: Manifest) -> None:
    lens = whole(manifest.id)
    assert figures(lens)["response_48h"].figure.measurement.n == 60
    forget()
    fewer = replace(lens, predicate="ticket_id % 3 = 0")
    same_words = replace(
        lens, predicate="list_contains($grant_0, ticket_id)", parameters=(("grant_0", (-1,)),)
    )
    other_ids = replace(same_words, parameters=(("grant_0", (-2,)),))
    assert figures(fewer)["response_48h"].figure.measurement.n == 20
    assert figures(same_words)["response_48h"].figure.measurement.n == 0
    looks = (
        lens,
        fewer,
        same_words,
        other_ids,
        lens.narrowed(team="North"),
        replace(lens, to_s=lens.to_s - 1),
    )
    assert len({counted_figures.key(look) for look in looks}) == len(looks)
    # Who looks changes what is held back, not what is counted.
    assert counted_figures.key(lens) == counted_figures.key(whole(manifest.id, teams=frozenset()))


def test_an_answer_about_two_people_is_kept_but_shown_to_them_only(tmp_path: Path) -> None:
    put(tmp_path, 60, team="Pair", people=2)
    snapshot = refresh(cut_s=BEGIN + 90 * DAY_S).id
    own = figures(whole(snapshot, filters=(("team", "Pair"),), teams=frozenset({"Pair"})))["response_48h"]
    assert own.figure.measurement.value == 1.0
    forget()
    theirs = figures(whole(snapshot, filters=(("team", "Pair"),)))["response_48h"]
    assert theirs.suppressed
    assert theirs.figure.measurement.value is None
    assert theirs.trend == ()


def test_an_answer_is_computed_again_when_a_definition_changes(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    lens = whole(manifest.id)
    before = counted_figures.key(lens)
    figures(lens)
    forget()
    held = kept.indicators()
    changed = {**held, "response_48h": replace(held["response_48h"], hash="0" * 64)}
    monkeypatch.setattr(kept, "indicators", lambda: changed)
    kept.definitions_hash.cache_clear()
    assert counted_figures.key(lens) != before
    figures(lens)
    assert len(kept_files()) == 2
    monkeypatch.undo()
    kept.definitions_hash.cache_clear()


@pytest.mark.parametrize("content", [b"", b"no archive", b"x\x9c\xab6\x04\x00\x002\x002", None])
def test_a_kept_answer_that_cannot_be_read_is_computed_again(
    manifest: Manifest, content: bytes | None
) -> None:
    lens = whole(manifest.id)
    found = figures(lens)
    (path,) = store.root().glob("snapshots/*/answers/*")
    if content is None:  # of a class that an older program knew
        answers.keep(manifest.id, counted_figures.key(lens), {"some.Older": []})
    else:
        path.write_bytes(content)
    forget()
    assert figures(lens) == found


def test_no_more_answers_are_kept_than_a_snapshot_may_hold(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST", 3)
    lens = whole(manifest.id)
    for number in range(5):
        found = figures(lens.narrowed(team=f"nobody {number}"), trends=False)
        assert found["response_48h"].figure.measurement.n == 0
    assert len(kept_files()) == 3


def test_an_answer_of_a_swept_snapshot_is_gone_with_it(manifest: Manifest) -> None:
    lens = whole(manifest.id)
    figures(lens)
    for _each in range(3):
        refresh(cut_s=BEGIN + 90 * DAY_S)
    assert manifest.id in store.sweep(now_s=2**40, pinned=())
    forget()
    with pytest.raises(FileNotFoundError):
        figures(lens)
    answers.keep(manifest.id, "late", [])
    assert answers.read(manifest.id, "late") is None


def test_facts_whose_questions_cannot_be_answered_are_not_shown(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_lens: Lens) -> None:
        raise ValueError("no such column")

    put(tmp_path, 3, name="more")
    monkeypatch.setattr("zhiheng.indicators.jobs.answer_overview", broken)
    with pytest.raises(ValueError, match="column"):
        refresh_mirror.func()
    held = current()
    assert held is not None
    assert held.id == manifest.id
    assert [path.name for path in (store.root() / "snapshots").iterdir()] == [manifest.id]


def test_a_lens_with_many_visible_tickets_reads_them_where_they_lie(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    lens = lens_for(SYSTEM, manifest, from_s=BEGIN, to_s=BEGIN + 40 * DAY_S)
    limited = replace(lens, predicate="ticket_id % 3 = 0")
    brought = [question.computed(limited, *arguments) for question, arguments in QUESTIONS]
    monkeypatch.setattr("zhiheng.indicators.queries.opening.BROUGHT_AT_MOST", 0)
    assert [question.computed(limited, *arguments) for question, arguments in QUESTIONS] == brought
