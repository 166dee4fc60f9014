"""The journal for auditors and administrators: entries, handlers, dead letters, seal and verification."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhiheng.kernel.actor import ActorKind, Cause, current
from zhiheng.kernel.errors import DomainError
from zhiheng.platform.grants import require
from zhiheng.platform.jobs import enqueue
from zhiheng.platform.journal import EntryView, acts, entries_of_operation, entry_with, full_text
from zhiheng.platform.journal.archive.place import ArchiveUnreadable
from zhiheng.platform.journal.jobs import verify_entries
from zhiheng.platform.journal.parking import drop_dead_letters, replay_dead_letters
from zhiheng.platform.links import address_of
from zhiheng.platform.models import Entry, Parked
from zhiheng.records.registry import record_words, registry
from zhiheng.records.timeline import field_words
from zhiheng.ui import components
from zhiheng.ui.inputs import DayInput
from zhiheng.web.queries import ledger, work
from zhiheng.web.views.page import signed_in_page

CAUSES = {
    Cause.PAGE: gettext_lazy("page"), Cause.PORTAL: gettext_lazy("portal"), Cause.API: gettext_lazy("API"),
    Cause.IMPORT: gettext_lazy("import"), Cause.JOB: gettext_lazy("job"), Cause.COMMAND: gettext_lazy("command"),
    Cause.RULE: gettext_lazy("rule"), Cause.MAIL: pgettext_lazy("channel", "e-mail"),
    Cause.BULK: gettext_lazy("bulk act"),
    Cause.HISTORY: gettext_lazy("loaded history"), Cause.SETUP: gettext_lazy("set-up"),
    Cause.SIGN_IN: gettext_lazy("sign-in"),
}  # fmt: skip


MOST_SIBLINGS = 40


class EntryFilterForm(forms.Form):
    """What to look for."""

    record_type = forms.CharField(label=gettext_lazy("Record type"), required=False, max_length=80)
    record_id = forms.IntegerField(label=gettext_lazy("Record"), required=False, min_value=1)
    act = forms.CharField(label=gettext_lazy("Act begins with"), required=False, max_length=100)
    cause = forms.ChoiceField(
        label=gettext_lazy("Triggered by"),
        required=False,
        choices=[("", "—"), *((key.value, word) for key, word in CAUSES.items())],
    )
    username = forms.CharField(label=gettext_lazy("Sign-in name"), required=False, max_length=150)
    since = forms.DateField(label=pgettext_lazy("journal", "From"), required=False, widget=DayInput())
    until = forms.DateField(
        label=pgettext_lazy("journal", "Until"),
        required=False,
        widget=DayInput(),
    )
    correlation = forms.UUIDField(label=pgettext_lazy("journal", "Operation"), required=False)

    def wanted(self) -> ledger.EntryFilter:
        """The filter that was filled in."""
        return ledger.EntryFilter(**{name: value for name, value in self.cleaned_data.items() if value})


@signed_in_page
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Entries, newest first."""
    require(current().actor, "view", Entry)
    form = EntryFilterForm(request.GET)
    before = request.GET.get("before", "")
    views: list[EntryView] = []
    older = None
    if form.is_valid():
        try:
            views, older = ledger.entry_page(
                form.wanted(), before=int(before) if before.isdecimal() else None
            )
        except DomainError as error:
            form.add_error(None, str(error))
    names = ledger.actor_names(views)
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form, "lines": [_line(view, names) for view in views], "older": older, "query": query.urlencode(),
        "acts": sorted(acts), "filtered": any(request.GET.get(name) for name in form.fields),
    }  # fmt: skip
    return render(request, "web/operations/journal.html", context)


@signed_in_page
@require_GET
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: before and after, and everything else that the same operation did."""
    require(current().actor, "view", Entry)
    try:
        view = entry_with(entry_id)
    except Entry.DoesNotExist as error:
        raise Http404 from error
    unread = ""
    try:
        siblings = entries_of_operation(view.correlation, limit=MOST_SIBLINGS)
    except ArchiveUnreadable as error:
        # The entry itself was read, and is what was asked for.
        siblings, unread = [], str(error)
    names = ledger.actor_names([view, *siblings])
    context = {
        "line": _line(view, names), "view": view,
        "changes": [
            (name, field_words(registry.get(view.record_type), name), *map(_shown, pair))
            for name, pair in view.changes.items()
        ],
        "data": json.dumps(dict(view.data), ensure_ascii=False, indent=2, default=str) if view.data else "",
        "siblings": [_line(each, names) for each in siblings if each.id != entry_id], "unread": unread,
    }  # fmt: skip
    return render(request, "web/operations/entry.html", context)


@signed_in_page
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Handlers, dead letters, the seal, the archive, and what the last verification found."""
    actor = current().actor
    require(actor, "view", Parked)
    verified = work.last_of(verify_entries.module_path)
    context = {
        "handlers": ledger.handler_states(), "letters": [_letter(each) for each in ledger.given_up()],
        "seal": ledger.seal_state(), "archive": ledger.archive_look(), "verified": verified,
        "result": verified.result if verified and isinstance(verified.result, dict) else None,
    }  # fmt: skip
    return render(request, "web/operations/journal_state.html", context)


@signed_in_page
@require_POST
def verify(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature of a view
    """Start a verification as a job."""
    require(current().actor, "view", Parked)
    job = enqueue(verify_entries)
    return (
        redirect("web:job", job_id=job.pk)
        if work.job_with(current().actor, job.pk)
        else redirect("web:journal_state")
    )


@signed_in_page
@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """Try the chosen dead letters again, or forget them."""
    require(current().actor, "change", Parked)
    ids = [int(each) for each in request.POST.getlist("selected") if each.isdecimal()]
    if "drop" in request.POST:
        count = drop_dead_letters(ids=ids)
        messages.success(request, _("%(count)s dead letters forgotten.") % {"count": count})
    else:
        count = replay_dead_letters(ids=ids)
        messages.success(request, _("%(count)s entries will be tried again.") % {"count": count})
    return redirect("web:journal_state")


def _line(view: EntryView, names: dict[int, str]) -> dict[str, Any]:
    """An entry as a line: who, what, on what, why."""
    who = {
        ActorKind.SYSTEM: _("System"),
        ActorKind.RULE: _("Rule"),
        ActorKind.JOB: _("Job"),
        ActorKind.ANONYMOUS: _("Anonymous"),
    }
    if view.actor.kind is ActorKind.PERSON and view.actor.id:
        name, kind = names.get(view.actor.id, f"#{view.actor.id}"), "staff"
    else:
        name, kind = who.get(view.actor.kind, view.actor.kind.value), "system"
    record_type = registry.get(view.record_type)
    return {
        "view": view, "who": components.Avatar(name, kind=kind, size="small"), "cause": CAUSES[view.cause],
        "record": f"{record_words(view.record_type)} {view.record_id or ''}".strip(),
        "record_url": address_of(view.record_type, view.record_id) if view.record_id else "",
        "fields": _(", ").join(field_words(record_type, name) for name in view.changes),
    }  # fmt: skip


def _letter(parked: Parked) -> dict[str, Any]:
    """A dead letter with the record that it is about."""
    words = f"{record_words(parked.record_type)} {parked.record_id or ''}".strip()
    url = address_of(parked.record_type, parked.record_id) if parked.record_id else ""
    return {"parked": parked, "record": words, "record_url": url}


def _shown(value: Any) -> str:
    """A value of a change, long texts from their revision."""
    text = full_text(value)
    if text is None:
        return "—"
    return text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, default=str)
