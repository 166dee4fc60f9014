"""Closed lists of this domain."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is to the provider."""

    PROVIDER = "provider", _("provider")
    CUSTOMER = "customer", _("customer")
    SUPPLIER = "supplier", _("supplier")


class Tier(models.TextChoices):
    """Customer tier by value; agreements and care differ by it."""

    NONE = "", _("none")
    HIGH = "high", _("high value")
    MEDIUM = "medium", _("medium value")
    LOW = "low", _("low value")


class TeamRole(models.TextChoices):
    """What a person is in a team."""

    LEAD = "lead", _("lead")
    MEMBER = "member", _("member")
    DEPUTY = "deputy", _("deputy lead")


class Theme(models.TextChoices):
    """Light or dark."""

    AUTO = "auto", _("as the device")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class Language(models.TextChoices):
    """Languages of the pages, each in its own words."""

    ZH = "zh-hans", "中文"
    EN = "en", "English"
