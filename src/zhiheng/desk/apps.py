"""Django's handle on this package."""

from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "zhiheng.desk"
    label = "desk"

    def ready(self) -> None:
        """Wire what needs loaded models."""
        import_module("zhiheng.desk.wiring")
