"""The services and offerings of the sample provider, from `catalogue.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from zhiheng.catalog.models import Offering, Service


def install_catalogue() -> None:
    """Add the services and offerings that are missing."""
    tables = tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text(encoding="utf-8"))
    for slug, table in tables.items():
        service = Service.objects.filter(slug=slug).first()
        if service is None:
            service = Service(slug=slug, name=table["name"], summary=table["summary"])
            service.save()
        for offering, held in table["offerings"].items():
            if not Offering.objects.filter(slug=offering).exists():
                Offering(
                    service=service, slug=offering, name=held["name"], description=held["description"]
                ).save()
