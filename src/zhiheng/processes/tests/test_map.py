"""The drawn map of a version."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.processes import services
from zhiheng.processes.panels import map_of
from zhiheng.processes.queries import active_version, kind_named
from zhiheng.processes.rules import read_definition


@pytest.mark.django_db
def test_a_map_names_its_moves_and_counts_none() -> None:
    with acting(SYSTEM, Cause.SETUP), override("en"):
        services.install_processes()
        version = active_version(kind=kind_named("incident"))
        definition = read_definition(version.document)
        drawn = map_of(version, definition)
        page = render_to_string("ui/components/process_map.html", {"it": drawn})
    assert len(drawn.arcs) == len(definition.transitions)
    assert {arc.count for arc in drawn.arcs} == {None}
    assert [node.id for node in drawn.nodes if node.kind == "start"] == [definition.start]
    assert "merged" not in {node.id for node in drawn.nodes}  # no move of the process leads there
    assert any(str(arc.label).endswith("(solution)") for arc in drawn.arcs)
    assert ">Count<" not in page
    assert ">From<" in page
