"""Words that people put on records of any type."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import JournaledModel


class Tag(JournaledModel):
    """A word with a colour."""

    name = models.CharField(_("name"), max_length=50, unique=True)
    colour = models.CharField(_("colour"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TagLink(JournaledModel):
    """A tag on a record."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="links", verbose_name=_("tag"))
    record_type = models.CharField(_("record type"), max_length=100)
    record_id = models.BigIntegerField(_("record"))

    class Meta:
        verbose_name = _("tag on a record")
        verbose_name_plural = _("tags on records")
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "tag"], name="platform_taglink_once")
        ]
        indexes = [models.Index(fields=["tag", "record_type", "record_id"], name="platform_taglink_tag")]

    def __str__(self) -> str:
        return f"{self.tag}: {self.record_type} {self.record_id}"
