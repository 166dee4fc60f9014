"""Icons of the sprite as markup."""

from __future__ import annotations

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=1024)
def icon(name: str, css_class: str = "", label: str = "") -> SafeString:
    """An icon of the sprite, "" for no name. Without `label` it is decoration and hidden from screen readers.

    Kept, since a page of a list draws a hundred of a dozen kinds.
    """
    if not name:
        return SafeString("")
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"/></svg>',
        f" {css_class}" if css_class else "",
        role,
        static("zhiheng/icons.svg"),
        name,
    )
