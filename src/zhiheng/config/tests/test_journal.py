"""`zhiheng journal`: seals, verifies and names what was altered, lets handlers have entries again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zhiheng.accounts.models import Team
from zhiheng.config.commands import journal as command
from zhiheng.config.commands.start import CannotStart
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import now
from zhiheng.platform.models.journal import Entry, Parked, ParkedState


@pytest.fixture
def entry(db: None, settings: object, tmp_path: object) -> Iterator[Entry]:
    """The first entry of a small journal; keys and signed heads lie in a folder of the test."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    with acting(SYSTEM, Cause.SETUP):
        Team.objects.create(name="网络组")
        Team.objects.create(name="主机组")
    first = Entry.objects.order_by("id").first()
    assert first is not None
    yield first


def test_seals_verifies_and_names_a_deleted_entry(entry: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["seal"]) == 0
    assert command.main(["verify"]) == 0
    assert "nothing is wrong" in capsys.readouterr().out
    Entry._base_manager.filter(pk=entry.pk)._raw_delete("default")  # behind the journal's back
    assert command.main(["verify"]) == 1
    assert f"entry {entry.pk} was deleted" in capsys.readouterr().out


def test_replays_dead_letters_and_handlers(entry: Entry) -> None:
    letter = Parked.objects.create(
        handler="notifications", partition=0, entry_id=entry.pk, record_type=entry.record_type, record_id=1,
        state=ParkedState.DEAD, attempts=8, error="ValueError: broken", parked_at=now(),
    )  # fmt: skip
    assert command.main(["replay", "--handler", "notifications"]) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (ParkedState.RETRY, 0)
    assert command.main(["replay", "--handler", "notifications", "--after", "0"]) == 0


def test_a_wrong_call_says_what_to_do(db: None) -> None:
    with pytest.raises(CannotStart, match="no handler"):
        command.main(["replay", "--handler", "nobody"])
    with pytest.raises(CannotStart, match="needs --handler"):
        command.main(["replay", "--after", "3"])
    with pytest.raises(CannotStart, match="there is no file"):
        command.main(["verify", "--anchors", "/nowhere/journal.jsonl"])
