"""Fixed vocabularies of agreements: what a commitment promises, from when it counts, and why tickets are exempt."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class ExemptionGround(models.TextChoices):
    """What may exempt tickets from the figures: nothing that the provider answers for."""

    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    CUSTOMER = "customer", _("The customer's fault")
    MAINTENANCE = "maintenance", _("Agreed maintenance")


class ExemptionState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("of an exemption", "Proposed")
    APPROVED = "approved", pgettext_lazy("of an exemption", "Approved")
    REFUSED = "refused", pgettext_lazy("of an exemption", "Refused")
