"""Drawing up a version of a process and activating it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act
from zhiheng.processes import events
from zhiheng.processes.choices import VersionStatus
from zhiheng.processes.models import Process, ProcessVersion
from zhiheng.processes.queries import definition_of
from zhiheng.processes.rules import DefinitionError, read_definition


def draft_version(*, process: Process, document: Mapping[str, Any], note: str = "") -> ProcessVersion:
    """Store a new draft of a process. Raises InvalidInput when the document breaks a rule."""
    check_definition(document)
    with drawing_up(process):
        latest = process.versions.aggregate(latest=Max("number"))["latest"]
        version = ProcessVersion(
            process=process, number=(latest or 0) + 1, document=dict(document), note=note
        )
        version.save()
    # A transaction that was undone may have parsed a definition under this id, which SQLite gives away again.
    definition_of.cache_clear()
    return version


@contextmanager
def drawing_up(process: Process) -> Iterator[None]:
    """Let nobody else number or activate a version of this process until the transaction ends."""
    with transaction.atomic():
        Process.objects.select_for_update().get(pk=process.pk)
        yield


def refuse_unless_draft(version: ProcessVersion, refusal: Promise) -> None:
    """Raise Conflict when the version, as it is stored now, is no draft; the caller's copy may be older."""
    if ProcessVersion.objects.values_list("status", flat=True).get(pk=version.pk) != VersionStatus.DRAFT:
        raise Conflict(refusal, code="not_a_draft")


def check_definition(document: Mapping[str, Any]) -> None:
    """Raise InvalidInput with the place and the rule when a process document cannot be used."""
    try:
        read_definition(document)
    except DefinitionError as error:
        raise InvalidInput(
            _("The process definition cannot be used: %(why)s.") % {"why": error},
            code="bad_definition",
            field="document",
        ) from error


def change_draft(*, version: ProcessVersion, **values: Any) -> ProcessVersion:
    """Change a draft. Raises Conflict for a version that tickets may run on, InvalidInput for a bad definition."""
    if "document" in values:
        check_definition(values["document"])
    with drawing_up(version.process):
        refuse_unless_draft(
            version, _("Only a draft can be changed; copy this version into a new draft first.")
        )
        for name, value in values.items():
            setattr(version, name, value)
        version.full_clean()
        version.save()
    definition_of.cache_clear()
    return version


def revise_version(*, version: ProcessVersion) -> ProcessVersion:
    """A new draft with the wording of this version, to be changed and activated."""
    note = str(_("Copied from version %(number)s.") % {"number": version.number})
    return draft_version(process=version.process, document=version.document, note=note)


def activate_version(*, version: ProcessVersion) -> ProcessVersion:
    """Make a draft the version new tickets start on; the one before it retires, running tickets keep theirs.

    Raises Conflict for a version that is or was active.
    """
    with drawing_up(version.process):
        refuse_unless_draft(
            version, _("Only a draft can be activated; copy this version into a new draft first.")
        )
        for old in ProcessVersion.objects.filter(process=version.process, status=VersionStatus.ACTIVE):
            old.status = VersionStatus.RETIRED
            old.save(update_fields=["status"])
        with act(events.ACTIVATED, record=version):
            version.status = VersionStatus.ACTIVE
            version.activated_at = now()
            version.save(update_fields=["status", "activated_at"])
    definition_of.cache_clear()
    return version
