"""The page of a ticket, and the small acts on it that need no form of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhiheng.desk import queries, services
from zhiheng.desk.models import Ticket
from zhiheng.desk.records import panels
from zhiheng.desk.records.forms import ASKED, TransitionForm, moves_of
from zhiheng.desk.records.tickets import TICKET
from zhiheng.desk.showing.states import state_name
from zhiheng.desk.showing.story import story_of
from zhiheng.kernel.errors import DomainError, NotAllowed
from zhiheng.kernel.text import localized
from zhiheng.platform.files import attach_file
from zhiheng.platform.grants import person_of
from zhiheng.platform.notifications import unwatch, watch
from zhiheng.platform.tags import add_tag, remove_tag
from zhiheng.processes.choices import FINAL, StateCategory
from zhiheng.processes.queries import definition_of
from zhiheng.processes.rules import Transition
from zhiheng.records.routes import record_url
from zhiheng.records.services import perform_act
from zhiheng.records.views.acts import ActPage, done
from zhiheng.records.views.detail import Detail
from zhiheng.records.views.page import DetailPage
from zhiheng.ui.components import ActButton, Message, Timeline

MOST_BUTTONS = 3
SAYING = ("reply", "note")
IN_MENU = frozenset({"prioritise", "restore", "link", "attach_item"})


class TicketDetail(Detail):
    """`/desk/tickets/7/`: the derived page under a head that shows state, priority and the next steps."""

    record_type = TICKET
    template = "desk/ticket.html"

    def render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The page with its head."""
        page = context.get("page")
        if page is not None:
            ticket = page.record
            moves = moves_of(ticket) if page.may("transition") else []
            moves.sort(key=lambda move: not move.primary)
            shown = [move for move in moves if not drops(ticket, move)][:MOST_BUTTONS]
            context |= {
                "state": state_name(ticket),
                "kind": str(ticket.kind),
                "moves": [move_button(ticket, move) for move in shown],
                "more_moves": [move_button(ticket, move) for move in moves if move not in shown],
                "claim": any(act.name == "claim" for act in context["acts"]),
                "assign": any(act.name == "assign" for act in context["acts"]),
                "say": [act for act in context["acts"] if act.name in SAYING],
                "more_acts": [act for act in context["acts"] if act.name in IN_MENU],
                "over": ticket.state_category in FINAL,
            }
        return super().render(template, context, status)


class TicketPeek(TicketDetail):
    """The ticket beside the list: what it is, how long is left, who has it, and what was said last."""

    template = "desk/peek.html"
    PANELS = (panels.Clocks(), panels.Handling())
    SAID = 3

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        ticket = self.record(pk)
        page = DetailPage(self.request, TICKET, ticket, self.actor)
        said = [item for item in story_of(page).timeline().items if isinstance(item, Message)]
        context = {
            "record": ticket,
            "page": page,
            "acts": self.acts(page),
            "side": page.draw(self.PANELS),
            "said": Timeline(tuple(said[-self.SAID :])),
            "earlier": max(0, len(said) - self.SAID),
        }
        return self.render(self.template, context)


def drops(ticket: Ticket, move: Transition) -> bool:
    """Whether the step gives the ticket up; it stands in the menu, away from the everyday ones."""
    return definition_of(ticket.process_version_id).category(move.target) == StateCategory.CANCELLED


def move_button(ticket: Ticket, move: Transition) -> ActButton:
    """The next step as a button: done at once where it asks for nothing, else its form."""
    url = record_url(ticket, "act", name="transition")
    words, key = localized(dict(move.name)), "s" if move.primary else ""
    ready = not set(move.needs) & set(ASKED) and ("assignee" not in move.needs or ticket.assignee_id)
    if ready:
        return ActButton(
            label=words, post_url=url, name="to", value=move.target, key=key, primary=move.primary
        )
    form = f"{url}?to={move.target}"
    return ActButton(label=words, url=form, load_url=form, key=key, primary=move.primary)


