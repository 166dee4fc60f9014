"""The Django app of the platform: discovers handlers and jobs of every app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlatformConfig(AppConfig):
    """One app for journal, jobs, grants, files, notifications, tags and saved views."""

    name = "zhiheng.platform"
    label = "platform"
    verbose_name = _("Platform")
