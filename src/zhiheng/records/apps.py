"""The Django app of the record machinery: finds every declaration and checks it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Imports `records` and `panels` of every app once all models are there."""

    name = "zhiheng.records"
    label = "records"
    verbose_name = _("Record types")

    def ready(self) -> None:
        autodiscover_modules("records", "panels")
