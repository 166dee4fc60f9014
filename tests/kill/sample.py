"""Tables, handler and jobs that the processes of the kill tests share. The registry keeps them out of the product."""

import sys
import time
from pathlib import Path

from django.apps.registry import Apps
from django.db import connection, models, transaction

from zhiheng.platform.jobs import current_job, job
from zhiheng.platform.journal import JournaledModel, handler

REGISTRY = Apps(["zhiheng.platform"])
HANDLER = "kill-tests"
MID_HANDLING_SECONDS = 0.02
PAUSE_EVERY = 5


class Counter(JournaledModel):
    n = models.IntegerField(default=0)

    class Meta:
        apps = REGISTRY
        app_label = "platform"
        db_table = "kill_counter"


class Effect(models.Model):
    """What the handler did for one entry. Not unique on purpose: doing it twice must show."""

    entry_id = models.BigIntegerField()
    record_id = models.BigIntegerField()
    n = models.IntegerField()

    class Meta:
        apps = REGISTRY
        app_label = "platform"
        db_table = "kill_effect"


TABLES = (Counter, Effect)


def create_tables() -> None:
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {model._meta.db_table}")
    with connection.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)


def say(line: str) -> None:
    """Tell the parent process where this one is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def register_handler() -> None:
    """Only the processes of the kill tests serve this handler."""

    @handler(HANDLER, acts=("platform.counter.changed",))
    def note_effect(entry):
        Effect.objects.create(entry_id=entry.id, record_id=entry.record_id, n=entry.changes["n"][1])
        if entry.id % PAUSE_EVERY == 0 or entry.changes["n"][0] == 0:
            say(f"handling {entry.id}")
            time.sleep(MID_HANDLING_SECONDS)


def count_up(*, writes: int, seed: int) -> None:
    """Raise counters, one transaction each, as a web request would."""
    keys = list(Counter.objects.order_by("pk").values_list("pk", flat=True))
    for step in range(writes):
        with transaction.atomic():
            counter = Counter.objects.select_for_update().get(pk=keys[(seed + step * 7) % len(keys)])
            counter.n += 1
            counter.save()
        say(f"wrote {step}")


@job(title="Hold until told", max_attempts=5)
def hold(*, gate: str) -> str:
    """The first attempt waits for the file `gate`; later ones answer at once."""
    attempt = current_job().attempt
    say(f"begin {attempt}")
    while attempt == 1 and not Path(gate).exists():
        time.sleep(0.01)
    say(f"end {attempt}")
    return f"attempt {attempt}"


@job(title="Answer at once")
def answer() -> str:
    return "answered"
