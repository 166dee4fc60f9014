"""The process that a log was run by: its states as found, the moves that occurred and those that work needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhiheng.desk.services.history.invented import found_or_made
from zhiheng.kernel.text import bilingual
from zhiheng.processes.models import Kind, Process, ProcessVersion
from zhiheng.processes.services import activate_version, draft_version, drawing_up

# From each of the first, every state of the second can be reached: what people need to finish what was begun elsewhere.
WORKABLE = (
    (("new", "open", "waiting-customer", "waiting-supplier", "waiting-internal"),
     ("open", "waiting-customer", "waiting-supplier", "waiting-internal", "solved", "cancelled")),
    (("solved",), ("open", "closed")),
    (("closed",), ("open",)),
)  # fmt: skip
NEEDS = {
    "waiting-customer": ["question"], "waiting-supplier": ["reason"], "waiting-internal": ["reason"],
    "solved": ["solution"], "cancelled": ["reason"],
}  # fmt: skip
# With one state of a category the verb says it all; with several the state's name follows.
VERBS = {
    "new": ("转为", "Move to"),
    "open": ("转为", "Move to"),
    "waiting-customer": ("转为", "Move to"),
    "waiting-supplier": ("转为", "Move to"),
    "waiting-internal": ("转为", "Move to"),
    "solved": ("解决", "Solve"),
    "closed": ("办结", "Close"),
    "cancelled": ("取消", "Cancel"),
    "merged": ("合并", "Merge"),
}
SAYS_ALL = frozenset({"solved", "closed", "cancelled", "merged"})
STEPS = (
    ("accept", "受理", "Accept", ("new",)),
    ("work", "处理", "Work", ("open", "waiting-customer", "waiting-supplier", "waiting-internal")),
    ("confirm", "用户确认", "Confirm", ("solved",)),
    ("close", "闭环", "Close the loop", ("closed",)),
)


def process_for_log(
    *,
    kind: Kind,
    states: dict[str, str],
    arcs: Iterable[tuple[str, str]],
    slug: str,
    names: dict[str, dict[str, str]],
) -> ProcessVersion:
    """The active version of the process discovered from a log; made once per log, found again afterwards.

    ``states`` maps each state to its category, ``names`` gives the texts of those that have any.
    """
    name = bilingual(zh=f"{kind.name['zh']}（导入：{slug}）", en=f"{kind.name['en']} (imported: {slug})")
    process = found_or_made(
        find=Process.objects.filter(slug=slug).first,
        make=lambda: Process.objects.create(slug=slug, kind=kind, name=name),
    )
    with drawing_up(process):  # so that of two loads of one log the second finds the version of the first
        active = process.versions.filter(status="active").first()
        if active is not None and set(states) <= {state["key"] for state in active.document["states"]}:
            return active
        document = process_document(states, arcs, names)
        return activate_version(
            version=draft_version(process=process, document=document, note="discovered from a log")
        )


def process_document(
    states: dict[str, str], arcs: Iterable[tuple[str, str]], names: dict[str, dict[str, str]]
) -> dict[str, Any]:
    """A process document that holds every state of the log, every move that occurred, and the moves that work needs."""
    order = [category for step in STEPS for category in step[3]] + ["cancelled", "merged"]
    keys = sorted(states, key=lambda key: order.index(states[key]))
    moves: dict[tuple[str, str], list[str]] = {}
    for sources, targets in WORKABLE:
        for source in (key for key in keys if states[key] in sources):
            for target in (key for key in keys if states[key] in targets and key != source):
                moves[(source, target)] = NEEDS.get(states[target], [])
    for source, target in sorted(arcs):
        if source != target:
            moves.setdefault((source, target), NEEDS.get(states[target], []))
    start = keys[0]
    for key in keys:
        # A state that the log never leads to from the start must still be drawn: nothing may stand alone.
        if key != start and states[key] != "merged" and not any(target == key for _source, target in moves):
            moves[(start, key)] = []
    step_of = {category: step[0] for step in STEPS for category in step[3]}
    return {
        "start": start,
        "steps": [{"key": key, "name": bilingual(zh=zh, en=en)} for key, zh, en, _c in STEPS],
        "states": [
            {"key": key, "name": _name(key, names), "category": states[key], "step": step_of.get(states[key], "")}
            for key in keys
        ],
        "transitions": [
            {
                "from": source, "to": target, "needs": needs, "name": _move_name(target, states, names),
                "primary": _is_primary(states[source], states[target]),
            }
            for (source, target), needs in moves.items()
        ],
    }  # fmt: skip


def _name(key: str, names: dict[str, dict[str, str]]) -> dict[str, str]:
    return names.get(key) or bilingual(zh=key, en=key)


def _move_name(key: str, states: dict[str, str], names: dict[str, dict[str, str]]) -> dict[str, str]:
    category = states[key]
    zh, en = VERBS[category]
    if category in SAYS_ALL and list(states.values()).count(category) == 1:
        return bilingual(zh=zh, en=en)
    name = _name(key, names)
    return bilingual(zh=f"{zh}“{name['zh']}”", en=f"{en} {name['en']}")


def _is_primary(source: str, target: str) -> bool:
    """The move that the process wants next: solve what is open, close what is solved."""
    return target == "solved" or (source, target) == ("solved", "closed")
