"""Reading the environment: what is taken, and what is refused with the variable's name."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from zhiheng.config.environment import (
    ConfigurationError,
    choice,
    database,
    flag,
    home,
    number,
    secret_key,
    time_zone,
    words,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("1", True), (" Yes ", True), ("on", True), ("TRUE", True), ("0", False), ("off", False), ("no", False)],
)
def test_a_flag(monkeypatch: pytest.MonkeyPatch, raw: str, expected: bool) -> None:
    monkeypatch.setenv("ZHIHENG_X", raw)
    assert flag("ZHIHENG_X", default=not expected) is expected


@pytest.mark.parametrize("default", [True, False])
def test_a_flag_that_is_not_set_or_empty_is_the_default(
    monkeypatch: pytest.MonkeyPatch, default: bool
) -> None:
    monkeypatch.delenv("ZHIHENG_X", raising=False)
    assert flag("ZHIHENG_X", default=default) is default
    monkeypatch.setenv("ZHIHENG_X", " ")
    assert flag("ZHIHENG_X", default=default) is default


def test_a_mistyped_flag_is_refused_rather_than_read_as_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIHENG_HTTPS", "ture")
    with pytest.raises(ConfigurationError, match="ZHIHENG_HTTPS is 'ture': write 1 or 0"):
        flag("ZHIHENG_HTTPS")


def test_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_X", raising=False)
    assert number("ZHIHENG_X", default=7) == 7
    monkeypatch.setenv("ZHIHENG_X", " 0 ")
    assert number("ZHIHENG_X", default=7) == 0
    monkeypatch.setenv("ZHIHENG_X", "-3")
    with pytest.raises(ConfigurationError, match="ZHIHENG_X is '-3': write a whole number"):
        number("ZHIHENG_X", default=7)


def test_one_of_a_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_X", raising=False)
    assert choice("ZHIHENG_X", default="en", choices=("zh-hans", "en")) == "en"
    monkeypatch.setenv("ZHIHENG_X", "zh-hans")
    assert choice("ZHIHENG_X", default="en", choices=("zh-hans", "en")) == "zh-hans"
    monkeypatch.setenv("ZHIHENG_X", "fr")
    with pytest.raises(ConfigurationError, match="ZHIHENG_X is 'fr': write one of zh-hans, en"):
        choice("ZHIHENG_X", default="en", choices=("zh-hans", "en"))


def test_a_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_X", raising=False)
    assert time_zone("ZHIHENG_X", default="Asia/Shanghai") == "Asia/Shanghai"
    monkeypatch.setenv("ZHIHENG_X", "Europe/Berlin")
    assert time_zone("ZHIHENG_X", default="Asia/Shanghai") == "Europe/Berlin"
    for wrong in ("Mars/Base", "../etc/passwd", "Asia"):
        monkeypatch.setenv("ZHIHENG_X", wrong)
        with pytest.raises(ConfigurationError, match="there is no such time zone"):
            time_zone("ZHIHENG_X", default="Asia/Shanghai")


def test_a_wrong_setting_is_said_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("ZHIHENG_X", "ture")
    with pytest.raises(ConfigurationError, match="ZHIHENG_X 的值为“ture”：请写 1 或 0。"):
        flag("ZHIHENG_X")


def test_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIHENG_X", raising=False)
    assert words("ZHIHENG_X", default=["a"]) == ["a"]
    monkeypatch.setenv("ZHIHENG_X", "desk.example.org, ,10.0.0.7")
    assert words("ZHIHENG_X", default=["a"]) == ["desk.example.org", "10.0.0.7"]
    monkeypatch.setenv("ZHIHENG_X", "")
    assert words("ZHIHENG_X", default=["a"]) == []


def test_the_data_directory_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHIHENG_HOME", str(tmp_path / "a" / "b"))
    assert home() == tmp_path / "a" / "b"
    assert home().is_dir()


def test_a_data_directory_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ZHIHENG_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(ConfigurationError, match=r"file/home cannot be made .* Point ZHIHENG_HOME"):
        home()


def test_the_secret_is_made_once_and_kept_from_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ZHIHENG_SECRET_KEY", raising=False)
    made = secret_key(tmp_path)
    assert len(made) >= 50
    assert secret_key(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    monkeypatch.setenv("ZHIHENG_SECRET_KEY", "given")
    assert secret_key(tmp_path) == "given"


def test_two_processes_that_start_together_agree_on_the_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ZHIHENG_SECRET_KEY", raising=False)
    path = tmp_path / "secret_key"
    exists = Path.exists

    def other_is_faster(self: Path, **options: bool) -> bool:
        answer = exists(self, **options)
        if self == path and not answer:
            path.write_text("the other's", encoding="ascii")
        return answer

    monkeypatch.setattr(Path, "exists", other_is_faster)
    assert secret_key(tmp_path) == "the other's"
    assert [each.name for each in tmp_path.iterdir()] == ["secret_key"]


def test_without_a_url_the_database_is_a_file_in_the_data_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ZHIHENG_DATABASE_URL", raising=False)
    read = database(tmp_path)
    assert read["ENGINE"] == "zhiheng.platform.db.sqlite3"
    assert Path(read["NAME"]) == tmp_path / "zhiheng.sqlite3"
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_sqlite_with_an_absolute_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHIHENG_DATABASE_URL", "sqlite:////srv/zhiheng.sqlite3")
    assert database(tmp_path)["NAME"] == "/srv/zhiheng.sqlite3"


def test_postgresql_with_quoted_parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(
        "ZHIHENG_DATABASE_URL", "postgresql://desk:p%40ss%2Fword@db.example.org:5433/zhi%20heng?test=me"
    )
    read = database(tmp_path)
    assert read["ENGINE"] == "zhiheng.platform.db.postgresql"
    assert [read[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "zhi heng", "desk", "p@ss/word", "db.example.org", "5433",
    ]  # fmt: skip
    assert read["TEST"] == {"NAME": "test_me"}


def test_postgresql_over_a_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHIHENG_DATABASE_URL", "postgres:///zhiheng?host=/run/postgresql")
    read = database(tmp_path)
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("/run/postgresql", "", "zhiheng")


def test_another_engine_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHIHENG_DATABASE_URL", "mysql://localhost/zhiheng")
    with pytest.raises(
        ConfigurationError, match="begins with 'mysql': write sqlite:///path or postgresql://"
    ):
        database(tmp_path)
