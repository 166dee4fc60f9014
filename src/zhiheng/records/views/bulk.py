"""Acts and edits on selected rows: choose, fill in once, see per record what was done and what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiheng.kernel.actor import Cause, acting
from zhiheng.kernel.errors import DomainError, NotAllowed
from zhiheng.platform.grants import visible_to
from zhiheng.records.declaration import Act
from zhiheng.records.fields import Kind, editable_fields
from zhiheng.records.forms.acts import act_form
from zhiheng.records.forms.build import form_class
from zhiheng.records.forms.inputs import LinkField
from zhiheng.records.routes import record_url
from zhiheng.records.services import change_record, perform_act
from zhiheng.records.views.base import RecordView

MOST_SELECTED = 500
EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one record."""

    record: Any
    error: str = ""


class Bulk(RecordView):
    """`/cmdb/items/bulk/`: the selected ids come as `selected`, the act as `act` (`edit` for fields)."""

    def post(self, request: HttpRequest) -> HttpResponse:
        name = request.POST.get("act", EDIT)
        records = self._records(request)
        if name == EDIT:
            return self._edit(request, records)
        act = self.record_type.act(name)
        if act is None or not act.bulk:
            raise Http404
        return self._act(request, act, records)

    def _records(self, request: HttpRequest) -> list[Any]:
        ids = [int(text) for text in request.POST.getlist("selected") if text.isdigit()][:MOST_SELECTED]
        rows = visible_to(self.actor, "view", self.record_type.model._default_manager.filter(pk__in=ids))
        return list(rows)

    def _act(self, request: HttpRequest, act: Act, records: Sequence[Any]) -> HttpResponse:
        self.demand(act.action)
        ready = "confirmed" in request.POST
        first = records[0] if records else None
        form = act_form(act, first, self.actor, *([request.POST, request.FILES] if ready else []))
        if len(records) > 1:
            forget_the_first(form)
        if not ready or not form.is_valid():
            return self._page(form, act.words, act.name, records, 422 if ready else 200)

        def work(record: Any) -> None:
            perform_act(record_type=self.record_type, act=act, record=record, values=form.cleaned_data)

        return self._results(records, work, act.words)

    def _edit(self, request: HttpRequest, records: Sequence[Any]) -> HttpResponse:
        if self.record_type.change is False:
            raise NotAllowed(_("Records of this type are not changed by hand."))
        self.demand("change")
        names = [info.path for info in self._bulk_fields()]
        chosen = [name for name in names if f"set-{name}" in request.POST]
        ready = "confirmed" in request.POST
        build = form_class(self.record_type, self.actor, chosen if ready else names)
        form = build(request.POST) if ready else build()
        words = _("Edit selected")
        if not ready or not chosen:
            return self._page(
                form if not ready else form_class(self.record_type, self.actor, names)(), words, EDIT, records
            )
        errors = [] if form.is_valid() else [name for name in chosen if name in form.errors]
        if errors:
            return self._page(form, words, EDIT, records, 422)
        values = {name: form.cleaned_data.get(name) for name in chosen}

        def work(record: Any) -> None:
            change_record(record_type=self.record_type, record=record, values=values)

        return self._results(records, work, words)

    def _bulk_fields(self) -> list[Any]:
        declared = {name for section in self.record_type.form for name in section.fields}
        return [
            info
            for info in editable_fields(self.record_type)
            if (not declared or info.path in declared)
            and not info.field.unique
            and info.kind not in {Kind.LONG_TEXT, Kind.JSON}
        ]

    def _results(self, records: Sequence[Any], work: Any, words: Any) -> HttpResponse:
        results = []
        with acting(self.actor, Cause.BULK):
            for record in records:
                try:
                    work(record)
                    results.append(Result(record))
                except DomainError as error:
                    results.append(Result(record, str(error)))
        done = sum(1 for result in results if not result.error)
        if results and done == len(results):
            said = ngettext("%(counter)s record", "%(counter)s records", done) % {"counter": done}
            messages.success(self.request, f"{words}{_(': ')}{said}")
            return redirect(self._list_url())
        results.sort(key=lambda result: not result.error)
        context = {"results": results, "done": done, "refused": len(results) - done, "words": words}
        return self.render("records/bulk_done.html", {**context, "list_url": self._list_url()})

    def _list_url(self) -> str:
        """The list as it was when the rows were selected."""
        query = self.request.POST.get("back", "")
        return record_url(self.record_type, "list") + (f"?{query}" if query else "")

    def _page(
        self, form: Any, words: Any, name: str, records: Sequence[Any], status: int = 200
    ) -> HttpResponse:
        context = {
            "form": form,
            "words": words,
            "act_name": name,
            "records": records,
            "editing": name == EDIT,
            "back": self.request.POST.get("back", ""),
            "list_url": self._list_url(),
        }
        return self.render("records/bulk.html", context, status=status)


def forget_the_first(form: BaseForm) -> None:
    """What one record holds would be set on all of them without a word: links begin empty for several."""
    for name, field in form.fields.items():
        if isinstance(field, LinkField):
            field.initial = None
            form.initial.pop(name, None)
