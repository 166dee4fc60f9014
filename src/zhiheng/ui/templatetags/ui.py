"""The tags that draw the components, and the filters that format values. Load with `{% load ui %}`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from zhiheng.kernel.time import now
from zhiheng.ui import components, formatting
from zhiheng.ui.icons import icon
from zhiheng.ui.strings import frontend_strings

register = template.Library()

COMPONENT_TAGS: dict[str, str] = {
    "figure": "figure", "figure_compact": "figure_compact", "clock": "clock", "clock_card": "clock_card",
    "clock_derivation": "clock_derivation", "timeline": "timeline", "process_strip": "process_strip",
    "chips": "chips", "data_table": "table", "tabs": "tabs", "empty_state": "empty", "job_card": "job",
    "avatar": "avatar", "person": "person", "properties": "properties", "pager": "pager",
    "act_button": "act_button", "notice": "notice", "chart": "chart", "process_map": "process_map",
    "menu": "menu",    "verdict_tag": "verdict", "message": "message", "act_group": "act_group",
}  # fmt: skip
TEMPLATE_OF: dict[type, str] = {
    components.Clock: "clock",
    components.Figure: "figure_compact",
    components.Avatar: "person",
    components.Verdict: "verdict",
}


def _template(name: str) -> str:
    return f"ui/components/{name}.html"


def _component_tag(name: str, template_name: str) -> None:
    """Register `{% name model %}`, which draws `model` with its template; nothing for None."""

    @register.simple_tag(name=name, takes_context=True)
    def draw(context: Context, model: object) -> SafeString:
        return _draw(context, template_name, model)


def _draw(context: Context, template_name: str, model: object) -> SafeString:
    if model is None:
        return SafeString("")
    values = {"it": model, "csrf_token": context.get("csrf_token")}
    return mark_safe(render_to_string(_template(template_name), values).strip())  # noqa: S308 - a rendered template


for _name, _file in COMPONENT_TAGS.items():
    _component_tag(_name, _file)


@register.simple_tag(takes_context=True)
def cell(context: Context, value: object) -> SafeString:
    """Draw whatever a table cell or property holds: a component, a time, or text."""
    name = TEMPLATE_OF.get(type(value))
    if name:
        return _draw(context, name, value)
    if isinstance(value, datetime):
        return since(value)
    if value is None or value == "":
        return format_html('<span class="faint">{}</span>', formatting.NOTHING)
    return conditional_escape(value if isinstance(value, SafeString) else str(value))


@register.simple_tag(name="icon")
def icon_tag(name: str, css_class: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; see `ui.icons`."""
    return icon(str(name), str(css_class), str(label))


@register.simple_tag
def json_data(value: object, element_id: str) -> SafeString:
    """`value` as a JSON data block that the bundle reads; it is data, so the policy lets it stand."""
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return format_html('<script type="application/json" id="{}">{}</script>', element_id, mark_safe(safe))  # noqa: S308


@register.simple_tag
def frontend_texts() -> SafeString:
    """The texts that the bundle shows, in the language of the page."""
    return json_data(frontend_strings(), "ui-strings")


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """`1,842`."""
    return formatting.number(value, decimals)


@register.filter
def quantity(value: float | None, unit: str) -> str:
    """`91.2 %`."""
    return str(formatting.quantity(value, unit))


@register.filter
def duration(seconds: float | None, day_s: int = formatting.DAY) -> str:
    """`1 d 6:10`."""
    return formatting.duration(seconds, day_s)


@register.filter
def browser_words(sent: str) -> str:
    """`Firefox · Windows`."""
    return formatting.browser(sent or "")


@register.filter(is_safe=True)
def spaced(text: str) -> str:
    """新建 API 令牌: a space where Chinese and Latin text meet. `{% filter spaced %}…{% endfilter %}`."""
    return formatting.spaced(text)


@register.filter
def coarse(seconds: float) -> str:
    """`3 h`."""
    return formatting.coarse_duration(seconds)


@register.filter
def file_size(size: int) -> str:
    """`3.4 MB`."""
    return formatting.file_size(size)


def _time(shown: Callable[[datetime], str], kind: str) -> Callable[[datetime | None], SafeString]:
    def render(at: datetime | None) -> SafeString:
        if at is None:
            return conditional_escape(formatting.NOTHING)
        return format_html(
            '<time datetime="{}" title="{}" data-time="{}">{}</time>',
            at.isoformat(), formatting.stamp(at), kind, shown(at),
        )  # fmt: skip

    return render


@register.filter
def stamp(at: datetime | None) -> SafeString:
    """`2026-11-20 14:05`."""
    return _time(formatting.stamp, "stamp")(at)


@register.filter
def short_stamp(at: datetime | None) -> SafeString:
    """`14:05` today, `11-20 14:05` this year."""
    return _time(formatting.short_stamp, "short")(at)


@register.filter
def since(at: datetime | None) -> SafeString:
    """`4 min ago`; the bundle keeps it up to date."""
    return _time(lambda moment: formatting.since(moment, now()), "since")(at)


@register.filter
def day(value: date | datetime | None) -> str:
    """`2026-11-20`."""
    return formatting.day(value)


@register.filter
def get(mapping: Any, key: str) -> Any:
    """`mapping[key]`, or None."""
    return mapping.get(key)
