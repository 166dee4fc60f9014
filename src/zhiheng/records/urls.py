"""Addresses of every record type, made from the registry: `/cmdb/items/`, `/cmdb/items/7/edit/` …"""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from zhiheng.records.declaration import RecordType
from zhiheng.records.registry import registry
from zhiheng.records.views.acts import ActPage
from zhiheng.records.views.bulk import Bulk
from zhiheng.records.views.detail import Detail, Peek, Property
from zhiheng.records.views.edit import Add, Delete, Edit
from zhiheng.records.views.export import Export, Exported
from zhiheng.records.views.filters import Filters
from zhiheng.records.views.imports import ImportPage, ImportStart
from zhiheng.records.views.listing import ListPage
from zhiheng.records.views.marks import AddFile, DeleteView, RemoveFile, SaveView, SetTags, ToggleWatch
from zhiheng.records.views.options import OptionList
from zhiheng.records.views.search import SearchPage

app_name = "records"


def pages_of(record_type: RecordType) -> list[URLPattern]:
    """The pages of one record type. What the declaration rules out answers with the reason."""

    def page(route: str, view: Any, name: str) -> URLPattern:
        pattern: URLPattern = path(route, view.as_view(record_type=record_type), name=name)
        return pattern

    return [
        page("", ListPage, "list"),
        page("filters/", Filters, "filters"),
        page("add/", Add, "add"),
        page("bulk/", Bulk, "bulk"),
        page("views/", SaveView, "save_view"),
        page("views/<int:view>/delete/", DeleteView, "delete_view"),
        page("export/", Export, "export"),
        page("export/<int:job>/", Exported, "exported"),
        page("import/", ImportStart, "import"),
        page("import/<int:run>/", ImportPage, "import_run"),
        page("<int:pk>/", Detail, "detail"),
        page("<int:pk>/peek/", Peek, "peek"),
        page("<int:pk>/edit/", Edit, "edit"),
        page("<int:pk>/delete/", Delete, "delete"),
        page("<int:pk>/field/<slug:name>/", Property, "field"),
        page("<int:pk>/tags/", SetTags, "tags"),
        page("<int:pk>/files/", AddFile, "files"),
        page("<int:pk>/files/<int:attachment>/remove/", RemoveFile, "remove_file"),
        page("<int:pk>/watch/", ToggleWatch, "watch"),
        page("<int:pk>/act/<slug:name>/", ActPage, "act"),
    ]


def record_patterns() -> list[URLResolver]:
    """All record types, each in a namespace of its label."""
    return [
        path(
            f"{record_type.app}/{record_type.plural_slug}/",
            include((pages_of(record_type), record_type.label), namespace=record_type.label),
        )
        for record_type in registry
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("zhiheng.records.api.urls")),
    path("search/", SearchPage.as_view(), name="search"),
    path("records/options/<str:label>/", OptionList.as_view(), name="options"),
    *record_patterns(),
]
