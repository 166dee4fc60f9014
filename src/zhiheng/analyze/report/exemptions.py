"""Approved exemptions in the facts: whether the source records them at all, and how many tickets have one."""

from dataclasses import dataclass
from typing import Any

from zhiheng.analyze.facts import CaseFacts


@dataclass(frozen=True, slots=True)
class Exemptions:
    """`recorded`: the source has such a column; `tickets`: exempt ones among all that were read."""

    recorded: bool
    tickets: int

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"recorded": self.recorded, "tickets": self.tickets}


def exemptions_of(facts: CaseFacts) -> Exemptions:
    """Count the exempt tickets of a source."""
    if not facts.held.has("exempt"):
        return Exemptions(recorded=False, tickets=0)
    (tickets,) = facts.connection.execute("select count(*) from tickets where exempt").fetchall()[0]
    return Exemptions(recorded=True, tickets=int(tickets))
