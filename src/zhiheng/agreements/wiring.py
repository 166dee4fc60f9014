"""What agreements tell lower packages at start-up: whose a contract is, for grants of that scope."""

from zhiheng.accounts.models import Organisation, Person
from zhiheng.agreements.models import Contract
from zhiheng.agreements.queries import contract_ids_of
from zhiheng.platform.grants import register_scope

register_scope("contract", ids_for=contract_ids_of, depends_on=(Contract, Organisation, Person))
