"""Kinds of tickets, processes and their frozen versions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.text import localized
from zhiheng.platform.journal import JournaledModel
from zhiheng.processes.choices import VersionStatus


class Kind(JournaledModel):
    """A kind of work item (request, incident, …): a row, so that an organisation can design its own."""

    slug = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.JSONField(_("name"), help_text=_("One text for Chinese (zh) and one for English (en)."))
    prefix = models.CharField(_("number prefix"), max_length=8, unique=True)
    about_faults = models.BooleanField(
        _("about faults"),
        default=False,
        help_text=_("Tickets of this kind can be faults: interruptions or degradations."),
    )
    in_portal = models.BooleanField(_("offered in the portal"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("ticket kind")
        verbose_name_plural = _("ticket kinds")
        ordering = ("order", "id")

    def __str__(self) -> str:
        return localized(self.name)


class Process(JournaledModel):
    """A process that tickets of one kind run through; what it prescribes stands in its versions."""

    slug = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.JSONField(_("name"), help_text=_("One text for Chinese (zh) and one for English (en)."))
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="processes", verbose_name=_("ticket kind"))
    is_default = models.BooleanField(_("default for its kind"), default=False)

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering = ("slug",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind",), condition=models.Q(is_default=True), name="one_default_process_per_kind"
            ),
        )

    def __str__(self) -> str:
        return localized(self.name)


class ProcessVersion(JournaledModel):
    """One frozen wording of a process. A ticket keeps the version it started with."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="versions", verbose_name=_("process"))
    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    document = models.JSONField(_("definition"), help_text=_("Steps, states and transitions."))
    note = models.TextField(_("what changed and why"), blank=True)
    activated_at = models.DateTimeField(_("active since"), null=True, blank=True)

    class Meta:
        verbose_name = _("process version")
        verbose_name_plural = _("process versions")
        ordering = ("process", "-number")
        constraints = (
            models.UniqueConstraint(fields=("process", "number"), name="process_version_number_once"),
            models.UniqueConstraint(
                fields=("process",),
                condition=models.Q(status=VersionStatus.ACTIVE),
                name="one_active_process_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.process} v{self.number}"


class NumberSequence(models.Model):
    """The running number of public ticket numbers, shared by all kinds so that none is ever used twice."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
