"""Services and what can be asked for within them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Team
from zhiheng.catalog.choices import DeliveryForm, LifecycleStage
from zhiheng.cmdb.models import ConfigurationItem
from zhiheng.kernel.text import localized
from zhiheng.platform.journal import JournaledModel


class Service(JournaledModel):
    """What is provided: with an owner, a team that answers for it and a place in its lifecycle."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.JSONField(_("name"), help_text=_("One text for Chinese (zh) and one for English (en)."))
    summary = models.JSONField(
        _("summary"), default=dict, blank=True, help_text=_("What the user gets, in a sentence.")
    )
    delivery = models.CharField(
        _("delivered as"), max_length=8, choices=DeliveryForm, default=DeliveryForm.MANAGED
    )
    stage = models.CharField(
        _("lifecycle stage"), max_length=12, choices=LifecycleStage, default=LifecycleStage.OPERATION
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="services", verbose_name=_("answered by")
    )
    critical = models.BooleanField(_("critical"), default=False)
    in_portal = models.BooleanField(_("shown in the portal"), default=True)
    external_ref = models.CharField(_("number in the source system"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ("slug",)

    def __str__(self) -> str:
        return localized(self.name)


class ServiceItem(JournaledModel):
    """A configuration item that a service rests on."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="items", verbose_name=_("service"))
    item = models.ForeignKey(
        ConfigurationItem, models.CASCADE, related_name="services", verbose_name=_("configuration item")
    )

    class Meta:
        verbose_name = _("item of a service")
        verbose_name_plural = _("items of services")
        ordering = ("service", "item")
        constraints = (models.UniqueConstraint(fields=("service", "item"), name="service_item_once"),)

    def __str__(self) -> str:
        return f"{self.service} – {self.item}"


class Offering(JournaledModel):
    """What can be asked for within a service; a request form of the portal starts here."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="offerings", verbose_name=_("service"))
    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.JSONField(_("name"), help_text=_("One text for Chinese (zh) and one for English (en)."))
    description = models.JSONField(_("description"), default=dict, blank=True)
    kind = models.SlugField(_("ticket kind"), max_length=40, default="request")
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="offerings", verbose_name=_("goes first to")
    )
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")
        ordering = ("service", "slug")

    def __str__(self) -> str:
        return localized(self.name)