class MovePage(ActPage):
    """`/desk/tickets/7/act/transition/?to=solved`: asks only for what that one step needs."""

    record_type = TICKET

    def get(self, request: HttpRequest, pk: int, name: str = "transition") -> HttpResponse:
        ticket = self._record(pk, name)
        form = TransitionForm(record=ticket, actor=self.actor, to=request.GET.get("to", ""))
        return self._form_page(ticket, form)

    def post(self, request: HttpRequest, pk: int, name: str = "transition") -> HttpResponse:
        ticket, act = self._record(pk, name), self._act(name)
        form = TransitionForm(request.POST, record=ticket, actor=self.actor, to=request.POST.get("to", ""))
        if form.is_valid():
            try:
                perform_act(record_type=TICKET, act=act, record=ticket, values=_given(form.cleaned_data))
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                return done(request, ticket, f"{ticket.number}{_(': ')}{state_name(ticket)}")
        return self._form_page(ticket, form, status=422)

    def _form_page(self, ticket: Ticket, form: TransitionForm, status: int = 200) -> HttpResponse:
        act = self._act("transition")
        context = {"act": act, "record": ticket, "form": form, "title": getattr(form, "title", act.words)}
        part = getattr(self.request, "htmx", None)
        return self.render("desk/move_form.html" if part else "desk/move.html", context, status=status)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


class Say(ActPage):
    """The composer: a reply, a note, or a question that puts the ticket on hold; files go with the message."""

    record_type = TICKET

    def post(self, request: HttpRequest, pk: int, name: str = "") -> HttpResponse:  # noqa: ARG002 - the base's signature
        said, pause = request.POST.get("say", "reply"), request.POST.get("pause", "")
        act_name = {"note": "note", "ask": "transition"}.get(said, "reply")
        ticket, body = self._record(pk, act_name), request.POST.get("body", "")
        values: dict[str, Any] = {"body": body}
        if act_name == "transition":
            values = {"to": pause, "question": body}
        try:
            made = perform_act(record_type=TICKET, act=self._act(act_name), record=ticket, values=values)
            message = ticket.messages.order_by("-id").first() if made is ticket else made
            for upload in request.FILES.getlist("files"):
                attach_file(record=message, upload=upload)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(f"{record_url(ticket)}?say={said}#composer")
        return redirect(f"{record_url(ticket)}#message-{message.pk}")


class SmallAct(ActPage):
    """Tags, watching, files and taking off links: one POST, back to the ticket."""

    record_type = TICKET

    def post(self, request: HttpRequest, pk: int, name: str = "") -> HttpResponse:
        ticket = self.record(pk)
        try:
            SMALL_ACTS[name](self, request, ticket)
        except KeyError as error:
            raise Http404 from error
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(record_url(ticket))

    def tag(self, request: HttpRequest, ticket: Ticket) -> None:
        """Put a word on the ticket."""
        self._require("change", ticket)
        add_tag(record=ticket, name=request.POST.get("tag", ""))

    def untag(self, request: HttpRequest, ticket: Ticket) -> None:
        """Take a word off."""
        self._require("change", ticket)
        remove_tag(record=ticket, name=request.POST.get("tag", ""))

    def watch(self, request: HttpRequest, ticket: Ticket) -> None:
        """Follow or stop following."""
        person_id = person_of(self.actor)
        if person_id is not None:
            change = watch if request.POST.get("on") else unwatch
            change(person_id=person_id, record=ticket)

    def attach(self, request: HttpRequest, ticket: Ticket) -> None:
        """Keep files with the ticket."""
        self._require("change", ticket)
        for upload in request.FILES.getlist("files"):
            attach_file(record=ticket, upload=upload)

    def unlink(self, request: HttpRequest, ticket: Ticket) -> None:
        """Take a link to another ticket off."""
        self._require("link", ticket)
        link = queries.link_of(ticket, key=_key(request))
        if link is not None:
            services.unlink_tickets(link=link)

    def detach(self, request: HttpRequest, ticket: Ticket) -> None:
        """Take a configuration item off."""
        self._require("attach_item", ticket)
        row = queries.item_of(ticket, key=_key(request))
        if row is not None:
            services.detach_item(link=row)

    def _require(self, action: str, ticket: Ticket) -> None:
        if not self.may(action, ticket):
            raise NotAllowed(_("You may not do this here."))


def _key(request: HttpRequest) -> int:
    text = request.POST.get("key", "")
    return int(text) if text.isdigit() else 0


SMALL_ACTS = {
    "tag": SmallAct.tag, "untag": SmallAct.untag, "watch": SmallAct.watch, "attach": SmallAct.attach,
    "unlink": SmallAct.unlink, "detach": SmallAct.detach,
}  # fmt: skip
