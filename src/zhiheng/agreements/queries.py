"""Reading commitments: those that apply to a case, with the calendar they count on."""

from __future__ import annotations

from collections.abc import Iterable

from zhiheng.agreements.models import Commitment
from zhiheng.agreements.rules import Case, Terms, choose


def terms_in_force() -> dict[int, Commitment]:
    """Every commitment that is not retired, by id, in one query with its calendar."""
    return {each.pk: each for each in Commitment.objects.filter(retired=False).select_related("calendar")}


def terms_of(commitment: Commitment) -> Terms:
    return Terms(
        id=commitment.pk,
        order=commitment.order,
        level=commitment.level,
        promise=commitment.promise,
        contract=commitment.contract_id,
        organisation=commitment.organisation_id,
        service=commitment.service_id,
        kind=commitment.kind,
        priority=commitment.priority,
    )


def commitments_for(*, case: Case, among: Iterable[Commitment] | None = None) -> list[Commitment]:
    """The commitments that apply to a case: per level and promise the first match in order."""
    known = terms_in_force() if among is None else {each.pk: each for each in among}
    chosen = choose((terms_of(each) for each in known.values()), case)
    return [known[terms.id] for terms in chosen.values()]
