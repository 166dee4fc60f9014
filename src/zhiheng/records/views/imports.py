"""Import in steps: upload, say what the columns are, look at what would change, apply, and undo if need be."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import Cause, acting
from zhiheng.kernel.errors import DomainError, InvalidInput, NotAllowed
from zhiheng.platform.jobs import enqueue
from zhiheng.records.exchange import runs
from zhiheng.records.exchange.columns import importable
from zhiheng.records.exchange.export import BOM
from zhiheng.records.exchange.reading import guarded
from zhiheng.records.fields import field_of
from zhiheng.records.jobs import apply_import, stage_import, undo_import
from zhiheng.records.models import ImportRow, ImportRun, Outcome, RunState
from zhiheng.records.routes import record_url
from zhiheng.records.timeline import names_of, shown
from zhiheng.records.views.base import RecordView

SHOWN_ROWS = 100


class ImportView(RecordView):
    """What all steps share: the right to import, and the run of the person who started it."""

    def demand_import(self) -> None:
        """Refuse whoever may not import, and types without a key."""
        self.demand("import")
        if not self.record_type.import_key:
            raise NotAllowed(_("Records of this type are not imported."))

    def run(self, key: int) -> ImportRun:
        """The run, or 404 for anybody else's."""
        self.demand_import()
        found = runs.run_of(self.actor, self.record_type, key)
        if found is None:
            raise Http404
        return found

    def to_run(self, run: ImportRun) -> HttpResponse:
        """On to the page of the run."""
        return redirect(record_url(self.record_type, "import_run", run=run.pk))


class ImportStart(ImportView):
    """`/cmdb/items/import/`: the upload, and an empty table to begin from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.demand_import()
        if "template" in request.GET:
            return self._template()
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        self.demand_import()
        upload = request.FILES.get("file")
        if upload is None or isinstance(upload, list):
            return self._page(InvalidInput(_("Choose a file.")))
        try:
            with acting(self.actor, Cause.IMPORT):
                return self.to_run(runs.start_run(record_type=self.record_type, upload=upload))
        except DomainError as error:
            return self._page(error)

    def _page(self, error: DomainError | None = None) -> HttpResponse:
        columns = [(column.head, self._is_key(column.info.path)) for column in importable(self.record_type)]
        context = {"error": error, "columns": columns}
        return self.render("records/import_start.html", context, status=422 if error else 200)

    def _is_key(self, name: str) -> bool:
        return name in self.record_type.import_key

    def _template(self) -> HttpResponse:
        heads = [column.head for column in importable(self.record_type)]
        return csv_response([heads], f"{self.record_type.plural_slug}.csv")


class ImportPage(ImportView):
    """`/cmdb/items/import/7/`: mapping, result of the check, difference, apply and undo."""

    def get(self, request: HttpRequest, run: int) -> HttpResponse:
        found = self.run(run)
        if "bad" in request.GET:
            return self._bad_rows(found)
        return self._page(found)

    def post(self, request: HttpRequest, run: int) -> HttpResponse:
        found = self.run(run)
        try:
            self._step(request, found)
        except DomainError as error:
            return self._page(found, error)
        return self.to_run(found)

    def _step(self, request: HttpRequest, run: ImportRun) -> None:
        step, language = request.POST.get("step", ""), get_language() or "en"
        if step == "check":
            mapping = {head: request.POST.get(f"column-{index}", "") for index, head in enumerate(run.heads)}
            runs.set_mapping(run=run, mapping=mapping)
            runs.claim(run=run, expected=RunState(run.state), state=RunState.STAGING)
            if not runs.stage(run=run, limit=runs.INLINE_ROWS):
                self._enqueue(run, stage_import, language)
        elif step == "apply":
            runs.claim(run=run, expected=RunState.STAGED, state=RunState.APPLYING)
            self._enqueue(run, apply_import, language)
        elif step == "undo":
            runs.claim(run=run, expected=RunState.APPLIED, state=RunState.UNDOING)
            self._enqueue(run, undo_import, language)
        else:
            raise InvalidInput(_("There is no such step."), code="step")

    def _enqueue(self, run: ImportRun, task: Any, language: str) -> None:
        run.job_id = enqueue(task, run_id=run.pk, language=language).pk
        run.save(update_fields=["job_id"])

    def _page(self, run: ImportRun, error: DomainError | None = None) -> HttpResponse:
        outcome = self.request.GET.get("outcome", "")
        rows = run.rows.order_by("line")
        if outcome in Outcome.values:
            rows = rows.filter(outcome=outcome)
        found = runs.counts(run)
        context = {
            "run": run,
            "error": error,
            "counts": [(value, words, found[value]) for value, words in Outcome.choices],
            "applied": found["applied"],
            "undone": found["undone"],
            "outcome": outcome,
            "rows": self._with_changes(rows[:SHOWN_ROWS]),
            "mapping": self._mapping(run),
            "steps": _steps(RunState(run.state)),
            "working": run.state in {RunState.STAGING, RunState.APPLYING, RunState.UNDOING},
            "url": record_url(self.record_type, "import_run", run=run.pk),
        }
        return self.render("records/import_run.html", context, status=422 if error else 200)

    def _mapping(self, run: ImportRun) -> list[tuple[int, str, str, list[tuple[str, str]]]]:
        choices = [(column.key, column.head) for column in importable(self.record_type)]
        return [(index, head, run.mapping.get(head, ""), choices) for index, head in enumerate(run.heads)]

    def _with_changes(self, rows: Iterable[ImportRow]) -> list[tuple[ImportRow, list[tuple[str, str, str]]]]:
        """Each row with label, value before and value after of what it would change."""
        held, of_type = list(rows), self.record_type
        names = names_of(of_type, (row.changes for row in held), self.actor)
        return [
            (
                row,
                [
                    (
                        field_of(of_type, name).label,
                        shown(of_type, name, before, names),
                        shown(of_type, name, after, names),
                    )
                    for name, (before, after) in row.changes.items()
                ],
            )
            for row in held
        ]

    def _bad_rows(self, run: ImportRun) -> HttpResponse:
        rows = run.rows.filter(outcome=Outcome.BAD).order_by("line")
        table = [[pgettext("of a file", "line"), _("reason"), *run.heads]]
        table += [[row.line, row.reason, *row.cells] for row in rows]
        return csv_response(table, "rows-to-correct.csv")


def _steps(state: RunState) -> list[tuple[str, str]]:
    """The way of an import, each step with whether it is done, the one at hand or still to come."""
    words = [_("Upload"), _("Columns"), _("Check the difference"), _("Apply"), _("Report and undo")]
    at = {
        RunState.UPLOADED: 1, RunState.STAGING: 2, RunState.STAGED: 2, RunState.APPLYING: 3,
    }.get(state, len(words) - 1)  # fmt: skip
    return [
        (step, "done" if place < at else "now" if place == at else "") for place, step in enumerate(words)
    ]


def csv_response(table: list[list[Any]], name: str) -> HttpResponse:
    """A small table as a download."""
    stream = io.StringIO()
    stream.write(BOM)
    csv.writer(stream).writerows([[guarded(cell) for cell in row] for row in table])
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(stream.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
