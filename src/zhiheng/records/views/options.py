"""Suggestions for a link or a filter: the records a person may choose that match words."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from zhiheng.kernel.actor import current
from zhiheng.records.forms.options import Options
from zhiheng.records.registry import registry

FEWEST_CHARACTERS = 1


class OptionList(LoginRequiredMixin, View):
    """`/records/options/accounts.team/?name=team&q=net`: radio buttons (or check boxes) named as asked."""

    def get(self, request: HttpRequest, label: str) -> HttpResponse:
        record_type = registry.get(label)
        name = request.GET.get("name", "")
        if record_type is None or not name.replace("_", "").isalnum():
            raise Http404
        words = (request.GET.get("q") or request.GET.get(f"{name}__typed") or "").strip()
        options = Options(record_type.model, current().actor)
        rows = options.matching(words) if len(words) >= FEWEST_CHARACTERS else options.first(8)
        kind = "checkbox" if request.GET.get("many") else "radio"
        context = {
            "rows": [(str(row.pk), str(row)) for row in rows],
            "name": name,
            "kind": kind,
            "words": words,
        }
        return render(request, "records/inputs/options.html", context)
