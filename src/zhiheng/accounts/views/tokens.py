"""One's own API tokens: issue, see, revoke."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhiheng.accounts.models import Person
from zhiheng.accounts.queries import tokens_of
from zhiheng.accounts.services import issue_token, revoke_token
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now

DAYS = ((30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("a year")))


class TokenForm(forms.Form):
    """What a new token is for."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("What will use it.")
    )
    permissions = forms.CharField(
        label=gettext_lazy("Permissions"),
        widget=forms.Textarea(attrs={"rows": 3}),
        initial="*:view",
        help_text=gettext_lazy("One a line, such as desk.ticket:view. It can never do more than you may."),
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Ends after"), choices=DAYS, coerce=int, initial=90)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The person's tokens; the secret of a new one is shown this once."""
    person = request.user
    assert isinstance(person, Person)
    form = TokenForm(request.POST or None)
    secret = _issue(person, form) if request.method == "POST" and form.is_valid() else ""
    if secret:
        form = TokenForm()
    rows = [(token, token.revoked_at is None and token.expires_at > now()) for token in tokens_of(person)]
    return render(request, "accounts/tokens.html", {"form": form, "rows": rows, "secret": secret})


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of one's own tokens."""
    person = request.user
    assert isinstance(person, Person)
    token = tokens_of(person).filter(pk=token_id).first()
    if token is None:
        raise Http404
    revoke_token(apitoken=token)
    messages.success(request, _("The token is revoked."))
    return redirect("accounts:tokens")


def _issue(person: Person, form: TokenForm) -> str:
    try:
        _token, secret = issue_token(
            person=person,
            name=form.cleaned_data["name"],
            permissions_wanted=form.cleaned_data["permissions"].split(),
            expires_at=now() + timedelta(days=form.cleaned_data["days"]),
        )
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return ""
    return secret
