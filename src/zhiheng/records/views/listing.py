"""The list of a record type: tabs, chips, table, keyset paging; the table alone when htmx asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.grants import may, person_of
from zhiheng.platform.models import SavedView
from zhiheng.platform.views import saved_views_for
from zhiheng.records.columns import Column
from zhiheng.records.declaration import Act
from zhiheng.records.listing.cells import Table, column_words
from zhiheng.records.listing.count import Count
from zhiheng.records.listing.request import ListRequest, chosen_columns, columns_of, read_request
from zhiheng.records.listing.rows import Page, count_beside, fetch_page
from zhiheng.records.routes import record_url
from zhiheng.records.views.base import RecordView
from zhiheng.records.views.chips import FOLDED, Chip, chips_of

PLACE = ("after", "before", "saved")


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved or declared view over the list."""

    title: str
    url: str
    on: bool
    delete_url: str = ""


class ListPage(RecordView):
    """`/cmdb/items/`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.demand("view")
        asked = read_request(self.record_type, dict(request.GET.lists()), self.actor)
        problems: list[InvalidInput] = list(asked.problems)
        page, count = Page([]), Count(0, False)
        try:
            page = fetch_page(asked, self.actor)
            count = count_beside(page, asked, self.actor)
        except InvalidInput as problem:
            problems.append(problem)
        columns = chosen_columns(asked)
        table = Table(self.record_type, columns)
        may_change = self.record_type.change is not False and self.may("change")
        bulk_acts = self.bulk_acts()
        may_bulk = may_change or bool(bulk_acts)
        chips = self.chips(asked)
        context = {
            "asked": asked,
            "problems": problems,
            "count": count,
            "heads": [
                (head, self._url(order=head.order) if head.order else "") for head in table.heads(asked)
            ],
            "rows": table.rows(page.rows, pickable=may_bulk),
            "newer_url": self._url(before=page.newer) if page.newer else "",
            "older_url": self._url(after=page.older) if page.older else "",
            "chips": chips,
            "folded_query": self._folded_query(chips),
            "tabs": self.tabs(asked),
            "columns": self.column_choices(columns),
            "columns_kept": self._kept("columns"),
            "search_kept": self._kept("q"),
            "searchable": bool(self.record_type.search),
            "bulk_acts": bulk_acts,
            "may_change": may_change,
            "may_add": self.record_type.create is not False and self.may("add"),
            "may_import": bool(self.record_type.import_key) and self.may("import"),
            "may_share": may(self.actor, "share", SavedView),
            "may_export": self.may("export"),
            "query": self._query(),
            "may_bulk": may_bulk,
            "filtered": bool(asked.applied or asked.slow or asked.words),
        }
        htmx: Any = getattr(request, "htmx", None)
        partial = htmx and htmx.target == "record-table"
        return self.render("records/list_table.html" if partial else "records/list.html", context)

    def chips(self, asked: ListRequest) -> Sequence[Chip]:
        """The filters, those in force and those offered."""
        return chips_of(asked, self._parameters(), self.actor)

    def tabs(self, asked: ListRequest) -> list[Tab]:
        """ "All", the declared views and those that people saved."""
        base, chosen = record_url(self.record_type, "list"), self.request.GET.get("saved", "")
        kept = saved_views_for(self.actor, self.record_type.label)
        declared = [
            Tab(str(view.title), f"{base}?view={view.name}", asked.view is view and not chosen)
            for view in self.record_type.views
        ]
        own = person_of(self.actor)
        saved = [
            Tab(
                view.name,
                f"{base}?{view.query}&saved={view.pk}",
                chosen == str(view.pk),
                record_url(self.record_type, "delete_view", view=view.pk) if view.owner_id == own else "",
            )
            for view in kept
        ]
        if not declared and not saved:
            return []
        return [Tab(_("All"), base, asked.view is None and not chosen), *declared, *saved]

    def bulk_acts(self) -> list[Act]:
        """What can be done with the selected rows."""
        return [act for act in self.record_type.acts if act.bulk and self.may(act.action)]

    def column_choices(self, chosen: Sequence[Column]) -> list[tuple[str, str, bool]]:
        """Every column as (name, words, whether it is shown)."""
        offered = [*chosen, *(column for column in columns_of(self.record_type) if column not in chosen)]
        return [(column.name, column_words(self.record_type, column), column in chosen) for column in offered]

    def _kept(self, *names: str) -> list[tuple[str, str]]:
        kept = self._parameters()
        return [(name, value) for name, values in kept.lists() if name not in names for value in values]

    def _parameters(self) -> QueryDict:
        kept = self.request.GET.copy()
        for name in PLACE:
            kept.pop(name, None)
        return kept

    def _folded_query(self, chips: Sequence[Chip]) -> str:
        """Asks for the form of the filters that share a chip; "" where none do."""
        if not any(chip.folded for chip in chips):
            return ""
        return urlencode([("chip", FOLDED), *self._kept()])

    def _query(self) -> str:
        return self._parameters().urlencode()

    def _url(self, **changes: str) -> str:
        kept = self._parameters()
        for name, value in changes.items():
            kept[name] = value
        return f"?{kept.urlencode()}"
