"""A requester's tickets: the list, the page of one, and what they can do on it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import DomainError, NotAllowed
from zhiheng.web.queries import portal as queries
from zhiheng.web.services import portal as services
from zhiheng.web.views.page import person_of, signed_in_page
from zhiheng.web.views.portal_story import tabs_of, ticket_page, ticket_row
from zhiheng.web.views.request_form import ReplyForm, SendBackForm


@signed_in_page
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """One's tickets, open or all; for a representative also those of the organisation. `?number=` goes to one."""
    actor, person = current().actor, person_of(request)
    number = request.GET.get("number", "").strip()
    wanted = queries.ticket_numbered(actor, number) if number else None
    if wanted is not None:
        return redirect("web:portal_ticket", number=wanted.number)
    sees_all = queries.sees_organisation(actor)
    view = request.GET.get("view", "")
    view = view if view in {"all", "organisation"} and (view != "organisation" or sees_all) else "open"
    before = request.GET.get("before", "")
    rows, older = queries.page_before(
        queries.tickets_of(
            actor,
            person,
            whose="organisation" if view == "organisation" else "mine",
            open_only=view == "open",
        ),
        before=int(before) if before.isdecimal() else None,
    )
    context = {
        "tickets": [ticket_row(ticket) for ticket in rows], "older": older, "view": view, "number": number,
        "tabs": tabs_of(view, organisation=sees_all),
    }  # fmt: skip
    return render(request, "web/portal/tickets.html", context)


@signed_in_page
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket: where it stands, what was said, what the requester can do."""
    return _page(request, _ticket(number), ReplyForm(), SendBackForm())


@signed_in_page
@require_POST
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Answer, with files if there are any."""
    ticket = _ticket(number)
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, ticket, form, SendBackForm(), status=422)
    given = form.cleaned_data
    try:
        services.answer(
            actor=current().actor,
            person=person_of(request),
            ticket=ticket,
            body=given["body"],
            files=given["uploads"],
        )
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error("uploads" if error.code.startswith("file") else None, str(error))
        return _page(request, ticket, form, SendBackForm(), status=error.status)
    messages.success(request, _("Your answer is with us."))
    return redirect("web:portal_ticket", number=number)


@signed_in_page
@require_POST
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Not accepted: back to work, with the reason."""
    ticket = _ticket(number)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, ReplyForm(), form, status=422)
    return _act(
        request,
        ticket,
        lambda: services.send_back(
            actor=current().actor,
            person=person_of(request),
            ticket=ticket,
            reason=form.cleaned_data["reason"],
        ),
        _("It is back with us. We go on working on it."),
    )


@signed_in_page
@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Accepted."""
    ticket = _ticket(number)
    return _act(
        request,
        ticket,
        lambda: services.confirm(actor=current().actor, person=person_of(request), ticket=ticket),
        _("Thank you. The ticket is completed."),
    )


@signed_in_page
@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """Ask to go faster."""
    ticket = _ticket(number)
    return _act(
        request,
        ticket,
        lambda: services.urge(actor=current().actor, person=person_of(request), ticket=ticket),
        _("Whoever works on it has been told that it is urgent to you."),
    )


def _act(request: HttpRequest, ticket: Ticket, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("web:portal_ticket", number=ticket.number)


def _ticket(number: str) -> Ticket:
    found = queries.ticket_numbered(current().actor, number)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, ticket: Ticket, reply_form: ReplyForm, back_form: SendBackForm, status: int = 200
) -> HttpResponse:
    actor, person = current().actor, person_of(request)
    speaks = services.acts_for(actor, person, ticket)
    context = ticket_page(ticket, person, speaks=speaks) | {"form": reply_form, "back_form": back_form}
    return render(request, "web/portal/ticket.html", context, status=status)
