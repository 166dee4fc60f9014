"""The Django app of the record machinery: finds every declaration and checks it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Imports `records` and `panels` of every app once all models are there."""

    name = "zhiheng.records"
    label = "records"
    verbose_name = _("Record types")

    def ready(self) -> None:
        import_module("zhiheng.records.wiring")
        autodiscover_modules("records", "panels")
