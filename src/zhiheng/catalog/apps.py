"""Django's handle on this package."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "zhiheng.catalog"
    label = "catalog"
