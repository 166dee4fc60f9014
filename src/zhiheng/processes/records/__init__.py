"""Record types of processes: kinds of tickets, processes, and their versions with a drawn map."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import Everyone
from zhiheng.processes import services
from zhiheng.processes.choices import VersionStatus
from zhiheng.processes.models import Kind, Process, ProcessVersion
from zhiheng.processes.panels import StateMap
from zhiheng.processes.records.editor import VersionForm
from zhiheng.records import Act, Column, Fields, Fixed, Menu, RecordType, Related, Section, Timeline, register


def activate(*, record: ProcessVersion) -> ProcessVersion:
    """Make the draft the version new tickets start on."""
    return services.activate_version(version=record)


def revise(*, record: ProcessVersion) -> ProcessVersion:
    """Copy the version into a new draft."""
    return services.revise_version(version=record)


def change(*, record: ProcessVersion, **values: Any) -> ProcessVersion:
    """Change the draft."""
    return services.change_draft(version=record, **values)


def is_draft(version: ProcessVersion, actor: Actor) -> bool:  # noqa: ARG001 - the signature of an act's condition
    """Whether the version can still be changed and activated."""
    return version.status == VersionStatus.DRAFT


def why_fixed(version: ProcessVersion) -> Promise | str:
    """Why a version is not changed any more; empty for a draft."""
    return FIXED.get(version.status, "")


FIXED: dict[str, Promise] = {
    VersionStatus.ACTIVE: _(
        "This version is in force: tickets run on it, so it stays as it is. To change the process, make a new draft "
        "of it, edit that and activate it."
    ),
    VersionStatus.RETIRED: _(
        "This version was in force: tickets that started on it keep it, so it stays as it is. To return to it, make "
        "a new draft of it, edit that and activate it."
    ),
}

KIND = register(
    RecordType(
        model=Kind,
        scope=Everyone(),
        columns=[
            "order",
            Column("name", grow=True),
            "slug",
            "prefix",
            "about_faults",
            "in_portal",
            "retired",
        ],
        filters=["retired", "in_portal", "about_faults"],
        search={"name": 3, "slug": 1},
        order="order",
        form=[
            Section(_("Kind"), ["name", "slug", "prefix", "order"]),
            Section(_("What it is for"), ["about_faults", "in_portal", "retired"]),
        ],
        panels=[
            Fields("name", "slug", "prefix", "about_faults", "in_portal", "order", "retired"),
            Related("processes"),
            Timeline(),
        ],
        delete=False,
        import_key=["slug"],
        menu=Menu("settings", _("Ticket kinds"), order=30, icon="ticket"),
        icon="ticket",
        about=_("Kinds of work items. Each runs through its own process and has its own number prefix."),
        small=True,
    )
)

PROCESS = register(
    RecordType(
        model=Process,
        scope=Everyone(),
        columns=[Column("name", grow=True), "slug", "kind", "is_default"],
        filters=["kind", "is_default"],
        search={"name": 3, "slug": 1},
        form=[Section(_("Process"), ["name", "slug", "kind", "is_default"])],
        panels=[Fields("name", "slug", "kind", "is_default"), Related("versions"), Timeline()],
        delete=False,
        import_key=["slug"],
        menu=Menu("run", _("Processes"), order=10, icon="route"),
        icon="route",
        about=_("How tickets of a kind are handled: steps, states and allowed moves, in versions."),
        small=True,
    )
)

PROCESS_VERSION = register(
    RecordType(
        model=ProcessVersion,
        scope=Everyone(),
        columns=["process", "number", "status", "activated_at", Column("note", grow=True)],
        filters=["process", "status"],
        form=[Section(_("Version"), ["process", "note", "document"])],
        form_class=VersionForm,
        panels=[StateMap(), Fields("process", "number", "status", "activated_at", "note"), Timeline()],
        acts=[
            Act(
                "activate", activate, title=_("Activate"), allowed=is_draft, lead=True,
                confirm=_("New tickets start on this version; running tickets keep theirs."),
            ),
            Act("revise", revise, title=_("Copy into a new draft"), opens="edit"),
        ],
        create=services.draft_version,
        change=change,
        fixed=Fixed(why_fixed, act="revise"),
        delete=False,
        plural="versions",
        icon="versions",
        about=_("Frozen wordings of processes. A ticket keeps the version it started with."),
        small=True,
    )
)  # fmt: skip
