"""Django's handle on this package."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "zhiheng.processes"
    label = "processes"
