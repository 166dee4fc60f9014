"""Django's handle on this package."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "zhiheng.desk"
    label = "desk"
