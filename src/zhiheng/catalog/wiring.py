"""What the catalogue tells lower packages at start-up: whose a service is, for grants of that scope."""

from zhiheng.accounts.models import Membership, Team
from zhiheng.catalog.models import Service
from zhiheng.catalog.queries import service_ids_of
from zhiheng.platform.grants import register_scope

register_scope("service", ids_for=service_ids_of, depends_on=(Service, Membership, Team))
