"""The context processor that gives every template `shell`, the frame of the page."""

from __future__ import annotations

from django.http import HttpRequest

from zhiheng.ui.shell import Shell

THEME_COOKIE = "zhiheng_theme"
NAV_COOKIE = "zhiheng_nav"
THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, object]:
    """`shell`: navigation, counters, links; theme and width of the navigation as last chosen."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    nav_state = request.COOKIES.get(NAV_COOKIE, "")
    return {
        "shell": Shell(
            request,
            theme=theme if theme in THEMES else "",
            nav_state="icons" if nav_state == "icons" else "",
        )
    }
