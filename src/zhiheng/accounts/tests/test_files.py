"""Files on records: what is let in, where it lies, who may download it, what is swept."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.kernel.time import frozen, now
from zhiheng.platform.files import attach_file, attachments_of, attachments_of_many, content_of, detach_file
from zhiheng.platform.files.jobs import sweep_files
from zhiheng.platform.files.store import path_of, root
from zhiheng.platform.files.types import safe_name
from zhiheng.platform.models import Attachment, StoredFile

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
# sha256 of the three bytes "abc", FIPS 180-2 appendix B.1
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture(autouse=True)
def _store(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def record(world: Any) -> Any:
    return world.stranger


def office(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def attach(record: Any, content: bytes, name: str) -> Attachment:
    return attach_file(record=record, upload=ContentFile(content, name=name))


def test_content_is_kept_once_under_its_digest(record: Any, world: Any) -> None:
    first, second = attach(record, b"abc", "a.txt"), attach(world.person, b"abc", "b.log")
    assert first.file_id == second.file_id
    assert content_of(first) == root() / "ba" / "78" / ABC
    assert content_of(first).read_bytes() == b"abc"
    assert (first.file.size, first.file.media_type) == (3, "text/plain")
    assert [path.name for path in root().rglob("*") if path.is_file()] == [".lock", ABC]
    assert [each.name for each in attachments_of(record)] == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("screen.png", PNG, "image/png"),
        ("photo.JPG", b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        ("report.pdf", b"%PDF-1.7", "application/pdf"),
        ("sheet.xlsx", office("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-"),
        (
            "letter.docx",
            office("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-",
        ),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        ("logs.zip", office("a.log"), "application/zip"),
        ("text.odt", office("mimetype", "content.xml"), "application/vnd.oasis"),
        ("logs.tar.gz", b"\x1f\x8b\x08", "application/gzip"),
        ("gbk.csv", "编号,标题".encode("gb18030"), "text/plain"),
        ("utf16.csv", "编号".encode("utf-16"), "text/plain"),
        ("cut.txt", ("x" * 8191 + "衡").encode(), "text/plain"),
        ("voice.wav", b"RIFF0000WAVEfmt ", "audio/wav"),
    ],
)
def test_documents_pictures_texts_and_archives_are_let_in(
    record: Any, name: str, content: bytes, media_type: str
) -> None:
    assert attach(record, content, name).file.media_type.startswith(media_type)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("run.exe", b"MZ\x90\x00\x03", "file_type"),
        ("a.png", b"MZ\x90\x00\x03", "file_type"),
        ("page.html", b"<html><script>1</script>", "file_name"),
        ("picture.svg", b"<svg onload='x'/>", "file_name"),
        ("script.bat", b"del *", "file_name"),
        ("picture.png", b"%PDF-1.7", "file_name"),
        ("invoice\u202efdp.exe", b"%PDF-1.7", "file_name"),
        ("macro.docx", office("[Content_Types].xml", "word/vbaProject.bin"), "file_type"),
        ("broken.zip", b"PK\x03\x04broken", "file_type"),
        ("empty.txt", b"", "file_type"),
        ("..", b"abc", "file_name"),
        ("no-ending", b"abc", "file_name"),
    ],
)
def test_what_is_refused_leaves_nothing(record: Any, name: str, content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        attach(record, content, name) if name != ".." else attach_file(
            record=record, upload=ContentFile(content), name=name
        )
    assert refused.value.code == code
    assert not Attachment.objects.exists()
    assert not [path for path in root().rglob("*") if path.is_file() and path.name != ".lock"]


def test_size_is_limited(record: Any, settings: Any) -> None:
    settings.FILES_MAX_BYTES = 1024 * 1024
    attach(record, b"a" * 1024 * 1024, "fits.txt")
    with pytest.raises(InvalidInput) as refused:
        attach(record, b"b" * (1024 * 1024 + 1), "large.txt")
    assert refused.value.code == "file_too_large"


def test_a_full_disk_is_said_and_nothing_is_saved(record: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Conflict) as refused:
        attach(record, b"abc", "a.txt")
    assert refused.value.code == "storage_failed"
    assert "No space left" in str(refused.value)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\lin\\a b.txt", "a b.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        (" .hidden.", "hidden"),
        ("名" * 300 + ".txt", "名" * 247 + ".txt"),
    ],
)
def test_names_hide_nothing(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_whoever_may_view_the_record_may_download(record: Any, world: Any) -> None:
    attachment = attach(record, "测试".encode(), "说明.txt")
    url = reverse("platform:file", args=[attachment.pk])
    browser = Client()
    browser.force_login(world.person)
    assert browser.get(url).status_code == 404
    assert Client().get(url).status_code == 404
    world.grant(("accounts.person:view", "all"))
    answer = browser.get(url)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).decode() == "测试"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert browser.post(url).status_code == 405
    content_of(attachment).unlink()
    assert browser.get(url).status_code == 404
    detach_file(attachment=attachment)
    assert browser.get(url).status_code == 404


def test_files_of_many_records_take_one_query(world: Any, django_assert_num_queries: Any) -> None:
    for person in (world.person, world.stranger):
        attach(person, b"abc", "a.txt")
        attach(person, PNG, "b.png")
    with django_assert_num_queries(1):
        found = attachments_of_many("accounts.person", [world.person.pk, world.stranger.pk])
        names = [[(each.name, each.file.size) for each in each_list] for each_list in found.values()]
    assert [[name for name, _size in each] for each in names] == [["a.txt", "b.png"]] * 2


@pytest.fixture
def tomorrow() -> Iterator[None]:
    with frozen(now() + timedelta(hours=25)):
        yield


def test_only_old_orphans_are_swept(record: Any, world: Any) -> None:
    kept = attach(record, b"kept", "kept.txt")
    gone = attach(record, b"gone", "gone.txt")
    detach_file(attachment=gone)
    with pytest.raises(RuntimeError), transaction.atomic():
        attach(record, b"rolled back", "c.txt")
        raise RuntimeError
    rolled_back = [
        path for path in root().rglob("*") if path.is_file() and path.read_bytes() == b"rolled back"
    ]
    assert len(rolled_back) == 1
    assert sweep_files.func() == {"rows": 0, "files": 0}
    with frozen(now() + timedelta(hours=25)):
        assert sweep_files.func() == {"rows": 1, "files": 2}
    assert content_of(kept).read_bytes() == b"kept"
    assert not path_of(gone.file.sha256).exists()
    assert not rolled_back[0].exists()
    assert StoredFile.objects.count() == 1


def test_content_wanted_again_is_not_swept(record: Any) -> None:
    old = attach(record, b"abc", "a.txt")
    detach_file(attachment=old)
    StoredFile.objects.all().delete()
    os.utime(path_of(ABC), (0, 0))
    again = attach(record, b"abc", "a.txt")
    assert sweep_files.func() == {"rows": 0, "files": 0}
    assert content_of(again).read_bytes() == b"abc"
