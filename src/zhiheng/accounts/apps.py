"""Django's handle on this package."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhiheng.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Wire what needs loaded models."""
        import_module("zhiheng.accounts.wiring")
