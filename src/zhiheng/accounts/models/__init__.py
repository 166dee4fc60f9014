"""Organisations, people, teams and API tokens."""

from zhiheng.accounts.models.organisations import Organisation
from zhiheng.accounts.models.people import Person
from zhiheng.accounts.models.teams import Membership, Team
from zhiheng.accounts.models.tokens import ApiToken

__all__ = ["ApiToken", "Membership", "Organisation", "Person", "Team"]
