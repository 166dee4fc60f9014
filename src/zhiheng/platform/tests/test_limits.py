"""Buckets: a minute's calls at once, then one for each part of a minute; other keys do not matter."""

from zhiheng.platform.limits import Buckets


class Clock:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_full_bucket_empties_and_fills_evenly():
    clock = Clock()
    buckets = Buckets(clock)
    assert [buckets.take("a", per_minute=3) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", per_minute=3) == 20  # one call each 20 seconds
    clock.at += 15
    assert buckets.take("a", per_minute=3) == 5
    clock.at += 5
    assert buckets.take("a", per_minute=3) == 0
    assert buckets.take("a", per_minute=3) == 20
    clock.at += 3600
    assert [buckets.take("a", per_minute=3) for _ in range(4)] == [
        0,
        0,
        0,
        20,
    ]  # never more than a minute's calls


def test_keys_do_not_share_and_none_is_no_limit():
    buckets = Buckets(Clock())
    assert buckets.take("a", per_minute=1) == 0
    assert buckets.take("b", per_minute=1) == 0
    assert buckets.take("a", per_minute=1) == 60
    assert [buckets.take("c", per_minute=0) for _ in range(100)] == [0] * 100


def test_a_flood_of_keys_forgets_the_oldest_only():
    buckets = Buckets(Clock(), most_keys=2)
    for key in ("a", "b", "c"):
        assert buckets.take(key, per_minute=1) == 0
    assert buckets.take("c", per_minute=1) == 60
    assert buckets.take("a", per_minute=1) == 0
