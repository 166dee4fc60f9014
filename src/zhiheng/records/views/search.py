"""The search page over all record types, and the records the palette finds while a person types."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from zhiheng.kernel.actor import current
from zhiheng.platform.grants import may
from zhiheng.records.registry import registry
from zhiheng.records.routes import record_url
from zhiheng.records.search.query import search

MOST_HITS = 50


class SearchPage(LoginRequiredMixin, View):
    """`/search/?q=…&type=desk.ticket`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        actor, words = current().actor, request.GET.get("q", "").strip()[:200]
        label = request.GET.get("type", "")
        types = [each for each in registry if each.search and may(actor, "view", each.model)]
        only = [each for each in types if each.label == label]
        found = search(actor, words, limit=MOST_HITS, only=only or types)
        context = {
            "words": words,
            "count": found.count,
            "hits": [(hit.record_type, hit.record, record_url(hit.record)) for hit in found.hits],
            "types": [(each.label, each.title_plural, each in only) for each in types],
            "chosen": only[0] if only else None,
        }
        return render(request, "records/search.html", context)
