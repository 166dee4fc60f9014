"""The journal's pages show archived entries as they showed them before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from zhiheng.accounts.models import Team
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.time import frozen, now
from zhiheng.platform.journal.archive.archiving import archive_journal
from zhiheng.platform.journal.archive.place import path_of
from zhiheng.platform.journal.archive.reading import entries_of
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.models import ArchiveFile, Entry
from zhiheng.records.listing.timelimit import TooSlow
from zhiheng.web.queries import ledger
from zhiheng.web.queries.ledger import EntryFilter, entry_page
from zhiheng.web.tests.conftest import House, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _small(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.HOME = tmp_path
    monkeypatch.setattr("zhiheng.platform.journal.sealing.ENTRIES_A_SEAL", 5)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.ENTRIES_A_FILE", 15)
    monkeypatch.setattr("zhiheng.platform.journal.archive.format.ENTRIES_A_BLOCK", 4)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.handlers", {})
    monkeypatch.setattr(ledger, "PAGE", 7)
    yield


def write(house: House) -> list[EntryFilter]:
    """Entries by several people over several days, and filters that each find some of them."""
    by_agent = Actor(ActorKind.PERSON, house.agent.pk)
    teams: list[Team] = []
    operation = new_correlation()
    for day in range(12):
        with (
            frozen(now() - timedelta(days=20 - day)),
            acting(by_agent if day % 3 else SYSTEM, Cause.API if day % 2 else Cause.PAGE),
        ):
            teams.append(Team.objects.create(name=f"组 {day}"))
            teams[day // 2].name = f"改 {day}"
            teams[day // 2].save()
    with acting(by_agent, Cause.BULK, correlation=operation):
        for team in teams[:9]:
            team.name += "!"
            team.save()
    middle = (now() - timedelta(days=14)).date()
    return [
        EntryFilter(),
        EntryFilter(record_type="accounts.team"),
        EntryFilter(record_type="accounts.team", record_id=teams[0].pk),
        EntryFilter(record_type="accounts.team", record_id=teams[0].pk, cause="bulk"),
        EntryFilter(act="accounts.team.c"),
        EntryFilter(cause="api"),
        EntryFilter(username=house.agent.username),
        EntryFilter(since=middle),
        EntryFilter(until=middle),
        EntryFilter(since=middle, until=middle, act="accounts"),
        EntryFilter(correlation=operation),
        EntryFilter(correlation=operation, record_type="nothing.here"),
        EntryFilter(username="nobody"),
    ]


def pages(wanted: EntryFilter, *, last: int) -> list[list[Any]]:
    """All pages of a filter up to the entry `last`."""
    found, before = [], last + 1
    while True:
        views, older = entry_page(wanted, before=before)
        found.append(views)
        if older is None:
            return found
        before = older


def archive() -> None:
    with acting(SYSTEM, Cause.COMMAND, correlation=new_correlation()):
        archive_journal(before=now() + timedelta(days=1))


def test_every_filter_finds_the_same_entries_on_the_same_pages(house: House) -> None:
    filters = write(house)
    seal_journal()
    last = Entry.objects.latest("pk").pk
    before = [pages(wanted, last=last) for wanted in filters]
    assert [bool(found[0]) for found in before] == [True] * 11 + [False] * 2
    archive()
    assert not Entry.objects.filter(pk__lte=last).exists()
    assert [pages(wanted, last=last) for wanted in filters] == before
    held = ArchiveFile.objects.latest("last_entry")
    Entry._base_manager.bulk_create(list(entries_of(held))[::2])  # not deleted yet
    assert [pages(wanted, last=last) for wanted in filters] == before


def test_the_page_of_an_archived_entry(house: House) -> None:
    write(house)
    entry = Entry.objects.filter(cause="bulk").earliest("pk")
    seal_journal()
    client = signed_in(house.auditor)
    before = client.get(f"/journal/{entry.pk}/")
    archive()
    after = client.get(f"/journal/{entry.pk}/")
    assert after.status_code == before.status_code == 200
    assert after.context["view"] == before.context["view"]
    assert after.context["siblings"] == before.context["siblings"] and len(after.context["siblings"]) == 8


def test_a_search_through_many_files_has_an_end(house: House, settings: Any) -> None:
    write(house)
    seal_journal()
    archive()
    settings.RECORDS_SLOW_FILTER_SECONDS = 0.0
    with pytest.raises(TooSlow):
        ledger._archived(EntryFilter(username=house.agent.username), None, limit=50)


@pytest.fixture
def lost(house: House) -> tuple[ArchiveFile, list[int]]:
    """An archive of which one file is gone, and the entries that lay in it."""
    write(house)
    seal_journal()
    archive()
    file = ArchiveFile.objects.order_by("last_entry")[1]
    held = [entry.pk for entry in entries_of(file)]
    path_of(file.name).unlink()
    return file, held


def test_an_entry_of_a_lost_file_says_which_file_and_what_to_do(
    house: House, lost: tuple[ArchiveFile, list[int]]
) -> None:
    file, held = lost
    answer = signed_in(house.auditor).get(f"/journal/{held[0]}/")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert file.name in page
    assert f"entries {file.first_entry} to {file.last_entry}" in page
    assert "Put the file back from a backup" in page and "Nothing was changed" in page
    chinese = signed_in(house.auditor).get(f"/journal/{held[0]}/", headers={"accept-language": "zh"})
    assert "请从备份中将该文件放回" in chinese.content.decode()
    other = ArchiveFile.objects.latest("last_entry")
    assert signed_in(house.auditor).get(f"/journal/{other.last_entry}/").status_code == 200


def test_an_entry_is_shown_though_others_of_its_operation_are_lost(house: House) -> None:
    write(house)
    seal_journal()
    archive()
    together: list[Entry] = []
    for file in ArchiveFile.objects.order_by("last_entry"):
        together += [entry for entry in entries_of(file) if entry.cause == "bulk"]
    first, last = together[0], together[-1]
    lies_in = {each.pk: file_of(each.pk) for each in (first, last)}
    assert lies_in[first.pk] != lies_in[last.pk]
    path_of(lies_in[last.pk].name).unlink()
    answer = signed_in(house.auditor).get(f"/journal/{first.pk}/")
    assert answer.status_code == 200
    assert answer.context["view"].id == first.pk
    assert lies_in[last.pk].name in answer.content.decode()


def file_of(entry_id: int) -> ArchiveFile:
    return ArchiveFile.objects.get(first_entry__lte=entry_id, last_entry__gte=entry_id)


def test_requesters_are_told_whom_to_tell_and_no_file(
    house: House, lost: tuple[ArchiveFile, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _held = lost
    ticket = house.asked()

    def story(*_given: object, **_more: object) -> None:
        next(entries_of(file))

    monkeypatch.setattr("zhiheng.web.views.portal_story.portal_timeline", story)
    answer = signed_in(house.requester).get(f"/portal/tickets/{ticket.number}/")
    assert answer.status_code == 503
    assert file.name not in answer.content.decode()
    assert "Tell the service desk the number below" in answer.content.decode()


def test_the_state_of_the_journal_tells_of_the_archive(house: House) -> None:
    client = signed_in(house.auditor)
    assert "All entries lie in the database." in client.get("/journal/state/").content.decode()
    write(house)
    seal_journal()
    archive()
    files = list(ArchiveFile.objects.order_by("last_entry"))
    look = client.get("/journal/state/").context["archive"]
    assert look.held.last_entry == files[-1].last_entry
    assert (look.held.files, look.held.entries) == (len(files), sum(file.entries for file in files))
    assert look.held.size == sum(path_of(file.name).stat().st_size for file in files)
    assert look.last_run_at == max(file.archived_at for file in files)
    assert "All files are in their place" in client.get("/journal/state/").content.decode()
    cut, gone = files[0], files[2]
    path_of(cut.name).write_bytes(path_of(cut.name).read_bytes()[:-20])
    path_of(gone.name).unlink()
    answer = client.get("/journal/state/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "2 files are missing or cut short" in page
    assert [file.name in page for file in files[:3]] == [True, False, True]
