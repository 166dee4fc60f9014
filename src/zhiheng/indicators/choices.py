"""Choices of this package."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class TargetScope(TextChoices):
    """What a target is limited to. The values are the scopes of `definitions.targets`."""

    ALL = "all", pgettext_lazy("of a target", "All tickets")
    SERVICE = "service", pgettext_lazy("of a target", "A service")
    TEAM = "team", pgettext_lazy("of a target", "A team")
    PRIORITY = "priority", pgettext_lazy("of a target", "A priority")
