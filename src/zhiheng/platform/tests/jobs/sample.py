"""Jobs for the tests of jobs: module-level functions, as jobs must be."""

import logging

from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.jobs import cancelled, checkpoint, current_job, job, progress, report


@job(title="Add")
def add(a: int, b: int) -> dict[str, int]:
    return {"sum": a + b}


@job(title="Who acts")
def who() -> list[object]:
    acting = current()
    return [acting.actor.kind.value, acting.actor.id, acting.cause.value, acting.correlation.hex]


@job(title="Always breaks", max_attempts=2)
def breaks() -> None:
    raise KeyError("broken")


@job(title="Refuses")
def refuses() -> None:
    raise InvalidInput("The file is empty.", remedy="Choose another one.")


@job(title="Talks")
def talks() -> None:
    progress(done=3, total=10, note="reading")
    report("hello")
    logging.getLogger("zhiheng.sample").warning("logged")
    progress(done=4)


@job(title="Stops when asked")
def stops() -> bool:
    checkpoint()
    return cancelled()


@job(title="Once per key", unique=lambda key: key)
def once(key: str) -> str:
    return key


@job(title="Every five minutes", schedule="*/5 * * * *")
def every_five_minutes() -> int:
    return current_job().pk


@job(title="Writes a great deal", bulk=True)
def loads() -> None:
    pass


@job(title="Reads all that was written", yields=True)
def summarises() -> None:
    pass
