"""What this package tells lower ones at start-up. Imported once by its AppConfig."""

from zhiheng.accounts import sign_in
from zhiheng.accounts.models import Membership, Organisation, Person, Team
from zhiheng.accounts.queries import organisation_ids_of, team_ids_of
from zhiheng.accounts.services.tokens import delegation_of
from zhiheng.kernel.actor import ActorKind
from zhiheng.platform.grants import register_delegate, register_scope

__all__ = ["sign_in"]

register_scope("team", ids_for=team_ids_of, depends_on=(Membership, Team))
register_scope("organisation", ids_for=organisation_ids_of, depends_on=(Organisation, Person))
register_delegate(ActorKind.TOKEN, delegation_of)
