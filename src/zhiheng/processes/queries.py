"""Reading processes: definitions by version, the default process of a kind."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import NotFound
from zhiheng.processes.choices import VersionStatus
from zhiheng.processes.models import Kind, ProcessVersion
from zhiheng.processes.rules import Definition, read_definition
from zhiheng.records.vocabularies import Word


@lru_cache(maxsize=256)
def definition_of(version_id: int) -> Definition:
    """The parsed definition of a version. An active version never changes, so the parse is kept."""
    return read_definition(ProcessVersion.objects.only("document").get(pk=version_id).document)


def active_version(*, kind: Kind) -> ProcessVersion:
    """The version that a new ticket of this kind starts on. Raises NotFound with what to do.

    Its document is long and kept, parsed, by `definition_of`.
    """
    version = (
        ProcessVersion.objects.select_related("process")
        .defer("document")
        .filter(process__kind=kind, process__is_default=True, status=VersionStatus.ACTIVE)
        .first()
    )
    if version is None:
        raise NotFound(
            _("No active process for tickets of kind %(kind)s. Activate a version of its default process.")
            % {"kind": kind},
            code="no_active_process",
        )
    return version


def newest_document(*, process_id: int) -> dict[str, Any] | None:
    """The definition of the newest version of a process, draft or not; None where it has none yet."""
    found = (
        ProcessVersion.objects.filter(process=process_id)
        .order_by("-number")
        .values_list("document", flat=True)
    )
    return found.first()


def tickets_by_state(*, version: ProcessVersion) -> dict[str, int]:
    """How many tickets stand in each state of a version now."""
    rows = version.tickets.order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def portal_kinds() -> list[Kind]:
    """Kinds a requester may open in the portal."""
    return list(Kind.objects.filter(in_portal=True, retired=False))


def kind_words() -> list[Word]:
    """Every kind by key and name; those in use are offered."""
    return [Word(kind.slug, str(kind), offered=not kind.retired) for kind in Kind.objects.all()]


def kind_named(slug: str) -> Kind:
    """The kind with this key. Raises NotFound."""
    kind = Kind.objects.filter(slug=slug).first()
    if kind is None:
        raise NotFound(
            _("There is no ticket kind %(slug)s.") % {"slug": slug}, code="unknown_kind", field="kind"
        )
    return kind
