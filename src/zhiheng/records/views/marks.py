"""What people hang on a record: tags, files, their watch; and the lists they keep as saved views."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhiheng.kernel.errors import DomainError, InvalidInput, NotAllowed
from zhiheng.platform.files import attach_file, attachments_of, detach_file
from zhiheng.platform.grants import person_of
from zhiheng.platform.notifications import unwatch, watch, watches
from zhiheng.platform.tags import set_tags
from zhiheng.platform.views import delete_view, save_view, saved_view
from zhiheng.records.routes import record_url
from zhiheng.records.views.base import RecordView


class MarkView(RecordView):
    """A small write on a record, then back to its page."""

    http_method_names = ("post",)

    def changeable(self, pk: int) -> Any:
        """The record, if the person may change it."""
        record = self.record(pk)
        if not self.may("change", record):
            raise NotAllowed(_("You may read this record but not change it."))
        return record

    def back(self, record: Any, error: DomainError | None = None) -> HttpResponse:
        """To the page of the record, with what went wrong."""
        if error is not None:
            messages.error(self.request, str(error))
        return redirect(record_url(record))


class SetTags(MarkView):
    """`/cmdb/items/7/tags/`: the tags, separated by commas."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.changeable(pk)
        words = request.POST.get("tags", "").replace("，", ",").split(",")
        try:
            set_tags(record=record, names=[word for word in words if word.strip()])
        except DomainError as error:
            return self.back(record, error)
        return self.back(record)


class AddFile(MarkView):
    """`/cmdb/items/7/files/`: one or more files."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.changeable(pk)
        try:
            for upload in request.FILES.getlist("file"):
                attach_file(record=record, upload=upload)
        except DomainError as error:
            return self.back(record, error)
        return self.back(record)


class RemoveFile(MarkView):
    """`/cmdb/items/7/files/3/remove/`."""

    def post(self, _request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
        record = self.changeable(pk)
        found = next((held for held in attachments_of(record) if held.pk == attachment), None)
        if found is None:
            raise Http404
        detach_file(attachment=found)
        return self.back(record)


class ToggleWatch(MarkView):
    """`/cmdb/items/7/watch/`: begin to watch, or stop."""

    def post(self, _request: HttpRequest, pk: int) -> HttpResponse:
        record, person_id = self.record(pk), person_of(self.actor)
        if person_id is None:
            raise NotAllowed("")
        change = unwatch if watches(person_id=person_id, record=record) else watch
        change(person_id=person_id, record=record)
        return self.back(record)


class SaveView(RecordView):
    """`/cmdb/items/views/`: keep the list as it is under a name."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.demand("view")
        query, name = request.POST.get("query", ""), request.POST.get("name", "")
        try:
            kept = save_view(
                actor=self.actor,
                record_type=self.record_type.label,
                name=name,
                query=query,
                audience=request.POST.get("audience", "person"),
            )
        except InvalidInput as error:
            messages.error(request, str(error))
            return redirect(f"{record_url(self.record_type, 'list')}?{query}")
        return redirect(f"{record_url(self.record_type, 'list')}?{kept.query}&saved={kept.pk}")


class DeleteView(RecordView):
    """`/cmdb/items/views/3/delete/`: forget one's own saved view."""

    def post(self, _request: HttpRequest, view: int) -> HttpResponse:
        found = saved_view(self.actor, view)
        if found is None or found.record_type != self.record_type.label:
            raise Http404
        delete_view(actor=self.actor, view=found)
        return redirect(record_url(self.record_type, "list"))
