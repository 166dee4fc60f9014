"""The kernel: who acts, what time it is, which text, which name."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import translation

from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, NoActor, acting, current, current_or_none
from zhiheng.kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.registry import AlreadyRegistered, Registry
from zhiheng.kernel.text import bilingual, localized
from zhiheng.kernel.time import from_epoch, frozen, now, to_epoch


def test_nobody_acts_outside_a_block():
    assert current_or_none() is None
    with pytest.raises(NoActor):
        current()


def test_acting_nests_and_keeps_the_correlation():
    person = Actor(ActorKind.PERSON, 7)
    with acting(person, Cause.PAGE) as outer:
        with acting(SYSTEM, Cause.RULE) as inner:
            assert current() == inner
            assert inner.correlation == outer.correlation
        assert current().actor == person
    assert current_or_none() is None


def test_a_given_correlation_wins_and_the_block_ends_on_errors():
    wanted = new_correlation()
    with acting(SYSTEM, Cause.JOB), pytest.raises(KeyError), acting(SYSTEM, Cause.JOB, correlation=wanted):
        assert current().correlation == wanted
        raise KeyError
    assert current_or_none() is None


def test_correlations_are_version_7_and_ascend_with_time():
    made = [new_correlation() for _ in range(100)]
    assert {value.version for value in made} == {7}
    assert {value.variant for value in made} == {"specified in RFC 4122"}
    milliseconds = [value.int >> 80 for value in made]
    assert milliseconds == sorted(milliseconds)
    assert len(set(made)) == 100


def test_now_is_utc_and_can_be_frozen():
    assert now().utcoffset() == timedelta(0)
    at = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    with frozen(at):
        assert now() == datetime(2026, 1, 1, tzinfo=UTC)
        assert now().tzinfo is UTC
    assert now() != at


def test_naive_times_are_refused():
    with pytest.raises(ValueError, match="aware"):
        to_epoch(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="aware"), frozen(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


@pytest.mark.parametrize("seconds", [0, 1_456_754_400, -1])
def test_epoch_seconds_there_and_back(seconds):
    assert to_epoch(from_epoch(seconds)) == seconds
    assert to_epoch(from_epoch(seconds) + timedelta(microseconds=999_999)) == seconds


def test_localized_falls_back_to_the_other_language():
    text = bilingual(zh="工单", en="ticket")
    assert localized(text, "en") == "ticket"
    assert localized(text, "zh-hans") == "工单"
    with translation.override("en"):
        assert localized(text) == "ticket"
    assert localized({"en": "only"}, "zh") == "only"
    assert localized({"fr": "seul", "en": ""}, "zh") == "seul"
    assert localized("plain", "zh") == "plain"
    assert localized(None) == ""
    assert localized({}) == ""


def test_errors_carry_code_field_and_remedy():
    error = Conflict("The ticket is closed.", remedy="Open it again first.")
    assert (error.code, error.status, error.field) == ("conflict", 409, None)
    assert str(error) == "The ticket is closed. Open it again first."
    assert InvalidInput("no", code="too_long", field="title").code == "too_long"
    assert {NotAllowed.status, NotFound.status, DomainError.status} == {403, 404, 400}


def test_a_registry_refuses_a_second_thing_of_a_name():
    registry: Registry[int] = Registry("number")
    assert registry.register("one", 1) == 1
    registry.register("one", 1)
    with pytest.raises(AlreadyRegistered, match="number 'one'"):
        registry.register("one", 2)
    assert (list(registry), len(registry), registry["one"]) == (["one"], 1, 1)
    with pytest.raises(KeyError, match="no number named 'two'"):
        registry["two"]
