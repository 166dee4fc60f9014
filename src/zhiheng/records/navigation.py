"""What record types put into the frame of the page: menu entries, things to create, records in the palette."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

from zhiheng.kernel.actor import ANONYMOUS, Actor, current_or_none
from zhiheng.platform.grants import may
from zhiheng.records.declaration import RecordType
from zhiheng.records.routes import record_url, route_name
from zhiheng.records.search.query import search
from zhiheng.ui.navigation import Group, NavItem, Permission, register_nav
from zhiheng.ui.palette import PaletteEntry, register_palette_source
from zhiheng.ui.shell import ShellLink, configure_shell, register_create

DEFAULT_ICON = "table"
PALETTE_HITS = 8


def who() -> Actor:
    """Who asks; outside a request nobody."""
    acting = current_or_none()
    return acting.actor if acting else ANONYMOUS


def allowed(record_type: RecordType, action: str) -> Permission:
    """Whether the person of a request may do this with the type at all."""

    def ask(_request: HttpRequest) -> bool:
        return may(who(), action, record_type.model)

    return ask


def add_to_frame(record_type: RecordType) -> None:
    """The menu entry, and the entry under "create" where the declaration asks for one."""
    menu = record_type.menu
    if menu is None:
        return
    icon = menu.icon or record_type.icon or DEFAULT_ICON
    register_nav(
        NavItem(
            group=Group(menu.section),
            label=menu.title or record_type.title_plural,
            url_name=route_name(record_type, "list"),
            icon=icon,
            order=menu.order,
            permission=allowed(record_type, "view"),
        )
    )
    if menu.create and record_type.create is not False:
        register_create(
            ShellLink(
                label=record_type.title,
                url_name=route_name(record_type, "add"),
                icon=icon,
                order=menu.order,
                permission=allowed(record_type, "add"),
            )
        )


def palette_records(_request: HttpRequest, text: str) -> Iterator[PaletteEntry]:
    """Records that hold the typed words."""
    for hit in search(who(), text, limit=PALETTE_HITS).hits:
        yield PaletteEntry(
            label=str(hit.record),
            url=record_url(hit.record),
            kind=hit.record_type.title_plural,
            icon=hit.record_type.icon or DEFAULT_ICON,
        )


def furnish() -> None:
    """Say where the search page is and let the palette find records."""
    configure_shell(search="records:search")
    register_palette_source("records", palette_records)
