"""People from the command line: the first administrators, and who is locked out."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import Client

from zhiheng.accounts.models import Person
from zhiheng.accounts.queries import anybody_can_sign_in
from zhiheng.accounts.services import create_person, deactivate_person
from zhiheng.config.commands import person as command
from zhiheng.config.commands.start import CannotStart
from zhiheng.config.defaults import install_defaults
from zhiheng.kernel.actor import SYSTEM, ActorKind, Cause, acting
from zhiheng.platform.journal import entries_for
from zhiheng.platform.models import RoleAssignment

pytestmark = pytest.mark.django_db

PASSWORD, OTHER = "correct horse battery", "another long staple"


@pytest.fixture(autouse=True)
def _defaults() -> None:
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()


@pytest.fixture
def secret(tmp_path: Path) -> str:
    """A file whose first line is the password."""
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\nmore\n", encoding="utf-8")
    return str(path)


def can_sign_in(username: str, password: str) -> bool:
    return Client().login(username=username, password=password)


def roles_of(username: str) -> set[str]:
    found = RoleAssignment.objects.filter(person__username=username)
    return set(found.values_list("role__slug", flat=True))


def test_the_first_administrator_can_sign_in_and_reach_the_people(
    secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with acting(SYSTEM, Cause.SETUP):
        create_person(username="named-by-a-history", name="Caller 7")
    assert not anybody_can_sign_in()
    assert command.main(["root", "--role", "system", "--name", "管理员", "--password-file", secret]) == 0
    assert capsys.readouterr().out == "root was added; roles: system\n"
    assert anybody_can_sign_in()
    browser = Client()
    assert browser.login(username="root", password=PASSWORD)
    assert "管理员" in browser.get("/accounts/people/").content.decode()
    assert browser.get("/platform/roles/").status_code == 403
    *_later, created = entries_for(Person.objects.get(username="root"))
    assert (created.actor.kind, created.cause) == (ActorKind.SYSTEM, Cause.COMMAND)


def test_nothing_is_changed_when_a_part_is_refused(secret: str, tmp_path: Path) -> None:
    weak, empty = tmp_path / "weak", tmp_path / "empty"
    weak.write_text("short")
    empty.write_text("\n")
    wrong = {
        "there is no role 'nix'. Known are: agent, ": ["--role", "nix", "--password-file", secret],
        "only one of the three": ["--role", "system", "--role", "audit", "--password-file", secret],
        "too short": ["--password-file", str(weak)],
        "first line of .* is empty": ["--password-file", str(empty)],
        "cannot be read from .* \\(No such file": ["--password-file", str(tmp_path / "gone")],
        "no terminal to ask at": [],
        "valid email": ["--email", "nobody", "--password-file", secret],
    }
    for message, options in wrong.items():
        with pytest.raises(CannotStart, match=message):
            command.main(["root", *options])
    assert not Person.objects.exists()
    assert not RoleAssignment.objects.exists()


def test_who_is_locked_out_gets_in_again(
    secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(["root", "--role", "security", "--password-file", secret])
    with acting(SYSTEM, Cause.SETUP):
        deactivate_person(person=Person.objects.get())
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{OTHER}\n"))
    command.main(["root", "--password-file", "-"])
    assert "root is deactivated" in capsys.readouterr().out
    assert not can_sign_in("root", OTHER)
    command.main(["root", "--reactivate", "--role", "agent", "--email", "root@example.org"])
    assert can_sign_in("root", OTHER)
    assert not can_sign_in("root", PASSWORD)
    assert roles_of("root") == {"security", "agent"}
    assert Person.objects.get().email == "root@example.org"


def test_the_terminal_asks_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([PASSWORD, OTHER, PASSWORD, PASSWORD])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    with pytest.raises(CannotStart, match="passwords differ"):
        command.main(["lin"])
    command.main(["lin"])
    assert can_sign_in("lin", PASSWORD)
    # Without a change of the password nothing is asked.
    command.main(["lin", "--role", "agent", "--name", "林"])
    assert roles_of("lin") == {"agent"}
