"""One line that says how far a long read has come; silent when nobody looks or when it is over at once."""

import time
from types import TracebackType
from typing import TextIO

FIRST_AFTER_S = 1.0
EVERY_S = 0.2


class ProgressLine:
    """Call it with bytes done and bytes in all."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self.stream = stream
        self.label = label
        self.started = time.monotonic()
        self.last = 0.0
        self.shown = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not self.stream.isatty() or now - self.started < FIRST_AFTER_S or now - self.last < EVERY_S:
            return
        share = min(done / total, 1.0) if total else 0.0
        filled = int(share * 24)
        self.stream.write(f"\r{self.label} [{'█' * filled}{'·' * (24 - filled)}] {share:4.0%}")
        self.stream.flush()
        self.last, self.shown = now, True

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
