"""Long work of the machinery: checking, applying and undoing an import, a large export, new search documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from zhiheng.kernel.actor import current
from zhiheng.platform.files import store
from zhiheng.platform.jobs import job, progress
from zhiheng.records.exchange import export, runs
from zhiheng.records.listing.request import read_request
from zhiheng.records.models import ImportRun
from zhiheng.records.registry import registry
from zhiheng.records.search.index import rebuild


@job(title=_("Check an import"))
def stage_import(*, run_id: int, language: str) -> dict[str, int]:
    """Check every line of the file."""
    run = ImportRun.objects.get(pk=run_id)
    with override(language):
        runs.stage(run=run)
    return runs.counts(run)


@job(title=_("Apply an import"))
def apply_import(*, run_id: int, language: str) -> dict[str, int]:
    """Write what the lines say."""
    with override(language):
        return runs.apply(run=ImportRun.objects.get(pk=run_id))


@job(title=_("Undo an import"))
def undo_import(*, run_id: int, language: str) -> dict[str, int]:
    """Take back what the run wrote."""
    with override(language):
        return runs.undo(run=ImportRun.objects.get(pk=run_id))


@job(title=_("Export"))
def export_records(
    *, label: str, query: str, format_: str, all_fields: bool, language: str
) -> dict[str, Any]:
    """Write a large export into the store; it is swept after a day."""
    record_type, actor = registry[label], current().actor
    counted = 0
    with override(language):
        asked = read_request(record_type, dict(QueryDict(query).lists()), actor)
        sheet = export.Sheet(asked, actor, all_fields=all_fields)

        def rows() -> Any:
            nonlocal counted
            for row in sheet.rows():
                counted += 1
                if counted % 500 == 0:
                    progress(done=counted, note=str(record_type.title_plural))
                yield row

        if format_ == "csv":
            chunks: Iterator[bytes] = (part.encode() for part in export.csv_lines(sheet.heads(), rows()))
        else:
            chunks = iter([export.xlsx_file(sheet.heads(), rows())])
        name = f"{record_type.plural_slug}.{format_}"
        content = store.write(chunks, name=name)
        export.note_export(record_type, rows=counted, format_=format_, query=query)
    return {"sha256": content.sha256, "name": name, "rows": counted}


@job(title=_("Write search documents anew"), unique=lambda label: label)
def rebuild_search(*, label: str) -> dict[str, int]:
    """All search documents of a record type."""
    return {"records": rebuild(registry[label])}
