"""Facts are built a part of the tickets at a time, and are the same in whatever parts."""

from __future__ import annotations

import gzip
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from zhiheng.analyze import readers
from zhiheng.analyze.facts import build as build_case_facts
from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import load as load_mapping
from zhiheng.calendars.queries import NATURAL_TIME
from zhiheng.desk.facts import build as building
from zhiheng.desk.facts.ranking import SequenceRanks
from zhiheng.desk.services import load_history
from zhiheng.desk.tests.logs import BEGIN, DAY_S, put
from zhiheng.indicators.mirror import Manifest, refresh
from zhiheng.measure.flow import build_traces, variants
from zhiheng.processes.queries import kind_named

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parents[4] / "samples" / "servicenow_incident_events.csv.gz"
LINES = 3_000
TABLES = ("tickets", "entries", "clocks", "sources")
CUT = BEGIN + 90 * DAY_S


def sample(folder: Path) -> EventLog:
    """The first incidents of the sample, with all their traps."""
    path = folder / "part.csv"
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as source, path.open("w", encoding="utf-8") as target:
        target.writelines(islice(source, LINES))
    return readers.read([path], mapping=load_mapping("servicenow"), timezone="UTC")


def content(manifest: Manifest, name: str) -> tuple[list[Any], list[Any]]:
    """The columns and rows of a facts table, in the order of the file."""
    relation = duckdb.connect().sql(f"select * from '{manifest.facts[name]}'")
    return list(zip(relation.columns, map(str, relation.types), strict=True)), relation.fetchall()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_mirror")
def test_parts_of_a_sample_make_the_facts_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = sample(tmp_path)
    load_history(log=log, kind=kind_named("incident"), source="servicenow")
    whole = refresh(cut_s=CUT, full=True)
    monkeypatch.setattr(building, "PART", 97)
    monkeypatch.setattr(import_module("zhiheng.indicators.mirror.refresh"), "ENTRIES_AT_ONCE", 1_000)
    parts = refresh(cut_s=CUT, full=True)
    for name in TABLES:
        assert content(parts, name) == content(whole, name), name
    # The rank of a sequence of states is that among all tickets: computed once more over the whole log.
    traces = build_traces(log.case_codes, log.activity_codes, log.times_s)
    expected = sorted(build_case_facts(log, calendar=NATURAL_TIME, cut_s=CUT).columns["variant"].tolist())
    columns, rows = content(parts, "tickets")
    place = [name for name, _type in columns].index("variant")
    assert len(rows) == traces.case_count
    assert sorted(row[place] for row in rows) == expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_mirror")
def test_a_part_may_lack_what_others_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, 4, name="held")
    put(tmp_path, 4, name="loose", team=" ")
    whole = refresh(cut_s=CUT, full=True)
    monkeypatch.setattr(building, "PART", 1)
    parts = refresh(cut_s=CUT, full=True)
    for name in TABLES:
        assert content(parts, name) == content(whole, name), name


def test_sequences_are_ranked_over_all_parts_and_equals_by_the_one_seen_first() -> None:
    # Each letter an activity; c twice as frequent only when both parts are counted.
    parts = (["ab", "ca", "b"], ["c", "b", "ca", "d", "ca"])
    ranks = SequenceRanks()
    numbers = []
    for sequences in parts:
        case = np.repeat(np.arange(len(sequences)), [len(item) for item in sequences])
        activity = np.array([ord(letter) - ord("a") for item in sequences for letter in item])
        traces = build_traces(case, activity, np.arange(len(case)))
        numbers += ranks.numbered(variants(traces)).tolist()
    found = ranks.ranks()[numbers].tolist()
    # ca 3 times, b twice, then ab, c and d once each in the order they come.
    assert found == [3, 1, 2, 4, 2, 1, 5, 1]
