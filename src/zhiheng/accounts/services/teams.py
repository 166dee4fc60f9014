"""Who joins and leaves a team; the end of a team."""

from __future__ import annotations

from django.db import transaction

from zhiheng.accounts.choices import TeamRole
from zhiheng.accounts.events import TEAM_RETIRED
from zhiheng.accounts.models import Membership, Person, Team
from zhiheng.kernel.time import now
from zhiheng.platform.grants import forget_holdings
from zhiheng.platform.journal import act


def join_team(*, team: Team, person: Person, role: str = TeamRole.MEMBER) -> Membership:
    """Make the person a member, or give a member another role."""
    with transaction.atomic():
        found = Membership.objects.select_for_update().filter(team=team, person=person).first()
        membership = found or Membership(team=team, person=person)
        membership.role = role
        membership.save()
    forget_holdings()
    return membership


def leave_team(*, team: Team, person: Person) -> None:
    """End the membership, if there is one."""
    Membership.objects.filter(team=team, person=person).delete()
    forget_holdings()


def end_membership(*, membership: Membership) -> None:
    """Take the person out of the team."""
    leave_team(team=membership.team, person=membership.person)


def retire_team(*, team: Team) -> Team:
    """Take the team out of choices and out of every member's scope; its tickets stay."""
    with act(TEAM_RETIRED, record=team):
        if team.retired_at is None:
            team.retired_at = now()
            team.save()
    forget_holdings()
    return team
