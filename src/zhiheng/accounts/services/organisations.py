"""Moving and retiring organisations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.events import ORGANISATION_MOVED, ORGANISATION_RETIRED
from zhiheng.accounts.models import Organisation
from zhiheng.accounts.queries import organisation_ids_below
from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.grants import forget_holdings
from zhiheng.platform.journal import act


def move_organisation(*, organisation: Organisation, parent: Organisation | None) -> Organisation:
    """Make the organisation part of another, or of none. Raises InvalidInput if that closes a circle."""
    with act(ORGANISATION_MOVED, record=organisation):
        # The whole tree is locked: two moves at once could close a circle that neither sees.
        list(Organisation.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
        if parent is not None and parent.pk in organisation_ids_below(organisation.pk):
            raise InvalidInput(
                _("%(parent)s is itself a part of %(organisation)s.")
                % {"parent": parent, "organisation": organisation},
                code="circle",
                field="parent",
                remedy=_("Choose an organisation that does not lie below it."),
            )
        organisation.parent = parent
        organisation.save()
    forget_holdings()
    return organisation


def retire_organisation(*, organisation: Organisation) -> Organisation:
    """Take the organisation out of choices; what hangs on it stays. Raises Conflict while parts remain."""
    with act(ORGANISATION_RETIRED, record=organisation):
        if Organisation.objects.filter(parent=organisation, retired_at=None).exists():
            raise Conflict(
                _("%(organisation)s still has parts.") % {"organisation": organisation},
                code="has_parts",
                remedy=_("Retire or move its parts first."),
            )
        if organisation.retired_at is None:
            organisation.retired_at = now()
            organisation.save()
    return organisation
