"""The tables of the desk that are mirrored, and the one row per ticket that facts begin with."""

import json

from zhiheng.accounts.models import Organisation, Team
from zhiheng.agreements.choices import ExemptionState
from zhiheng.agreements.models import Contract, Exemption
from zhiheng.catalog.models import Service
from zhiheng.cmdb.models import ConfigurationItem
from zhiheng.desk.models import Ticket, TicketClock, TicketItem
from zhiheng.indicators.mirror import MirrorTable
from zhiheng.processes.models import Kind

RECORD_TYPE = "desk.ticket"
TABLES = (
    MirrorTable(
        Ticket,
        (
            "number", "kind", "requester", "organisation", "contract", "service", "channel", "category",
            "subcategory", "symptom", "location", "cause_code", "service_effect", "priority", "highest_priority",
            "process_version",
            "state_category", "assignee", "team", "onset_at", "received_at", "registered_at", "responded_at",
            "restored_at", "resolved_at", "confirmed_at", "closed_at", "reopen_count", "confidential", "is_test",
            "external_ref", "response_is_proxy", "met_in_source", "hand_overs_in_source",
        ),
    ),
    MirrorTable(
        TicketClock,
        (
            "ticket", "commitment", "promise", "level", "target_seconds", "calendar_version", "state", "started_at",
            "due_at", "stopped_at", "paused_seconds", "missed",
        ),
    ),
    MirrorTable(TicketItem, ("ticket", "item")),
    MirrorTable(ConfigurationItem, ("name",)),
    MirrorTable(Kind, ("slug", "about_faults")),
    MirrorTable(Team, ("name",)),
    MirrorTable(Organisation, ("name", "parent")),
    MirrorTable(Contract, ("number",)),
    MirrorTable(Service, ("slug",)),
    MirrorTable(
        Exemption, ("state", "starts_at", "ends_at", "commitment", "organisation", "service", "kind"),
    ),
)  # fmt: skip

# What a configuration item is called where a ticket names several.
ITEMS = f"""
create table item as
select link.ticket_id, min(named.name) as name
from {TicketItem._meta.db_table} as link join {ConfigurationItem._meta.db_table} as named on named.id = link.item_id
group by link.ticket_id
"""  # noqa: S608 - names of our models

# One row per ticket: the words by which figures group, and the times in seconds.
TICKETS = f"""
create view every_ticket as
select t.id as ticket_id, t.number, kind.slug as kind, kind.about_faults, organisation.name as organisation,
  contract.number as contract, service.slug as service, team.name as team, t.category, t.subcategory, t.symptom,
  t.location, t.cause_code, item.name as ci, t.service_effect, t.channel, t.priority, t.highest_priority,
  t.state_category, t.requester_id, t.assignee_id, t.team_id, t.organisation_id, t.contract_id, t.service_id,
  t.process_version_id,
  t.onset_at, t.received_at, t.registered_at, t.responded_at, t.restored_at, t.resolved_at, t.confirmed_at,
  t.closed_at, t.reopen_count, t.confidential, t.is_test, t.external_ref is not null as from_source,
  t.response_is_proxy, t.met_in_source, t.hand_overs_in_source
from {Ticket._meta.db_table} as t
join {Kind._meta.db_table} as kind on kind.id = t.kind_id
left join {Organisation._meta.db_table} as organisation on organisation.id = t.organisation_id
left join {Contract._meta.db_table} as contract on contract.id = t.contract_id
left join {Service._meta.db_table} as service on service.id = t.service_id
left join {Team._meta.db_table} as team on team.id = t.team_id
left join item on item.ticket_id = t.id
"""  # noqa: S608 - names of our models

# The tickets that an approved exemption leaves out: received in its period, and sharing what it names. A customer's
# exemption reaches its parts.
EXEMPTIONS = Exemption._meta.db_table
EXEMPTED = f"""
create table exempted as
with recursive parts as (
  select id as whole, id as part from {Organisation._meta.db_table}
  union
  select parts.whole, child.id from parts join {Organisation._meta.db_table} as child on child.parent_id = parts.part
)
select distinct t.ticket_id
from every_ticket as t
join {EXEMPTIONS} as e on e.state = '{ExemptionState.APPROVED.value}'
  and t.received_at >= e.starts_at and t.received_at < e.ends_at
where (e.organisation_id is null
    or exists (select 1 from parts where parts.whole = e.organisation_id and parts.part = t.organisation_id))
  and (e.service_id is null or e.service_id = t.service_id)
  and (coalesce(e.kind, '') = '' or e.kind = t.kind)
  and (e.commitment_id is null or exists (
    select 1 from {TicketClock._meta.db_table} as c
    where c.ticket_id = t.ticket_id and c.commitment_id = e.commitment_id))
"""  # noqa: S608 - names of our models

# Every act that says where the ticket then stood. The payload is read once for all of its fields.
PAYLOAD = json.dumps(dict.fromkeys(("to", "to_category", "team", "assignee", "priority"), "VARCHAR"))
SAID = f"""
create table said as
select id, ticket_id, time_s, told.to as state, told.to_category as category, cast(told.team as bigint) as team_id,
  cast(told.assignee as bigint) as assignee_id, cast(told.priority as integer) as priority
from (
  select e.id, e.record_id as ticket_id, e.occurred_at as time_s, from_json(e.data, '{PAYLOAD}') as told
  from entries as e
  where e.record_type = '{RECORD_TYPE}' and e.record_id in (select id from {Ticket._meta.db_table})
)
where told.to_category is not null
order by ticket_id, id
"""  # noqa: S608 - names of our models
AMBIGUOUS = (
    "create table ambiguous as select state from said group by state having count(distinct category) > 1"
)

# The acts of some tickets, in the order of the journal.
MOVES = f"""
create or replace temp table move as
select said.id, said.ticket_id, said.time_s, said.category, team.name as team, said.assignee_id,
  -- Two processes may use one word for different things; then the word alone names no activity.
  case when ambiguous.state is null then said.state else said.state || ' (' || said.category || ')' end as activity,
  last_value(said.priority ignore nulls) over (partition by said.ticket_id order by said.id) as priority
from said
left join ambiguous on ambiguous.state = said.state
left join {Team._meta.db_table} as team on team.id = said.team_id
where said.ticket_id between $first and $last
order by said.ticket_id, said.id
"""  # noqa: S608 - names of our models

# The states of the journal by the name that they go by as activities, with their categories.
STATES = """
select distinct case when ambiguous.state is null then said.state else said.state || ' (' || said.category || ')' end,
  said.category
from said left join ambiguous on ambiguous.state = said.state
order by all
"""

# Which words of their own any acts carry.
HELD = f"""
select count(team.name) as team, count(assignee_id) as assignee, count(priority) as priority
from said left join {Team._meta.db_table} as team on team.id = said.team_id
"""  # noqa: S608 - names of our models
