"""One's own preferences: language, time zone, theme."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhiheng.accounts.adapter import remember_look
from zhiheng.accounts.choices import Language, Theme
from zhiheng.accounts.models import Person
from zhiheng.accounts.services import change_preferences


def _zones() -> list[tuple[str, object]]:
    named = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/"))
    )
    return [("", gettext_lazy("The provider's time zone")), *((zone, zone) for zone in named)]


class PreferencesForm(forms.Form):
    """How pages look to the person."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("As the browser asks")), *Language.choices],
        required=False,
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=_zones, required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), choices=Theme.choices)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show and keep the preferences."""
    person = request.user
    assert isinstance(person, Person)
    current = {"language": person.language, "time_zone": person.time_zone, "theme": person.theme}
    form = PreferencesForm(request.POST or None, initial=current)
    if request.method == "POST" and form.is_valid():
        change_preferences(person=person, **form.cleaned_data)
        with translation.override(person.language or translation.get_language()):
            messages.success(request, _("Your preferences are saved."))
        response = redirect("accounts:me")
        remember_look(response, person, secure=request.is_secure())
        return response
    return render(request, "accounts/me.html", {"form": form, "person": person})
