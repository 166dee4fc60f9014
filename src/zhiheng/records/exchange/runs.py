"""Import runs: upload, check every line, apply in paced chunks, undo. A bad line never stops the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.base import File
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Count, Model
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import Actor, Cause, acting, current
from zhiheng.kernel.errors import Conflict, DomainError, InvalidInput
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.time import now
from zhiheng.platform.files import store
from zhiheng.platform.grants import require
from zhiheng.platform.jobs import paced, progress, report
from zhiheng.records.declaration import RecordType
from zhiheng.records.exchange.planning import Plan, Planner, guess_mapping, missing_keys, plain
from zhiheng.records.exchange.reading import read_table
from zhiheng.records.fields import concrete_field
from zhiheng.records.models import ImportRow, ImportRun, Outcome, RunState
from zhiheng.records.registry import registry
from zhiheng.records.services import change_record, create_record
from zhiheng.records.stamps import stored

INLINE_ROWS = 300
"""So many lines are checked while the person waits; more are checked by a job."""


def start_run(*, record_type: RecordType, upload: File[bytes]) -> ImportRun:
    """Keep the file, read its head and guess what its columns are. Raises NotAllowed, InvalidInput."""
    actor = current().actor
    require(actor, "import", record_type.model)
    name = upload.name or "import.csv"
    content = store.write(upload.chunks(), name=name)
    heads, _lines = read_table(store.path_of(content.sha256), name=name)
    return ImportRun.objects.create(
        record_type=record_type.label,
        started_by_kind=actor.kind,
        started_by_id=actor.id,
        started_at=now(),
        file_name=name[:255],
        sha256=content.sha256,
        correlation=new_correlation(),
        heads=heads,
        mapping=guess_mapping(record_type, heads),
    )


def set_mapping(*, run: ImportRun, mapping: dict[str, str]) -> ImportRun:
    """Say what the columns are. Raises InvalidInput when a key has no column or a field has two."""
    record_type = registry[run.record_type]
    chosen = {head: key for head, key in mapping.items() if head in run.heads and key}
    if len(set(chosen.values())) != len(chosen):
        raise InvalidInput(_("Two columns are mapped to the same field."), code="mapped_twice")
    if missing := missing_keys(record_type, chosen):
        raise InvalidInput(
            _("No column is mapped to %(fields)s, which tells the records apart.")
            % {"fields": "、".join(missing)},
            code="key_unmapped",
        )
    run.mapping = chosen
    run.save(update_fields=["mapping"])
    return run


def stage(*, run: ImportRun, limit: int | None = None) -> bool:
    """Check the lines without writing any record; False when `limit` was met and nothing is staged yet."""
    record_type, actor = registry[run.record_type], current().actor
    ImportRow.objects.filter(run=run).delete()
    heads, lines = read_table(store.path_of(run.sha256), name=run.file_name)
    planner = Planner(record_type, heads, run.mapping, actor)
    held: list[ImportRow] = []
    try:
        for count, (line, cells) in enumerate(lines, start=1):
            if limit is not None and count > limit:
                return False
            held.append(_row(run, line, cells, planner.plan(line, cells)))
            if limit is None and count % 100 == 0:
                progress(done=count, note=_("checking"))
    except InvalidInput as error:
        _moved(run, RunState.UPLOADED, problem=str(error))
        return True
    paced(held, ImportRow.objects.bulk_create)
    _moved(run, RunState.STAGED)
    return True


def _row(run: ImportRun, line: int, cells: Sequence[str], plan: Plan) -> ImportRow:
    return ImportRow(
        run=run,
        line=line,
        cells=list(cells),
        outcome=plan.outcome,
        reason=plan.reason,
        changes=plan.changes,
        record_id=plan.record.pk if plan.record is not None else None,
    )


def _moved(run: ImportRun, state: RunState, *, problem: str = "") -> None:
    run.state, run.problem = state, problem
    run.save(update_fields=["state", "problem"])


def claim(*, run: ImportRun, expected: RunState, state: RunState) -> None:
    """Move the run on, unless somebody else did. Raises Conflict."""
    if not ImportRun.objects.filter(pk=run.pk, state=expected).update(state=state):
        raise Conflict(_("This import is no longer in that state."), code="run_state")
    run.state = state


def apply(*, run: ImportRun) -> dict[str, int]:
    """Do what the staged lines say, each by itself, in short transactions. Lines already applied are skipped."""
    record_type, actor = registry[run.record_type], current().actor
    rows = run.rows.filter(outcome__in=[Outcome.ADD, Outcome.CHANGE], applied=False).order_by("line")
    total = rows.count()
    planner = Planner(record_type, run.heads, run.mapping, actor)

    def chunk(part: Sequence[ImportRow]) -> None:
        for row in part:
            _apply_row(record_type, planner, row)

    with acting(actor, Cause.IMPORT, correlation=run.correlation):
        paced(rows.iterator(chunk_size=500), chunk, after=lambda done: progress(done=done, total=total))
    _moved(run, RunState.APPLIED)
    return counts(run)


def _apply_row(record_type: RecordType, planner: Planner, row: ImportRow) -> None:
    try:
        try:
            plan, record = _written(record_type, planner, row)
        except IntegrityError:
            # Somebody else made a record with this key since it was looked for; planned again, the line finds it.
            plan, record = _written(record_type, planner, row)
    except (DomainError, DatabaseError) as error:
        row.outcome, row.reason = Outcome.BAD, str(error)
        report(_("line %(line)s: %(reason)s") % {"line": row.line, "reason": error})
    else:
        row.outcome, row.changes, row.record_id, row.applied = plan.outcome, plan.changes, record.pk, True
    row.save(update_fields=["outcome", "reason", "changes", "record_id", "applied"])


def _written(record_type: RecordType, planner: Planner, row: ImportRow) -> tuple[Plan, Model]:
    with transaction.atomic():
        plan = planner.plan(row.line, row.cells)
        if plan.outcome is Outcome.BAD:
            raise InvalidInput(plan.reason)
        return plan, _write(record_type, plan)


def _write(record_type: RecordType, plan: Plan) -> Model:
    if plan.outcome is Outcome.ADD:
        return create_record(record_type=record_type, values=plan.values)
    if plan.outcome is Outcome.CHANGE:
        return change_record(record_type=record_type, record=plan.record, values=plan.values)
    same: Model = plan.record
    return same


def undo(*, run: ImportRun) -> dict[str, int]:
    """Take back what the run did, last line first; a record that was changed since stays as it is."""
    record_type, actor = registry[run.record_type], current().actor
    require(actor, "import", record_type.model)
    rows = run.rows.filter(applied=True, undone=False).exclude(outcome=Outcome.SAME).order_by("-line")
    total = rows.count()

    def chunk(part: Sequence[ImportRow]) -> None:
        for row in part:
            _undo_row(record_type, row)

    with acting(actor, Cause.IMPORT, correlation=run.correlation):
        paced(rows.iterator(chunk_size=500), chunk, after=lambda done: progress(done=done, total=total))
    _moved(run, RunState.UNDONE)
    return counts(run)


def _undo_row(record_type: RecordType, row: ImportRow) -> None:
    try:
        with transaction.atomic():
            _take_back(record_type, row)
    except (DomainError, DatabaseError) as error:
        row.reason = str(error)
    else:
        row.undone = True
    row.save(update_fields=["reason", "undone"])


def _take_back(record_type: RecordType, row: ImportRow) -> None:
    record = record_type.model._base_manager.select_for_update(of=("self",)).filter(pk=row.record_id).first()
    if record is None:
        raise Conflict(_("The record is gone."))
    if any(plain(stored(record, name)) != after for name, (_before, after) in row.changes.items()):
        raise Conflict(_("The record was changed since; it stays as it is."))
    if row.outcome == Outcome.ADD:
        if record_type.delete is False:
            raise Conflict(_("Records of this type are never deleted."))
        record.delete()
        return
    for name, (before, _after) in row.changes.items():
        column = concrete_field(record_type.model, name)
        setattr(record, column.attname, column.to_python(before) if not isinstance(before, dict) else before)
    record.save()


def counts(run: ImportRun) -> dict[str, int]:
    """Lines by outcome, and how many are applied and undone."""
    found = {outcome.value: 0 for outcome in Outcome}
    for row in run.rows.order_by().values("outcome").annotate(lines=Count("id")):
        found[row["outcome"]] = row["lines"]
    found["applied"] = run.rows.filter(applied=True).count()
    found["undone"] = run.rows.filter(undone=True).count()
    return found


def run_of(actor: Actor, record_type: RecordType, key: int) -> ImportRun | None:
    """The run, for whoever started it."""
    mine: dict[str, Any] = {"started_by_kind": actor.kind, "started_by_id": actor.id}
    return ImportRun.objects.filter(pk=key, record_type=record_type.label, **mine).first()
