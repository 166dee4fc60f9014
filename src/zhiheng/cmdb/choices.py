"""Fixed vocabularies of configuration items."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LifecycleState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    IN_STOCK = "in-stock", _("In stock")
    IN_SERVICE = "in-service", _("In service")
    IN_REPAIR = "in-repair", _("In repair")
    RETIRED = "retired", _("Retired")


class Criticality(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class Effect(models.TextChoices):
    """How the source carries the target."""

    HOSTS = "hosts", _("hosts")
    FEEDS = "feeds", _("feeds")
    CONNECTS = "connects", _("connects")
    CONTAINS = "contains", _("contains")
