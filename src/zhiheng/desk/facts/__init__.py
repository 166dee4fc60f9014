"""What the desk contributes to the facts mirror: tickets, their entries and clocks.

A ticket gives the same figure here as in `zhiheng analyze`: its entries become an event log and go through the same
`analyze.facts.build`; what only the platform knows is added afterwards. People appear by number, not by name.
"""

from zhiheng.desk.facts.build import build_facts
from zhiheng.desk.facts.tables import RECORD_TYPE, TABLES
from zhiheng.desk.models import Ticket
from zhiheng.indicators.mirror import FactsSource, register_facts

DESK = register_facts(
    FactsSource(
        name="desk", tables=TABLES, record_types=(RECORD_TYPE,), governed_by=Ticket, build=build_facts
    )
)
