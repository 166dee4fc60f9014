"""Django's handle on this package."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "zhiheng.indicators"
    label = "indicators"
