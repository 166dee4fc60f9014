"""Django's handle on this package."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "zhiheng.agreements"
    label = "agreements"
