"""Export of the list as it is filtered: at once while it is short, by a job when it is long."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import current
from zhiheng.platform.files import store
from zhiheng.platform.jobs import enqueue
from zhiheng.platform.models import Job
from zhiheng.records.exchange import export
from zhiheng.records.jobs import export_records
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.rows import count_rows
from zhiheng.records.routes import record_url
from zhiheng.records.views.base import RecordView


class Export(RecordView):
    """`/cmdb/items/export/?format=csv` with the filters of the list; `fields=all` for every field."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        self.demand("export")
        format_ = export.known_format(request.GET.get("format", "csv"))
        parameters = request.GET.copy()
        all_fields = parameters.pop("fields", [""])[-1] == "all"
        asked = read_request(self.record_type, dict(parameters.lists()), self.actor)
        count = count_rows(asked, self.actor, cap=export.INLINE_ROWS)
        if count.capped:
            return self._by_job(parameters.urlencode(), format_, all_fields=all_fields)
        sheet = export.Sheet(asked, self.actor, all_fields=all_fields)
        export.note_export(self.record_type, rows=count.value, format_=format_, query=parameters.urlencode())
        return self._file(sheet, format_)

    def _file(self, sheet: export.Sheet, format_: str) -> HttpResponseBase:
        rows = list(sheet.rows())  # read while the person's grants and language are in force
        name = f"{self.record_type.plural_slug}.{format_}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if format_ == "csv":
            lines = (part.encode() for part in export.csv_lines(sheet.heads(), rows))
            return StreamingHttpResponse(lines, content_type=export.FORMATS[format_], headers=headers)
        content = export.xlsx_file(sheet.heads(), rows)
        return HttpResponse(content, content_type=export.FORMATS[format_], headers=headers)

    def _by_job(self, query: str, format_: str, *, all_fields: bool) -> HttpResponse:
        job = enqueue(
            export_records,
            label=self.record_type.label,
            query=query,
            format_=format_,
            all_fields=all_fields,
            language=get_language() or "en",
        )
        messages.info(self.request, _("The list is long: the file is being written."))
        return redirect(record_url(self.record_type, "exported", job=job.pk))


class Exported(RecordView):
    """The export job of this person: its progress, then the file."""

    def get(self, request: HttpRequest, job: int) -> HttpResponseBase:
        actor = current().actor
        found = Job.objects.filter(pk=job, actor_kind=actor.kind, actor_id=actor.id).first()
        if found is None:
            raise Http404
        if "download" in request.GET and found.result:
            return self._download(found)
        return self.render("records/exported.html", {"job": found})

    def _download(self, job: Job) -> HttpResponseBase:
        result: dict[str, Any] = job.result or {}
        name = str(result["name"])
        try:
            stream = store.path_of(str(result["sha256"])).open("rb")
        except FileNotFoundError as error:
            raise Http404(_("The file was swept after a day; export again.")) from error
        return FileResponse(stream, as_attachment=True, filename=name)
