"""The inbox: what a person was told, how many lines are unread, and what they wish to hear of."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.journal import acts
from zhiheng.platform.links import address_of
from zhiheng.platform.notifications import (
    clear_preference,
    inbox_of,
    mark_all_read,
    mark_read,
    preferences_of,
    set_preference,
    unread_count,
)
from zhiheng.records.registry import record_words

PAGE = 50


@login_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The newest lines, or those before `?before=`."""
    before = request.GET.get("before", "")
    lines = inbox_of(
        person_id=_person_id(request), before_id=int(before) if before.isdecimal() else None, limit=PAGE + 1
    )
    older = lines[PAGE - 1].pk if len(lines) > PAGE else None
    unread = any(line.read_at is None for line in lines)
    context = {"lines": lines[:PAGE], "older": older, "unread": unread, "newest": lines[0].pk if lines else 0}
    return render(request, "accounts/notifications.html", context)


@login_required
@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """How many lines are unread, with an ETag: an unchanged poll costs 304 and no body."""
    unread = unread_count(person_id=_person_id(request))
    tag = f'"unread-{unread}"'
    response: HttpResponse = JsonResponse({"unread": unread})
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    response.headers["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@login_required
@require_POST
def open_one(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark a line as read and go to its record."""
    found = mark_read(person_id=_person_id(request), notification_id=notification_id)
    if found is None:
        raise Http404
    return redirect(address_of(found.record_type, found.record_id) or "accounts:notifications")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything shown as read; what arrived since stays unread."""
    newest = request.POST.get("newest", "")
    mark_all_read(person_id=_person_id(request), up_to_id=int(newest) if newest.isdecimal() else 0)
    return redirect("accounts:notifications")


def _choices() -> list[tuple[str, str]]:
    """Every act there is, under everything and everything of one record type."""
    kinds = sorted({name.rpartition(".")[0] for name in acts})
    words = {kind: record_words(kind) for kind in kinds}
    named = [
        (name, f"{words[name.rpartition('.')[0]]}{_(': ')}{act.label}") for name, act in sorted(acts.items())
    ]
    return [
        ("*", _("Everything")),
        *((f"{kind}.*", _("%(kind)s: everything") % {"kind": words[kind]}) for kind in kinds),
        *named,
    ]


class PreferenceForm(forms.Form):
    """One wish: an act or a prefix, and the ways it reaches the person."""

    acts_wanted = forms.ChoiceField(label=gettext_lazy("Of what"), choices=_choices)
    in_app = forms.BooleanField(label=gettext_lazy("In the inbox"), required=False, initial=True)
    by_mail = forms.BooleanField(label=gettext_lazy("By e-mail"), required=False, initial=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What the person wishes to hear of; a wish can be added, replaced and taken back."""
    person_id = _person_id(request)
    if request.method == "POST" and "clear" in request.POST:
        clear_preference(person_id=person_id, acts_wanted=request.POST["clear"])
        return redirect("accounts:notification_preferences")
    form = PreferenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_preference(person_id=person_id, **form.cleaned_data)
        except InvalidInput as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Your preferences are saved."))
            return redirect("accounts:notification_preferences")
    names = dict(_choices())
    rows = [(row, names.get(row.acts, row.acts)) for row in preferences_of(person_id=person_id)]
    return render(request, "accounts/notification_preferences.html", {"form": form, "rows": rows})


def _person_id(request: HttpRequest) -> int:
    assert request.user.pk is not None
    return int(request.user.pk)
