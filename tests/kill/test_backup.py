"""A backup that is killed leaves no file under its name; a restore that is killed says so and can be run again."""

import json

import pytest

from zhiheng.config.commands import start as start_commands
from zhiheng.config.commands.start import CannotStart
from zhiheng.platform.backup.dump import write_dump
from zhiheng.platform.backup.restore import restore_dump
from zhiheng.platform.models import Role
from zhiheng.platform.tests.backup import elsewhere

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def rows(start, tmp_path):
    """Something to back up, and a folder of the installation."""
    with elsewhere.home(tmp_path / "home"):
        Role.objects.create(slug="sweeper", name={"zh": "清扫员", "en": "Sweeper"})
        yield


def test_a_killed_backup_leaves_no_half_file(start, tmp_path):
    target = tmp_path / "safe" / "dump.zip"
    dying = start("backup", str(target))
    dying.wait_for(" rows")
    dying.kill()
    assert [path.name for path in target.parent.iterdir()] == [f".zhiheng-dump.{dying.process.pid}"]
    write_dump(target)
    assert list(target.parent.iterdir()) == [target]


def test_a_killed_restore_says_so_and_can_be_run_again(start, tmp_path):
    dump = tmp_path / "dump.zip"
    write_dump(dump)
    with elsewhere.fresh(tmp_path, "killed") as empty, elsewhere.home(tmp_path / "other"):
        config = {key: empty[key] for key in ("ENGINE", "NAME")}
        dying = start("restore", str(dump), str(tmp_path / "other"), json.dumps(config))
        dying.wait_for(" rows")
        dying.kill()
        with elsewhere.using(empty):
            with pytest.raises(CannotStart, match=r"did not come to its end \(dump\.zip"):
                start_commands.refuse_unless_upgraded()
            assert restore_dump(dump).journal.ok
            start_commands.refuse_unless_upgraded()
            assert Role.objects.get(slug="sweeper").name["zh"] == "清扫员"
