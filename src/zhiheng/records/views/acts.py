"""A declared act on one record: its form where it has one, else a question, then the act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhiheng.kernel.errors import DomainError, NotAllowed
from zhiheng.records.declaration import Act
from zhiheng.records.forms.acts import act_form
from zhiheng.records.routes import record_url
from zhiheng.records.services import perform_act
from zhiheng.records.views.base import RecordView
from zhiheng.ui.addresses import next_page

STAY = "X-Stay"
"""The header of a page that posts an act by itself and goes on showing what it shows, as a list with its peek does."""


def done(request: HttpRequest, record: Any, words: str) -> HttpResponse:
    """Say what was done: to a page that stays, as data; else on the page that the form names, or the record's."""
    if STAY in request.headers:
        return JsonResponse({"message": words})
    messages.success(request, words)
    return redirect(next_page(request) or record_url(record))


class ActPage(RecordView):
    """`/desk/tickets/7/act/assign/`."""

    def get(self, _request: HttpRequest, pk: int, name: str) -> HttpResponse:
        act, record = self._act(name), self._record(pk, name)
        return self._page(act, record, act_form(act, record, self.actor))

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        act, record = self._act(name), self._record(pk, name)
        form = act_form(act, record, self.actor, request.POST, request.FILES)
        if form.is_valid():
            try:
                made = perform_act(
                    record_type=self.record_type, act=act, record=record, values=form.cleaned_data
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                words = f"{act.words}{_(': ')}{record}"
                if not act.opens:
                    return done(request, record, words)
                messages.success(request, words)
                return redirect(record_url(made, act.opens))
        return self._page(act, record, form, status=422)

    def _act(self, name: str) -> Act:
        act = self.record_type.act(name)
        if act is None:
            raise Http404
        return act

    def _record(self, pk: int, name: str) -> Any:
        record = self.record(pk)
        if not self.may(self._act(name).action, record):
            raise NotAllowed("")
        return record

    def _page(self, act: Act, record: Any, form: forms.BaseForm, status: int = 200) -> HttpResponse:
        partial = getattr(self.request, "htmx", None)
        template = "records/act_form.html" if partial else "records/act.html"
        return self.render(template, {"act": act, "record": record, "form": form}, status=status)
