"""Pages of the gallery."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhiheng.ui.components import ChartKind, Pager
from zhiheng.ui.gallery import lists, samples


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the workspace."""
    values = {
        "figures": samples.figures(),
        "clocks": samples.clocks(),
        "strip": samples.process_strip(),
        "timeline": samples.timeline(),
        "table": lists.table(),
        "chips": lists.chips(),
        "tabs": lists.tabs(),
        "jobs": lists.jobs(),
        "properties": lists.properties(),
        "pager": Pager(1, 50, older_url="#", total=1000, total_capped=True),
        "line": lists.chart(ChartKind.LINE, "chart-line"),
        "bars": lists.chart(ChartKind.BAR, "chart-bar"),
        "map": lists.process_map(),
        "form": lists.form(),
        **lists.small(),
    }
    return render(request, "ui/gallery/gallery.html", values)


def gallery_portal(request: HttpRequest) -> HttpResponse:
    """The shell of the portal."""
    return render(
        request, "ui/gallery/portal.html", {"timeline": samples.timeline(), "strip": samples.process_strip()}
    )


def gallery_plain(request: HttpRequest) -> HttpResponse:
    """The plain box, with the words of an error."""
    return render(request, "ui/gallery/plain.html", {"form": lists.SampleForm()})
