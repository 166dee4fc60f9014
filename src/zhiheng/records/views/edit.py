"""Add, edit and delete by form; a field checked on leaving it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhiheng.kernel.errors import DomainError, NotAllowed
from zhiheng.records.forms.build import form_class
from zhiheng.records.forms.seen import SeenStamps
from zhiheng.records.routes import record_url
from zhiheng.records.services import change_record, create_record, delete_record
from zhiheng.records.views.base import RecordView

CHECK = "check"
"""Header-less marker: the request only asks whether one field is right."""


class Add(RecordView):
    """`/cmdb/items/add/`; parameters of the address fill the form."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self._demand()
        return self._page(self._form(initial=request.GET.dict()))

    def post(self, request: HttpRequest) -> HttpResponse:
        self._demand()
        form = self._form(request.POST, request.FILES)
        if CHECK in request.GET:
            return checked_field(self, form, request.GET[CHECK])
        if form.is_valid():
            try:
                record = create_record(record_type=self.record_type, values=form.cleaned_data)
            except DomainError as error:
                form.take_error(error)
            else:
                messages.success(request, _("“%(record)s” was added.") % {"record": record})
                if "another" in request.POST:
                    return redirect(request.get_full_path())
                return redirect(record_url(record))
        return self._page(form, status=422)

    def _demand(self) -> None:
        self.demand("add")
        if self.record_type.create is False:
            raise NotAllowed(_("Records of this type are not added by hand."))

    def _form(self, *args: Any, **kwargs: Any) -> Any:
        return form_class(self.record_type, self.actor, self.record_type.create_fields)(*args, **kwargs)

    def _page(self, form: Any, status: int = 200) -> HttpResponse:
        return self.render("records/form.html", {"form": form, "record": None}, status=status)


class Edit(RecordView):
    """`/cmdb/items/7/edit/`; a record that is fixed can be read there, with what to do instead."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(pk)
        return self._page(record, form_class(self.record_type, self.actor)(instance=record))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(pk)
        if self.record_type.why_fixed(record):
            return self._page(record, form_class(self.record_type, self.actor)(instance=record), status=409)
        form = form_class(self.record_type, self.actor)(
            request.POST, request.FILES, instance=self._record(pk)
        )
        if CHECK in request.GET:
            return checked_field(self, form, request.GET[CHECK])
        if form.is_valid():
            try:
                changed = change_record(
                    record_type=self.record_type,
                    record=record,
                    values={name: form.cleaned_data[name] for name in form.changed_data},
                    seen=SeenStamps.read(request.POST),
                )
            except DomainError as error:
                form.take_error(error)
            else:
                return redirect(record_url(changed))
        return self._page(record, form, status=422)

    def _record(self, pk: int) -> Any:
        record = self.record(pk)
        if self.record_type.change is False or not self.may("change", record):
            raise NotAllowed(_("You may read this record but not change it."))
        return record

    def _page(self, record: Any, form: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "record": record, "seen": SeenStamps.write(record, form.fields)}
        fixed = self.record_type.fixed
        if fixed and (why := self.record_type.why_fixed(record)):
            act = self.record_type.act(fixed.act)
            context |= {"why_fixed": why, "instead": act if act and self.may(act.action, record) else None}
        return self.render("records/form.html", context, status=status)


class Delete(RecordView):
    """`/cmdb/items/7/delete/`: asks, then deletes for good."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        return self.render("records/delete.html", {"record": self._record(pk)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self._record(pk)
        words = str(record)
        try:
            delete_record(record_type=self.record_type, record=record)
        except DomainError as error:
            return self.render("records/delete.html", {"record": record, "error": error}, status=error.status)
        messages.success(request, _("“%(record)s” was deleted.") % {"record": words})
        return redirect(record_url(self.record_type, "list"))

    def _record(self, pk: int) -> Any:
        record = self.record(pk)
        if self.record_type.delete is False or not self.may("delete", record):
            raise NotAllowed(_("You may read this record but not delete it."))
        return record


def checked_field(view: RecordView, form: Any, name: str) -> HttpResponse:
    """The errors of one field, for the check on leaving it."""
    if name not in form.fields:
        return HttpResponse(status=404)
    form.is_valid()
    template = getattr(form.fields[name], "check_template", "records/inputs/errors.html")
    return view.render(template, {"field": form[name], "form": form})
