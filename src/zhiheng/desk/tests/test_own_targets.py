"""Own targets and exemptions on a small desk: judged as `analyze` judges, past verdicts kept, both figures shown."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from zhiheng.analyze.command import main
from zhiheng.desk.tests.test_mirror import BEGIN, DAY_S, log_of, put
from zhiheng.indicators.mirror import Manifest, refresh
from zhiheng.indicators.models import StoredMeasurement, Target
from zhiheng.indicators.queries import (
    Lens,
    diagnoses,
    figures,
    judged_figures,
    judged_groups,
    judged_with_exempt,
    tickets_behind,
)
from zhiheng.indicators.services import replay, store_figures
from zhiheng.indicators.tests.forgetting import forget_answers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_mirror"),
]
END = BEGIN + 31 * DAY_S


def mirrored(folder: Path) -> Manifest:
    put(folder, 60)
    return refresh(cut_s=BEGIN + 90 * DAY_S)


def look(manifest: Manifest, **more: Any) -> Lens:
    return Lens(manifest.id, BEGIN, END, BEGIN + 90 * DAY_S, zone="UTC", **more)


def test_the_same_target_gives_the_same_verdict_in_both_programs(tmp_path: Path) -> None:
    """Every case is answered within the hour and restored after four: own targets turn both verdicts."""
    own = {"mean_response": 0.5, "mean_restore": 3.0}
    Target.objects.bulk_create(
        Target(indicator=name, value=value, in_force_from=date(2026, 1, 15)) for name, value in own.items()
    )
    lens = look(mirrored(tmp_path))
    log_of(tmp_path, 60)
    path = tmp_path / "targets.toml"
    path.write_text(
        "".join(f"[[{name}]]\ntarget = {value}\nfrom = 2026-01-15\n" for name, value in own.items()),
        encoding="utf-8",
    )
    out = tmp_path / "out.json"
    options = ["--mapping", tmp_path / "mapping.toml", "--timezone", "UTC", "--to", "2026-02-01"]
    arguments = [tmp_path / "log.csv", *options, "--targets", path, "--json", out]
    assert main([str(each) for each in arguments]) == 0
    told = json.loads(out.read_text(encoding="utf-8"))["indicators"]
    found, shipped = judged_figures(lens, trends=False), figures(lens, trends=False)
    for name, value in own.items():
        figure = found[name].figure
        assert figure.target is not None
        assert (figure.target.value, figure.verdict.state) == (value, "not_met")
        assert (told[name]["target"], told[name]["verdict"]) == (value, "not_met")
        assert told[name]["value"] == figure.measurement.value
        assert shipped[name].figure.verdict.state == "met"


def test_a_new_target_is_seen_at_once_and_leaves_past_periods_alone(tmp_path: Path) -> None:
    lens = look(mirrored(tmp_path))
    before = judged_figures(lens)["mean_restore"]
    assert {point.verdict.state for point in before.trend} <= {"met", "not_enough_data"}
    Target.objects.create(indicator="mean_restore", value=3.0, in_force_from=date(2026, 1, 19))
    after = judged_figures(lens)["mean_restore"]
    assert after.figure.verdict.state == "not_met"
    # Weeks from Monday the 5th: those that end on the 11th and 18th keep the shipped 4 h.
    aims = [point.target.value for point in after.trend if point.target]
    assert aims == [4.0, 4.0, 3.0]


def test_a_group_is_judged_by_its_own_target(tmp_path: Path) -> None:
    lens = look(mirrored(tmp_path))
    held = judged_groups(lens, "mean_restore", "priority")
    name = next(iter(held))
    Target.objects.create(
        indicator="mean_restore",
        scope="priority",
        group=name or "1",
        value=3.0,
        in_force_from=date(2026, 1, 1),
    )
    judged = judged_groups(lens, "mean_restore", "priority")
    expected = {"not_met"} if name else {"met"}
    assert {judged[name].verdict.state} == expected
    assert judged_figures(lens, trends=False)["mean_restore"].figure.verdict.state == "met"


def test_tickets_behind_a_figure_and_what_customers_bear_follow_the_target_in_force(tmp_path: Path) -> None:
    lens = look(mirrored(tmp_path))
    # Every case is restored after four hours: none speaks against the shipped 4 h, each against 3 h, by an hour.
    assert tickets_behind(lens, "mean_restore") == []
    shipped = diagnoses(lens)["D04"].burden
    Target.objects.create(indicator="mean_restore", value=3.0, in_force_from=date(2026, 1, 1))
    Target.objects.create(indicator="mean_restore", value=1.0, in_force_from=date(2026, 2, 2))
    assert len(tickets_behind(lens, "mean_restore")) == 60
    own = diagnoses(lens)["D04"].burden
    assert shipped is not None
    assert own is not None
    assert (shipped.total, own.total) == (0, 60 * 3600)
    assert own.avoidable == pytest.approx(60 * 3600 / 4)


def test_tickets_behind_the_figure_of_a_group_follow_its_own_target(tmp_path: Path) -> None:
    lens = look(mirrored(tmp_path))
    Target.objects.create(
        indicator="mean_restore", scope="team", group="North", value=3.0, in_force_from=date(2026, 1, 1)
    )
    assert len(tickets_behind(lens.narrowed(team="North"), "mean_restore")) == 30
    assert tickets_behind(lens.narrowed(team="South"), "mean_restore") == []
    groups = judged_groups(lens, "mean_restore", "team")
    assert {name: figure.verdict.state for name, figure in groups.items()} == {
        "North": "not_met",
        "South": "met",
    }


def test_a_published_figure_keeps_the_target_that_judged_it(tmp_path: Path) -> None:
    manifest = mirrored(tmp_path)
    Target.objects.create(indicator="mean_restore", value=3.0, in_force_from=date(2026, 1, 1))
    assert store_figures(manifest, from_s=BEGIN, to_s=END)
    row = StoredMeasurement.objects.get(indicator="mean_restore", scope="all")
    assert (row.verdict, row.judged_by["target"], row.judged_by["tag"]) == ("not_met", 3.0, "own")
    # Somebody enters a target for the past afterwards: what was published stands, and replays.
    Target.objects.create(indicator="mean_restore", value=9.0, in_force_from=date(2026, 1, 20))
    assert replay(row) == []
    row.judged_by = {}  # published before targets were kept: by the definition's
    assert [difference.field for difference in replay(row)] == ["verdict"]


def test_figures_with_and_without_exempt_tickets(tmp_path: Path) -> None:
    manifest = mirrored(tmp_path)
    assert judged_with_exempt(look(manifest)).recorded is False
    exempted(manifest, "ticket_id % 10 = 0")
    forget_answers(manifest.id)
    lens = look(manifest)
    exempt = judged_with_exempt(lens)
    without = judged_figures(lens, trends=False)["mean_restore"].figure.measurement
    assert (exempt.recorded, exempt.tickets) == (True, 6)
    assert (without.n, exempt.figures["mean_restore"].measurement.n) == (54, 60)


def test_where_nothing_is_exempt_nothing_is_measured_twice(tmp_path: Path) -> None:
    manifest = mirrored(tmp_path)
    exempted(manifest, "false")
    found = judged_with_exempt(look(manifest))
    assert (found.recorded, found.tickets, found.figures) == (True, 0, {})


def exempted(manifest: Manifest, condition: str) -> None:
    """Facts in which some tickets are exempt: the platform's own with one column more."""
    path = manifest.facts["tickets"]
    with duckdb.connect() as connection:
        connection.execute(f"create table held as select *, {condition} as exempt from '{path}'")
        connection.execute(f"copy held to '{path}' (format parquet)")
    forget_answers(manifest.id)
