"""Django's handle on this package."""

from django.apps import AppConfig


class CmdbConfig(AppConfig):
    name = "zhiheng.cmdb"
    label = "cmdb"
