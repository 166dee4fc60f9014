"""Django's handle on this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhiheng.accounts"
    label = "accounts"
