"""A case as rows of the platform: the ticket, its entries, its clocks. Pure but for building model instances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from zhiheng.agreements.models import Commitment
from zhiheng.agreements.rules import Case as Matter
from zhiheng.agreements.rules import Terms, choose
from zhiheng.desk import events
from zhiheng.desk.choices import Channel
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.queries.clocks import derive
from zhiheng.desk.rules.moves import Move, Times, fold
from zhiheng.desk.rules.timing import Happening, What
from zhiheng.desk.services.clocks import write_state
from zhiheng.desk.services.history.cases import Case, level_of
from zhiheng.desk.services.history.directory import Directory
from zhiheng.kernel.time import from_epoch
from zhiheng.platform.db.buffer import Changes
from zhiheng.platform.journal import NewEntry
from zhiheng.platform.journal.values import plain
from zhiheng.processes.models import Kind, ProcessVersion

CHANNELS = {
    "phone": Channel.PHONE, "ivr": Channel.PHONE, "email": Channel.MAIL, "mail": Channel.MAIL,
    "self service": Channel.PORTAL, "portal": Channel.PORTAL, "web": Channel.PORTAL, "chat": Channel.CHAT,
}  # fmt: skip


UNSAID = Ticket.journal_omit | {"id"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What all cases of one load share."""

    kind: Kind
    version: ProcessVersion
    directory: Directory
    commitments: dict[int, Commitment]
    terms: tuple[Terms, ...]
    calendar_versions: dict[int, int]
    organisation_ids: tuple[int, ...]
    source: str
    as_of: datetime


def ticket_of(case: Case, number: str, frame: Frame) -> Ticket:
    """The unsaved ticket: attributes of the last row; times from the log where it has them, else by its moves."""
    texts, last = case.texts, case.rows[-1]
    priority = min(5, level_of(texts.get("priority")) or 4)
    times, answered, proxy = times_of(case)
    service = texts.get("service") or texts.get("category")
    return Ticket(
        number=number, kind=frame.kind, title=title_of(case), process_version=frame.version,
        requester_id=frame.directory.people.get(texts.get("requester", "")),
        organisation_id=frame.organisation_ids[0] if frame.organisation_ids else None,
        service_id=frame.directory.services.get(service or ""),
        team_id=frame.directory.teams.get(texts.get("team", "")),
        assignee_id=frame.directory.people.get(texts.get("assignee", "")),
        channel=CHANNELS.get(texts.get("channel", "").lower(), Channel.OTHER),
        category=texts.get("category", "")[:80], subcategory=texts.get("subcategory", "")[:80],
        symptom=texts.get("symptom", "")[:80], location=texts.get("location", "")[:80],
        impact=min(4, level_of(texts.get("impact")) or 3), urgency=min(4, level_of(texts.get("urgency")) or 3),
        priority=priority, highest_priority=min(priority, case.highest_priority or priority),
        state=last.state, state_category=last.category, received_at=from_epoch(case.received_s),
        registered_at=from_epoch(case.received_s), updated_at=from_epoch(last.at_s),
        responded_at=from_epoch(answered) if answered is not None else None, response_is_proxy=proxy,
        restored_at=times.restored_at, resolved_at=times.resolved_at, closed_at=times.closed_at,
        reopen_count=case.reopen_count if case.reopen_count is not None else times.reopen_count,
        external_ref=f"{frame.source}:{case.name}"[:120], met_in_source=case.met, hand_overs_in_source=case.hand_overs,
    )  # fmt: skip


def title_of(case: Case) -> str:
    """A log of codes has no titles: what the case is about, from its codes."""
    parts = [case.texts[name] for name in ("category", "subcategory", "symptom") if name in case.texts]
    return " · ".join(parts)[:240] or case.name


def times_of(case: Case) -> tuple[Times, int | None, bool]:
    """The times of a case, when it was answered, and whether that is a proxy (the first act that left "new")."""
    folded = fold(moves_of(case))
    done = case.rows[-1].category in ("solved", "closed")

    def logged(name: str) -> datetime | None:
        return from_epoch(case.times[name]) if name in case.times else None

    resolved = logged("resolved_s") if "resolved_s" in case.states_times else folded.resolved_at
    times = Times(
        restored_at=logged("restored_s")
        if "restored_s" in case.states_times
        else (resolved if done else None),
        resolved_at=resolved,
        closed_at=logged("closed_s") if "closed_s" in case.states_times else folded.closed_at,
        reopen_count=folded.reopen_count,
    )
    if "responded_s" in case.times:
        return times, case.times["responded_s"], False
    answered = next((row.at_s for row in case.rows if row.category != "new"), None)
    return times, answered, answered is not None


def moves_of(case: Case) -> Iterator[Move]:
    before = ""
    for row in case.rows:
        yield Move(from_epoch(row.at_s), before, row.category)
        before = row.category


def entries_of(case: Case, ticket: Ticket, frame: Frame) -> Iterator[NewEntry]:
    """One entry per row of the log, in order; the first carries the ticket's values, for it is what created it."""
    state = category = ""
    priority: int | None = None
    changes = created_values(ticket)
    for row in case.rows:
        moved = {"priority": row.priority} if row.priority not in (None, priority) else {}
        yield NewEntry(
            act=events.RECORDED,
            record_type="desk.ticket",
            record_id=ticket.pk,
            occurred_at=from_epoch(row.at_s),
            changes=changes,
            data={
                "from": state, "to": row.state, "from_category": category, "to_category": row.category,
                "team": frame.directory.teams.get(row.team or ""),
                "assignee": frame.directory.people.get(row.assignee or ""), **moved,
            },
        )  # fmt: skip
        state, category, changes = row.state, row.category, {}
        priority = row.priority or priority


def created_values(ticket: Ticket) -> Changes:
    """What the journal says of a new row: each field that holds something, from nothing to its value."""
    return {
        field.attname: [None, plain(value)]
        for field in ticket._meta.concrete_fields
        if field.attname not in UNSAID and (value := getattr(ticket, field.attname)) not in (None, "")
    }


def clocks_of(case: Case, ticket: Ticket, frame: Frame) -> list[TicketClock]:
    """The clocks of the commitments that apply to the ticket as it now stands, derived from its rows."""
    matter = Matter(
        kind=frame.kind.slug,
        priority=ticket.priority,
        organisations=frame.organisation_ids,
        service=ticket.service_id,
    )
    chosen = choose(frame.terms, matter)
    happenings = list(happenings_of(case, ticket))
    clocks = []
    for terms in chosen.values():
        commitment = frame.commitments[terms.id]
        clock = TicketClock(
            ticket=ticket, commitment=commitment, level=commitment.level, promise=commitment.promise,
            target_seconds=commitment.target_seconds, pauses=commitment.pauses, started_at=ticket.received_at,
            calendar_version_id=frame.calendar_versions.get(commitment.calendar_id or 0),
        )  # fmt: skip
        write_state(clock, derive(clock, happenings, as_of=frame.as_of))
        clocks.append(clock)
    return clocks


def happenings_of(case: Case, ticket: Ticket) -> Iterator[Happening]:
    """The moves of the rows, with the answer where it falls among them."""
    answered = int(ticket.responded_at.timestamp()) if ticket.responded_at else None
    before = ""
    for row in case.rows:
        if answered is not None and answered <= row.at_s:
            yield Happening(answered, What.ANSWERED)
            answered = None
        yield Happening(max(row.at_s, case.received_s), What.MOVED, None, before, row.category)
        before = row.category
    if answered is not None:
        yield Happening(answered, What.ANSWERED)
