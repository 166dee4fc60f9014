"""The forms of a list's filters: one of them inside its opened chip, or all of them as a page of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhiheng.records.listing.request import read_request
from zhiheng.records.routes import record_url
from zhiheng.records.views.base import RecordView
from zhiheng.records.views.chip_options import Counting
from zhiheng.records.views.chips import FOLDED, chips_of, kept_beside

PATIENCE_S = 1.0
"""So long all counts of an opened form may take together; what is not counted by then is offered without."""


class Filters(RecordView):
    """`/desk/tickets/filters/?chip=team&priority=1`: the filters in force are filled in and kept."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.demand("view")
        parameters = request.GET.copy()
        wanted = parameters.pop("chip", [""])[-1]
        asked = read_request(self.record_type, dict(parameters.lists()), self.actor)
        chips = chips_of(asked, parameters, self.actor)
        if wanted:
            chips = [chip for chip in chips if (chip.folded if wanted == FOLDED else chip.name == wanted)]
            if not chips:
                raise Http404
        counting = Counting(asked, PATIENCE_S / max(1, len(chips)))
        chips = [replace(chip, counting=counting) for chip in chips]
        context = {
            "chips": chips,
            "kept": kept_beside(chips, parameters),
            "list_url": record_url(self.record_type, "list"),
            "clear_url": chips[0].clear_url if len(chips) == 1 and chips[0].on else "",
            "heading": chips[0].label if len(chips) == 1 else _("Filters"),
        }
        htmx: Any = getattr(request, "htmx", None)
        return self.render("records/filter_form.html" if htmx else "records/filters.html", context)
