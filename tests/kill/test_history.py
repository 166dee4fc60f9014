"""Loading history that is killed leaves nothing half made; started again it goes on."""

import pytest

from zhiheng.accounts.models import Membership, Person, Team
from zhiheng.desk.models import Ticket
from zhiheng.desk.tests import logs
from zhiheng.platform.models import Entry
from zhiheng.processes.services import install_processes

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CASES, PEOPLE = 60, 20
# As `logs.log_of` makes them: 7 callers; 10 handlers of each of two teams, more than fit the first transaction.
CALLERS, HANDLERS, TEAMS, ROWS = 7, 20, 2, 4


def numbers():
    return Person.objects.count(), Team.objects.count(), Membership.objects.count(), Ticket.objects.count()


def entries(record_type, act):
    return Entry.objects.filter(record_type=record_type, act=f"{record_type}.{act}").count()


def everything_is_journaled():
    """Each record there is has the entries of its making, and no entry is of a record that is not there."""
    people, teams, memberships, tickets = numbers()
    made = [entries(f"accounts.{name}", "created") for name in ("person", "team", "membership")]
    assert made == [people, teams, memberships]
    assert Entry.objects.filter(record_type="desk.ticket").count() == tickets * ROWS


# The process is the first transaction, the callers the second, handlers the third and fourth, teams the fifth,
# memberships the sixth and seventh, tickets follow. On a busy machine they are more and smaller.
@pytest.mark.parametrize("transaction", [1, 3, 4, 7, 9])
def test_a_killed_load_goes_on_where_it_stopped(start, tmp_path, transaction):
    install_processes()
    before = Entry.objects.filter(record_type__startswith="processes.").count()
    dying = start("history", str(tmp_path), str(CASES), str(PEOPLE), str(transaction))
    dying.wait_for(f"in transaction {transaction}")
    dying.kill()
    everything_is_journaled()
    people, _teams, _memberships, tickets = numbers()
    assert tickets < CASES
    if transaction == 1:
        assert people == 0
        assert Entry.objects.filter(record_type__startswith="processes.").count() == before
    elif transaction > 3:
        assert people > CALLERS  # what was made before is kept
    logs.put(tmp_path, CASES, people=PEOPLE)
    assert numbers() == (CALLERS + HANDLERS, TEAMS, HANDLERS, CASES)
    everything_is_journaled()
