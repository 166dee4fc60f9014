"""The Django app of the platform: discovers the jobs, handlers and wiring of every app."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

TOPICS = ("journal", "grants", "files", "notifications", "tags", "views")
DISCOVERED = ("jobs", "handlers")


class PlatformConfig(AppConfig):
    """One app for journal, jobs, grants, files, notifications, tags and saved views."""

    name = "zhiheng.platform"
    label = "platform"
    verbose_name = _("Platform")

    def ready(self) -> None:
        """Import the modules `jobs`, `handlers` and `wiring` of every app, and those of the platform's topics."""
        for topic in TOPICS:
            for module in (*DISCOVERED, "checks"):
                name = f"{self.name}.{topic}.{module}"
                if find_spec(name) is not None:
                    import_module(name)
        import_module(f"{self.name}.db.lookups")
        import_module(f"{self.name}.jobs.housekeeping")
        import_module(f"{self.name}.backup.acts")
        autodiscover_modules(*DISCOVERED, "wiring")
        register(import_module(f"{self.name}.journal.checks").check_journaled_models)
        post_migrate.connect(start_cursors, sender=self)


def start_cursors(using: str, **_kwargs: Any) -> None:
    """Give new handlers their place before the first entry they must not miss is written."""
    cursors = import_module("zhiheng.platform.journal.cursors")
    if "platform_handlercursor" in connections[using].introspection.table_names():
        cursors.ensure_cursors()
