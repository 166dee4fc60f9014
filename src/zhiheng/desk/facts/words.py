"""The statements that add to the common facts what only the platform knows."""

from zhiheng.agreements.choices import Level
from zhiheng.desk.models import TicketClock

CLOCK_TABLE = TicketClock._meta.db_table
# What was agreed with the customer; times promised inside the house or by a supplier are no figures of the service.
AGREED = f"{CLOCK_TABLE} where level = '{Level.SLA.value}'"

# The service hours of a ticket: those of its response clock, else of another.
SERVICE_HOURS = f"""
create table hours as
select ticket_id, arg_min(calendar_version_id, struct_pack(
  rank := case promise when 'response' then 0 when 'resolution' then 1 else 2 end, id := id)) as version_id
from {AGREED} and calendar_version_id is not null group by ticket_id
"""  # noqa: S608 - names of our models

# What the desk always records, even while no ticket carries it yet: such a figure lacks data, it is not incomputable.
ALWAYS = {
    "priority": "integer",
    "highest_priority": "integer",
    "fault": "boolean",
    "registered_s": "bigint",
    "first_resolved_s": "bigint",
    "first_reopened_s": "bigint",
    "reopen_limit_s": "bigint",
    "loop_s": "bigint",
    "cause_code": "varchar",
    "team": "varchar",
    "assignee": "varchar",
}

# Where the platform knows better than the common build: beginning of the fault, registration, confirmation by the
# requester, priority as it stands, what does not count, and whether it is a fault.
KNOWN = """
update tickets set
  onset_s = coalesce(t.onset_at, t.received_at),
  registered_s = case when t.from_source then null else t.registered_at end,
  cause_code = t.cause_code,
  state_category = t.state_category,
  priority = t.priority,
  highest_priority = t.highest_priority,
  loop_s = case when t.state_category in ('cancelled', 'merged') then null
    when t.confirmed_at is not null and t.state_category in ('solved', 'closed')
    then least(t.confirmed_at, coalesce(t.closed_at, t.confirmed_at)) else t.closed_at end,
  fault = t.about_faults and coalesce(t.service_effect, 'unknown') <> 'none',
  counted = not t.is_test and t.state_category <> 'merged'
    and not (t.state_category = 'cancelled' and t.responded_at is null)
from ticket as t where t.ticket_id = tickets.ticket_id;
"""

# Only where anybody ever proposed an exemption: else figures say that none are recorded.
EXEMPT = """
alter table tickets add column exempt boolean;
update tickets set exempt = ticket_id in (select ticket_id from exempted);
"""

ENTRIES = """
select id as entry_id, ticket_id, time_s as occurred_s, 'state' as act,
  lag(activity) over (partition by ticket_id order by time_s, id) as from_state, activity as to_state, team,
  'p' || assignee_id as actor, priority as held_priority
from move order by ticket_id, time_s, id
"""

# A clock of the platform; for a ticket that has none, what the source said of its commitment.
CLOCKS = f"""
create view every_clock as
select c.ticket_id, c.promise as commitment, c.started_at as started_s, c.due_at as due_s, c.stopped_at as stopped_s,
  c.paused_seconds as paused_s,
  case c.state when 'breached_running' then 'missed' when 'breached_done' then 'missed' else c.state end as state,
  c.missed, c.target_seconds as target_s, c.calendar_version_id as version_id
from (select * from {AGREED}) as c
union all
select t.ticket_id, 'resolution', t.received_at, null, t.resolved_at, null, null,
  not t.met_in_source, null, null
from every_ticket as t
where t.met_in_source is not null and t.ticket_id not in (select ticket_id from {AGREED})
"""  # noqa: S608 - names of our models

# Which columns hold a stand-in for at least one ticket: said beside every figure that needs them.
SOURCES = f"""
select column_name, stand_in from (
  select column_name, stand_in from common_sources where column_name in ('tickets.resolver')
  union all
  select 'tickets.responded_s', 'first_left_new' from every_ticket where response_is_proxy
  union all
  select 'tickets.restored_s', 'resolved_as_restored' from every_ticket
  where resolved_at is not null and (restored_at is null or (from_source and restored_at = resolved_at))
  union all
  select 'tickets.loop_s', 'closed_as_loop' from every_ticket where closed_at is not null and confirmed_at is null
  union all
  select 'tickets.fault', 'incident_as_fault' from every_ticket
  where about_faults and coalesce(service_effect, 'unknown') = 'unknown'
  union all
  select 'clocks.missed', 'made_sla' from every_ticket
  where met_in_source is not null and ticket_id not in (select ticket_id from {AGREED})
) group by column_name, stand_in order by column_name
"""  # noqa: S608 - names of our models
