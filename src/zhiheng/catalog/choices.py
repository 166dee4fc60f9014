"""Fixed vocabularies of the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryForm(models.TextChoices):
    SAAS = "saas", _("SaaS")
    PAAS = "paas", _("PaaS")
    IAAS = "iaas", _("IaaS")
    MANAGED = "managed", _("Managed")
    ON_SITE = "on-site", _("On site")


class LifecycleStage(models.TextChoices):
    REQUIREMENTS = "requirements", _("Requirements")
    DESIGN = "design", _("Design")
    TRANSITION = "transition", _("Transition")
    OPERATION = "operation", _("Operation")
    RETIREMENT = "retirement", _("Retirement")
