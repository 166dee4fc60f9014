"""Fixed vocabularies of the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    PORTAL = "portal", _("Portal")
    PHONE = "phone", _("Phone")
    MAIL = "mail", pgettext_lazy("channel", "E-mail")
    CHAT = "chat", _("Chat")
    WECHAT = "wechat", _("WeChat")
    WALK_IN = "walk-in", _("Walk-in")
    MONITORING = "monitoring", _("Monitoring")
    API = "api", _("API")
    OTHER = "other", _("Other")


class Level(models.IntegerChoices):
    """Impact and urgency; 1 is the most severe."""

    CRITICAL = 1, _("1 Critical")
    HIGH = 2, _("2 High")
    MEDIUM = 3, _("3 Medium")
    LOW = 4, _("4 Low")


class Priority(models.IntegerChoices):
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"
    P4 = 4, "P4"
    P5 = 5, "P5"


class ServiceEffect(models.TextChoices):
    """What an incident does to its service; a fault is one that brings it down or degrades it."""

    UNKNOWN = "", _("Not stated")
    NONE = "none", _("None")
    DEGRADED = "degraded", _("Degraded")
    DOWN = "down", _("Down")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public reply")
    PRIVATE = "private", _("Private note")


class LinkType(models.TextChoices):
    RELATES = "relates", _("relates to")
    DUPLICATES = "duplicates", _("duplicates")
    BLOCKS = "blocks", _("blocks")
    PARENT = "parent", _("is parent of")
    CAUSED_BY = "caused-by", _("is caused by")
    CONVERTED = "converted", _("was converted to")


BACKWARD = {
    LinkType.RELATES.value: _("relates to"),
    LinkType.DUPLICATES.value: _("is duplicated by"),
    LinkType.BLOCKS.value: _("is blocked by"),
    LinkType.PARENT.value: _("is part of"),
    LinkType.CAUSED_BY.value: _("causes"),
    LinkType.CONVERTED.value: _("came from"),
}
"""How a link reads from its other end."""


class ClockState(models.TextChoices):
    PENDING = "pending", _("Not started")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    BREACHED_RUNNING = "breached_running", _("Overdue")
    BREACHED_DONE = "breached_done", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")
