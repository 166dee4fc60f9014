"""What a case is: its last attributes, its priority as a number, its channel in our words."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from zhiheng.analyze.arrays import text_array
from zhiheng.measure.arrays import Integers
from zhiheng.measure.flow import Traces

NO_PRIORITY = 999
_NUMBER = re.compile(r"\d+")
_PRIORITY_WORDS = {
    "critical": 1,
    "urgent": 1,
    "紧急": 1,
    "high": 2,
    "高": 2,
    "moderate": 3,
    "medium": 3,
    "normal": 3,
    "中": 3,
    "low": 4,
    "低": 4,
}
_CHANNELS = {
    "phone": "phone",
    "ivr": "phone",
    "电话": "phone",
    "email": "mail",
    "e-mail": "mail",
    "mail": "mail",
    "邮件": "mail",
    "self service": "portal",
    "self-service": "portal",
    "portal": "portal",
    "web": "portal",
    "门户": "portal",
    "chat": "chat",
    "wechat": "wechat",
    "微信": "wechat",
    "walk-in": "walk_in",
    "walk in": "walk_in",
    "当面": "walk_in",
    "event": "monitoring",
    "monitoring": "monitoring",
    "监控": "monitoring",
}


def priority_number(text: str) -> int:
    """The number a priority begins or ends with (`1 - Critical`, `P2`), else the rank of its word, else none."""
    found = _NUMBER.search(text)
    if found:
        return int(found.group())
    lowered = text.strip().lower()
    return next((rank for word, rank in _PRIORITY_WORDS.items() if lowered.startswith(word)), NO_PRIORITY)


def priority_codes(names: Sequence[str], codes: Integers) -> Integers:
    """The priority of each event as a number; NO_PRIORITY where it is missing or unreadable."""
    numbers = np.array([*(priority_number(name) for name in names), NO_PRIORITY], dtype=np.int64)
    result: Integers = numbers[codes]
    return result


def highest_priority(traces: Traces, priorities: Integers) -> Integers:
    """The highest priority (smallest number) a case ever held."""
    result: Integers = np.minimum.reduceat(priorities[traces.order], traces.starts[:-1])
    return result


def first_code(traces: Traces, codes: Integers) -> Integers:
    """The first known code of each case, -1 without one."""
    sorted_codes = codes[traces.order]
    places = np.where(sorted_codes >= 0, np.arange(len(codes)), len(codes))
    first = np.minimum.reduceat(places, traces.starts[:-1])
    result: Integers = np.append(sorted_codes, -1)[np.minimum(first, len(codes))]
    return np.where(first < traces.starts[1:], result, -1)


def channels(texts: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The channel of each case in the words of the facts schema; an unknown one keeps its own, in lower case."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    words = [
        _CHANNELS.get(name.strip().lower(), name.strip().lower()) for name in texts.dictionary.to_pylist()
    ]
    return text_array(words).take(texts.indices)
