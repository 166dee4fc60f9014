"""The page of one record, the peek at the right of a list, and a single property edited in place."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhiheng.kernel.errors import DomainError
from zhiheng.records.columns import Column
from zhiheng.records.declaration import Layout, RecordType
from zhiheng.records.fields import editable_fields, field_of
from zhiheng.records.forms.build import form_class
from zhiheng.records.forms.seen import SeenStamps
from zhiheng.records.listing.request import columns_of
from zhiheng.records.listing.rows import link_of
from zhiheng.records.panels import Fields, Timeline
from zhiheng.records.routes import record_url
from zhiheng.records.services import change_record
from zhiheng.records.views.base import RecordView
from zhiheng.records.views.page import DetailPage


def layout_of(record_type: RecordType) -> Layout:
    """The declared layout; where nothing is declared, all fields and the timeline."""
    layout = record_type.layout
    if layout.main or layout.side:
        return layout
    names = [info.path for info in editable_fields(record_type)]
    return Layout(main=(Fields(*names), Timeline()))


def links_shown(record_type: RecordType, layout: Layout) -> list[str]:
    """The records that a page shows by name: those of its properties and of the columns of the list.

    Read one by one they were a third of the statements of a ticket's page.
    """
    properties = [
        name for panel in (*layout.main, *layout.side) if isinstance(panel, Fields) for name in panel.names
    ]
    found = {link_of(record_type, Column(name)) for name in properties}
    found |= {link_of(record_type, column) for column in columns_of(record_type)}
    return sorted(found - {""})


class Detail(RecordView):
    """`/cmdb/items/7/`."""

    template = "records/detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        layout = layout_of(self.record_type)
        record = self.record(pk, joined=links_shown(self.record_type, layout))
        page = DetailPage(request, self.record_type, record, self.actor)
        # The form of what is fixed is worth opening only where it leads on; the rest of it stands on this page.
        fixed, stays = self.record_type.fixed, bool(self.record_type.why_fixed(record))
        context = {
            "record": record,
            "page": page,
            "acts": self.acts(page),
            "main": page.draw(layout.main),
            "side": page.draw(layout.side),
            "may_edit": page.may_change and not (stays and fixed and not fixed.act),
            "may_delete": self.record_type.delete is not False and not stays and page.may("delete"),
        }
        return self.render(self.template, context)

    def acts(self, page: DetailPage) -> list[Any]:
        """The acts that this person may do on this record in its state."""
        return [
            act
            for act in self.record_type.acts
            if page.may(act.action) and (act.allowed is None or act.allowed(page.record, self.actor))
        ]


class Peek(Detail):
    """The record beside the list: properties without the middle's length."""

    template = "records/peek.html"


class Property(RecordView):
    """One property: read, its small form, and the change."""

    def get(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        page = self._page(pk, name)
        if "show" in request.GET:
            return self._shown(page, name)
        form = form_class(self.record_type, self.actor, [name])(instance=page.record)
        return self._drawn(page, name, form)

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        page = self._page(pk, name)
        held = self.record_type.model._default_manager.get(pk=pk)
        form = form_class(self.record_type, self.actor, [name])(request.POST, instance=page.record)
        if form.is_valid():
            try:
                seen = SeenStamps.read(request.POST)
                changed = change_record(
                    record_type=self.record_type, record=held, values=form.cleaned_data, seen=seen
                )
                if not getattr(request, "htmx", None):
                    return redirect(record_url(changed))
                return self._shown(DetailPage(request, self.record_type, changed, self.actor), name)
            except DomainError as error:
                form.take_error(error)
        return self._drawn(page, name, form, status=422)

    def _page(self, pk: int, name: str) -> DetailPage:
        page = DetailPage(self.request, self.record_type, self.record(pk), self.actor)
        try:
            found = page.property(field_of(self.record_type, name))
        except FieldDoesNotExist as error:
            raise Http404 from error
        if not found.edit_url:
            raise Http404
        return page

    def _shown(self, page: DetailPage, name: str) -> HttpResponse:
        found = page.property(field_of(self.record_type, name))
        return self.render("records/panels/property.html", {"property": found, "record": page.record})

    def _drawn(self, page: DetailPage, name: str, form: Any, status: int = 200) -> HttpResponse:
        stamps = SeenStamps.write(page.record_type.model._default_manager.get(pk=page.record.pk), [name])
        url = record_url(page.record, "field", name=name)
        context = {"form": form, "record": page.record, "name": name, "url": url, "seen": stamps}
        partial = getattr(self.request, "htmx", None)
        template = "records/panels/property_form.html" if partial else "records/property_page.html"
        return self.render(template, context, status=status)
