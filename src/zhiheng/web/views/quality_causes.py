"""Defects × the causes that the sources name: how many tickets carry the evidence, and how each cause stands."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhiheng.analyze.report.diagnosis import causes_matrix
from zhiheng.definitions.definition import ROOTS
from zhiheng.definitions.diagnosis import Diagnosis
from zhiheng.kernel.text import localized
from zhiheng.ui.components import Cell, Column, Table, TableRow
from zhiheng.ui.formatting import number
from zhiheng.web.queries.quality import Look
from zhiheng.web.queries.quality_figures import capital
from zhiheng.web.queries.quality_texts import CAUSE_STATES


def causes_table(found: Sequence[Diagnosis], look: Look) -> Table:
    """One row a defect, one column a cause; a cell opens the defect."""
    matrix = causes_matrix(found)
    return Table(
        id="matrix",
        label=_("Defects and their causes"),
        columns=(
            Column(name="defect", label=_("Defect"), fill=True),
            *(
                Column(name=root, label=capital(localized(name)), numeric=True)
                for root, name in ROOTS.items()
            ),
        ),
        rows=tuple(_row(item, matrix[item.defect.id], look) for item in found),
    )


def _row(item: Diagnosis, cells: dict[str, dict[str, int | None]], look: Look) -> TableRow:
    url = reverse("quality:defect", args=[item.defect.id.lower()]) + look.query()
    return TableRow(
        id=item.defect.id,
        cells=(
            Cell(capital(localized(item.defect.name)), url=url),
            *(_cell(cells.get(root)) for root in ROOTS),
        ),
    )


def _cell(cell: dict[str, int | None] | None) -> Cell:
    if cell is None:
        return Cell("")
    if cell["supported"]:
        return Cell(_tickets(cell), tone=CAUSE_STATES["supported"][1], icon="alert-circle")
    if cell["not_supported"]:
        return Cell(_tickets(cell), tone=CAUSE_STATES["not_supported"][1], icon="check")
    return Cell(_("typical"), muted=True)


def _tickets(cell: dict[str, int | None]) -> str:
    """The tickets with the evidence; a cause that is seen in weeks or the like counts none."""
    return pgettext("evidence of a cause", "yes") if cell["tickets"] is None else number(cell["tickets"])
