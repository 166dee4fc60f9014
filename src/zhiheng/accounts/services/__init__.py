"""What is done to accounts: people, organisations, teams, tokens, sign-in, shipped roles."""

from zhiheng.accounts.services.offers import offer_people, offered_people
from zhiheng.accounts.services.organisations import move_organisation, retire_organisation
from zhiheng.accounts.services.people import (
    change_preferences,
    create_person,
    deactivate_person,
    end_sessions,
    reactivate_person,
    reset_second_factor,
    set_password,
)
from zhiheng.accounts.services.roles import change_role, give_role, install_shipped_roles, take_role
from zhiheng.accounts.services.teams import end_membership, join_team, leave_team, retire_team
from zhiheng.accounts.services.tokens import issue_token, revoke_token

__all__ = [
    "change_preferences",
    "change_role",
    "create_person",
    "deactivate_person",
    "end_membership",
    "end_sessions",
    "give_role",
    "install_shipped_roles",
    "issue_token",
    "join_team",
    "leave_team",
    "move_organisation",
    "offer_people",
    "offered_people",
    "reactivate_person",
    "reset_second_factor",
    "retire_organisation",
    "retire_team",
    "revoke_token",
    "set_password",
    "take_role",
]
