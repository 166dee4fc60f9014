"""Configuration items, their classes and typed, directed relations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Organisation, Team
from zhiheng.cmdb.choices import Criticality, Effect, LifecycleState
from zhiheng.kernel.text import localized
from zhiheng.platform.journal import JournaledModel


class ItemClass(JournaledModel):
    """A class of configuration items (server, switch, application …), in a tree."""

    slug = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.JSONField(_("name"), help_text=_("One text for Chinese (zh) and one for English (en)."))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent class")
    )
    description = models.TextField(_("description"), blank=True)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("item class")
        verbose_name_plural = _("item classes")
        ordering = ("slug",)

    def __str__(self) -> str:
        return localized(self.name)


class ConfigurationItem(JournaledModel):
    """One thing whose failure or change touches a service."""

    name = models.CharField(_("name"), max_length=120)
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, related_name="items", verbose_name=_("item class")
    )
    state = models.CharField(
        _("lifecycle state"), max_length=12, choices=LifecycleState, default=LifecycleState.IN_SERVICE
    )
    criticality = models.CharField(
        _("criticality"), max_length=8, choices=Criticality, default=Criticality.NORMAL
    )
    serial_number = models.CharField(_("serial number"), max_length=80, blank=True)
    location = models.CharField(_("location"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("used by")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("looked after by")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    external_ref = models.CharField(_("number in the source system"), max_length=120, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("configuration item")
        verbose_name_plural = _("configuration items")
        ordering = ("name", "id")
        indexes = (
            models.Index(fields=("name", "id"), name="item_name"),
            models.Index(fields=("item_class", "state"), name="item_class_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("external_ref",), condition=~models.Q(external_ref=""), name="item_external_ref_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ItemRelation(JournaledModel):
    """``source`` supports ``target``: a failure of the source reaches the target in the direction of effect."""

    source = models.ForeignKey(
        ConfigurationItem, models.CASCADE, related_name="supports", verbose_name=_("item")
    )
    target = models.ForeignKey(
        ConfigurationItem, models.CASCADE, related_name="depends_on", verbose_name=_("supported item")
    )
    effect = models.CharField(_("kind of relation"), max_length=12, choices=Effect, default=Effect.HOSTS)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ("source", "target")
        constraints = (
            models.UniqueConstraint(fields=("source", "target", "effect"), name="item_relation_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="item_relation_not_to_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
