"""Fixed vocabularies of processes: what a state can mean, where a version stands in its life."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StateCategory(models.TextChoices):
    """What a state means to clocks, queues and figures, whatever an organisation calls it."""

    NEW = "new", pgettext_lazy("state of a ticket", "New")
    OPEN = "open", pgettext_lazy("state of a ticket", "Open")
    WAITING_CUSTOMER = "waiting-customer", _("Waiting for customer")
    WAITING_SUPPLIER = "waiting-supplier", _("Waiting for supplier")
    WAITING_INTERNAL = "waiting-internal", _("Waiting inside")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    MERGED = "merged", _("Merged")


WAITING = frozenset(
    {StateCategory.WAITING_CUSTOMER, StateCategory.WAITING_SUPPLIER, StateCategory.WAITING_INTERNAL}
)
# Work is still owed in these; "solved" is not among them, its ticket only awaits the requester's word.
UNRESOLVED = frozenset({StateCategory.NEW, StateCategory.OPEN}) | WAITING
FINAL = frozenset({StateCategory.CLOSED, StateCategory.CANCELLED, StateCategory.MERGED})


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", pgettext_lazy("version", "Active")
    RETIRED = "retired", _("Retired")
