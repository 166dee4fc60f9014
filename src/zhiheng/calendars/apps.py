"""Django's handle on this package."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "zhiheng.calendars"
    label = "calendars"
