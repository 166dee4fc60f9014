"""Django's handle on this package."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IndicatorsConfig(AppConfig):
    name = "zhiheng.indicators"
    label = "indicators"

    def ready(self) -> None:
        # Domains say in their module `facts` what they contribute to the mirror.
        autodiscover_modules("facts")
