"""The portal: search first, services, how they are doing, what can be asked for, the request form."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhiheng.catalog.models import Offering
from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.kernel.text import localized
from zhiheng.processes.models import Kind
from zhiheng.processes.queries import kind_named, portal_kinds
from zhiheng.web.queries import portal as queries
from zhiheng.web.services import portal as services
from zhiheng.web.views.page import person_of, signed_in_page
from zhiheng.web.views.portal_story import ticket_row
from zhiheng.web.views.request_form import RequestForm

SHOWN_TICKETS = 5
SHOWN_SERVICES = 12


@signed_in_page
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Search, services with their state, one's own open tickets."""
    actor = current().actor
    cards = queries.service_cards(actor)
    rows, more = queries.page_before(
        queries.tickets_of(actor, person_of(request), open_only=True), before=None, limit=SHOWN_TICKETS
    )
    context = {
        "cards": cards[:SHOWN_SERVICES],
        "more_services": len(cards) - SHOWN_SERVICES,
        "disturbed": [card for card in cards if card.disturbance.since],
        "tickets": [ticket_row(ticket) for ticket in rows],
        "more_tickets": more is not None,
    }
    return render(request, "web/portal/home.html", context)


@signed_in_page
@require_GET
def services_page(request: HttpRequest) -> HttpResponse:
    """All services of the portal."""
    return render(request, "web/portal/services.html", {"cards": queries.service_cards(current().actor)})


@signed_in_page
@require_GET
def service_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: how it is doing and what can be asked for."""
    card = queries.card_of(current().actor, slug)
    if card is None:
        raise Http404
    return render(request, "web/portal/service.html", {"card": card})


@signed_in_page
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What can be asked for, services and one's tickets that hold the words; a number leads straight to its ticket."""
    words = request.GET.get("q", "").strip()[:200]
    if not words:
        return redirect("web:portal")
    actor, person = current().actor, person_of(request)
    numbered = queries.ticket_numbered(actor, words)
    if numbered is not None:
        return redirect("web:portal_ticket", number=numbered.number)
    offerings, cards = queries.cards_matching(queries.service_cards(actor), words)
    found = queries.tickets_matching(actor, person, words)
    context = {
        "words": words, "offerings": offerings, "cards": cards, "tickets": [ticket_row(ticket) for ticket in found],
        "ask": urlencode({"title": words}),
    }  # fmt: skip
    return render(request, "web/portal/search.html", context)


@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The request form: `?offering=`, `?service=`, `?kind=`, `?title=` fill in what is known."""
    actor = current().actor
    offering = _offering(request)
    kinds = portal_kinds()
    cards = queries.service_cards(actor)
    form = RequestForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        kinds=kinds,
        services=[card.service for card in cards],
        asks_what=offering is None,
        initial={name: request.GET.get(name, "") for name in ("kind", "service", "title")}
        | _first_kind(request, kinds),
    )
    if request.method == "POST" and form.is_valid():
        response = _open(request, form, offering)
        if response is not None:
            return response
    disturbed = [card for card in cards if card.disturbance.since]
    text = localized(offering.description) if offering else ""
    context = {"form": form, "offering": offering, "offering_text": text, "disturbed": disturbed}
    return render(request, "web/portal/ask.html", context, status=422 if form.errors else 200)


def _offering(request: HttpRequest) -> Offering | None:
    slug = request.GET.get("offering", "")
    if not slug:
        return None
    found = queries.offering_of(current().actor, slug)
    if found is None:
        raise Http404
    return found


def _first_kind(request: HttpRequest, kinds: list[Kind]) -> dict[str, str]:
    return {} if request.GET.get("kind") or not kinds else {"kind": kinds[0].slug}


def _open(request: HttpRequest, form: RequestForm, offering: Offering | None) -> HttpResponse | None:
    """Open the ticket and show it; None, with the error in the form, where something is refused."""
    given = form.cleaned_data
    try:
        ticket = services.ask(
            actor=current().actor, person=person_of(request), title=given["title"], body=given["body"],
            kind=kind_named(offering.kind) if offering else form.kind_chosen or kind_named(given["kind"]),
            urgency=given["urgency"], service=form.service_chosen, offering=offering, files=given["uploads"],
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        field = "uploads" if error.code.startswith("file") else error.field
        form.add_error(field if field in form.fields else None, str(error))
        return None
    messages.success(request, _("We have received it. Its number is %(number)s.") % {"number": ticket.number})
    return redirect("web:portal_ticket", number=ticket.number)
