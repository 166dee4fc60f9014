"""Reading agreements: commitments that apply to a case, whose contracts are whose, and who may decide what."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from zhiheng.accounts.queries import organisation_ids_of
from zhiheng.agreements.choices import ExemptionState
from zhiheng.agreements.models import Commitment, Contract, Exemption
from zhiheng.agreements.rules import Case, Terms, choose, refuses_decision
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import person_of


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


def contract_ids_of(actor: Actor) -> set[int]:
    """The contracts a person manages, and those of their organisation and its parts."""
    person_id = person_of(actor)
    if person_id is None:
        return set()
    theirs = Q(manager_id=person_id) | Q(organisation_id__in=organisation_ids_of(actor))
    return set(Contract.objects.filter(theirs).order_by().values_list("pk", flat=True))


def may_decide(exemption: Exemption, actor: Actor) -> bool:
    """Whether a proposal waits for this actor: not for whoever made it."""
    proposed = exemption.state == ExemptionState.PROPOSED
    decider = person_of(actor)
    return refuses_decision(proposed=proposed, proposer=exemption.proposed_by_id, decider=decider) is None


def exemptions_waiting(_actor: Actor) -> Q:
    """Proposals that nobody has decided on."""
    return Q(state=ExemptionState.PROPOSED)
