"""Fixed vocabularies of agreements: what a commitment promises and from when it counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Promise(models.TextChoices):
    """What must have happened when the promised time is over."""

    RESPONSE = "response", _("Response")
    NEXT_REPLY = "next_reply", _("Next reply")
    RESTORATION = "restoration", _("Restoration")
    RESOLUTION = "resolution", _("Resolution")


class Level(models.TextChoices):
    SLA = "sla", _("SLA")
    OLA = "ola", _("OLA")
    SUPPLIER = "supplier", _("Underpinning contract")


class OnPolicyChange(models.TextChoices):
    """What a running clock does when another commitment comes to apply."""

    KEEP_START = "keep-start", _("Keep the start and the pauses so far")
    RESTART = "restart", _("Start again now")
