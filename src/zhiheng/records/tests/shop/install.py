"""Installs the shop as an app beside those of the settings: in the process of the tests and in those they start."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig, apps


def install_shop() -> None:
    """Make the shop's models, migrations and declarations known; a second call does nothing."""
    if "shop" in apps.app_configs:
        return
    shop = AppConfig.create("zhiheng.records.tests.shop")
    shop.apps = apps
    apps.app_configs["shop"] = shop
    shop.import_models()
    apps.clear_cache()
    import_module("zhiheng.records.tests.shop.records")
