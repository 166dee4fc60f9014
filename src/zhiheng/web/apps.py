"""Django's handle on this package."""

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "zhiheng.web"
    label = "web"

    def ready(self) -> None:
        """Wire what needs loaded models."""
        import_module("zhiheng.web.wiring")
