"""The kinds and processes every installation starts with: request and incident."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext

from zhiheng.kernel.text import bilingual
from zhiheng.processes.models import Kind, Process
from zhiheng.processes.services.versions import activate_version, draft_version

SHIPPED = Path(__file__).parent / "shipped"


@dataclass(frozen=True, slots=True)
class ShippedKind:
    slug: str
    zh: str
    en: str
    prefix: str
    order: int
    about_faults: bool = False


KINDS = (
    ShippedKind("request", "服务请求", "Request", "REQ", 10),
    ShippedKind("incident", "事件", "Incident", "INC", 20, about_faults=True),
)


def install_processes() -> None:
    """Add the shipped kinds and an active version of their default process where they are missing."""
    for shipped in KINDS:
        kind = Kind.objects.filter(slug=shipped.slug).first()
        if kind is None:
            kind = Kind(
                slug=shipped.slug, name=bilingual(zh=shipped.zh, en=shipped.en), prefix=shipped.prefix,
                order=shipped.order, about_faults=shipped.about_faults, in_portal=True,
            )  # fmt: skip
            kind.save()
        if not Process.objects.filter(kind=kind).exists():
            process = Process(
                slug=f"{shipped.slug}-default", kind=kind, is_default=True,
                name=bilingual(zh=f"{shipped.zh}默认流程", en=f"{shipped.en}, default process"),
            )  # fmt: skip
            process.save()
            document = json.loads((SHIPPED / f"{shipped.slug}.json").read_text(encoding="utf-8"))
            activate_version(
                version=draft_version(
                    process=process, document=document, note=gettext("Shipped with the product")
                )
            )
