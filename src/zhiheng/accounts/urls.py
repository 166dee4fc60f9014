"""Addresses of accounts: one's own pages here, signing in and the second factor by allauth."""

from allauth.account.urls import urlpatterns as sign_in_patterns
from django.urls import include, path
from django.views.generic import RedirectView

from zhiheng.accounts.views import inbox, me, sign_in, tokens

own = [
    path("me/", me.show, name="me"),
    path("notifications/", inbox.show, name="notifications"),
    path("notifications/count/", inbox.count, name="notification_count"),
    path("notifications/read/", inbox.read_all, name="notifications_read"),
    path("notifications/preferences/", inbox.preferences, name="notification_preferences"),
    path("notifications/<int:notification_id>/", inbox.open_one, name="notification_open"),
    path("tokens/", tokens.show, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="token_revoke"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("login/", sign_in.login, name="account_login"),
    # The address of a person is kept by administration; allauth's own page for it is not offered.
    path("email/", RedirectView.as_view(pattern_name="accounts:me"), name="account_email"),
    path("", include(sign_in_patterns)),
    path("two-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
