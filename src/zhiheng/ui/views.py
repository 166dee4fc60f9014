"""Views of the frame: they translate HTTP and hold no rule."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from zhiheng.ui.addresses import next_page
from zhiheng.ui.context import THEME_COOKIE, THEMES
from zhiheng.ui.navigation import allowed_items, capped
from zhiheng.ui.palette import find
from zhiheng.ui.shell import counters_for

YEAR = 365 * 86_400
language = require_POST(set_language)


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page that the person may see; until `configure_shell(home=...)` names a better one."""
    items = allowed_items(request)
    return redirect(items[0].url if items else "/")


@require_GET
def palette(request: HttpRequest) -> JsonResponse:
    """What the palette offers for `q`."""
    query = request.GET.get("q", "")[:200]
    entries = [
        {
            "label": str(entry.label),
            "url": entry.url,
            "kind": str(entry.kind),
            "icon": entry.icon,
            "detail": str(entry.detail),
        }
        for entry in find(request, query)
    ]
    response = JsonResponse({"query": query, "entries": entries})
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_GET
def counters(request: HttpRequest) -> HttpResponse:
    """Every live number of the frame by name, with an ETag: an unchanged poll costs 304 and no body."""
    numbers = {view.counter.name: view.count_text for view in counters_for(request)}
    for item in allowed_items(request):
        if item.badge:
            numbers[f"nav-{item.key}"] = capped(item.badge(request))
    body = json.dumps(numbers, sort_keys=True)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:20]}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/json")
    response.headers["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponseRedirect:
    """Keep the chosen theme in a cookie; "" follows the system."""
    response = HttpResponseRedirect(next_page(request) or "/")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
