"""Words for what stands behind a figure: flags, fields that are missing, methods, states of a diagnosis."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiheng.ui.navigation import Text

FLAGS: dict[str, Text] = {
    "proxy:first_left_new": _("Stand-in: the first act that left “new”."),
    "proxy:resolved_as_restored": _("Stand-in: resolved counts as restored."),
    "proxy:closed_as_loop": _("Stand-in: closed counts as the loop closed."),
    "proxy:incident_as_fault": _("Effect not stated: every incident counts as a fault."),
    "proxy:made_sla": _("As the source system said."),
    "proxy:assignee_as_resolver": _("The last handler counts as the one who resolved it."),
    "suspected": _("The cause is not confirmed: suspected recurrence."),
    "too_many_without_key": _("Too many faults lack the key."),
    "chance:from_window": _("Chance is estimated from the window itself."),
    "chance:from_history": _("Chance is estimated from the history before the window."),
}
NEEDS: dict[str, Text] = {
    "ratings": _("ratings"),
    "surveys": _("surveys"),
    "calls": _("telephone calls"),
    "samples": _("samples of monitoring"),
    "outages": _("outages"),
    "items": _("configuration items with their time in service"),
    "changes": pgettext_lazy("of the infrastructure", "changes"),
    "routines": _("routine work"),
    "reports": _("service reports"),
    "security_incidents": _("security incidents"),
    "vulnerabilities": _("vulnerabilities"),
    "accounts": _("accounts to be revoked"),
    "articles": _("knowledge articles"),
    "sessions": _("sessions of the portal"),
    "steps": _("steps of the process"),
    "complaints": _("complaints"),
    "invitations": _("invitations to rate"),
    "exams": _("exams"),
    "posts": _("posts and who left them"),
    "hours": _("recorded hours"),
    "costs": _("costs"),
    "contracts": _("ends of contracts"),
    "drills": _("drills"),
    "initiatives": _("improvement initiatives"),
    "entries": _("more detail in the entries"),
    "clocks": _("clocks of agreements"),
    "key": _("a key that tells repeated faults"),
    "ci": _("the configuration item"),
    "cause_code": _("the cause"),
    "fault": _("the effect on the service"),
    "first_contact": _("whether the first contact solved it"),
    "first_line": _("categories that the first line can solve"),
    "article_linked": _("linked knowledge articles"),
    "problem": _("linked problems"),
    "exempt": _("approved exemptions"),
    "tickets.accepted": _("acceptance by the requester"),
    "tickets.detected_s": _("the time of detection"),
    "tickets.solution": _("the solution"),
    "received_in_hours": _("service hours"),
    "agents": _("who handles how many open tickets"),
    "alerts": _("alerts of monitoring"),
    "appraisals": _("appraisals"),
    "category": _("the category"),
    "channel": _("the channel"),
    "checks": _("which items are monitored"),
    "efforts": _("hours worked on tickets"),
    "consultation": _("which tickets are mere questions"),
    "first_expert_s": _("when an expert first looked at it"),
    "topic": _("what tickets are about"),
    "form": _("the answers of the request form"),
    "refused": _("which tickets were refused"),
    "messages": _("messages and urgings"),
    "pauses": _("why clocks were on hold"),
    "persons": _("who joined when, with which work"),
    "problems": _("problems and their causes"),
    "rosters": _("duty rosters"),
    "searches": _("searches in the portal"),
    "skills": _("skills of the staff"),
    "trainings": _("trainings"),
    "onset_s": _("the time of onset"),
    "received_s": _("the time of receipt"),
    "registered_s": _("the time of registration"),
    "entry_limit_s": _("the limit for registration"),
    "resolved_s": _("the time of resolution"),
    "responded_s": _("the time of the first reply"),
    "restored_s": _("the time of restoration"),
    "resolver": _("who resolved it"),
    "requester": _("the requester"),
    "service": _("the service"),
    "team": _("the team"),
    "response_work_s": _("the working time to the first reply"),
    "response_work_censor_s": _("the working time without a reply"),
    "first_assigned_s": _("when somebody first held it"),
    "updated_s": _("the time of the last act"),
    "loop_s": _("when the loop was closed"),
    "team_changes": _("changes of the team"),
    "first_team": _("the first team"),
    "ping_pong": _("hand-overs back and forth"),
    "first_resolved_s": _("the time of the first resolution"),
    "first_reopened_s": _("the time of the first reopening"),
    "reopen_limit_s": _("the limit for reopening"),
    "state_category": _("the state"),
    "variant": _("the course through the states"),
    "waiting_customer_s": _("how long it waited for the customer"),
    "waiting_internal_s": _("how long it waited within the house"),
    "waiting_supplier_s": _("how long it waited for suppliers"),
}
MATCHERS: dict[str, Text] = {
    "ci_cause": _("item and cause"),
    "ci": _("configuration item"),
    "requester_category_symptom": _("requester, category and symptom"),
    "requester_subcategory": _("requester and subcategory"),
    "location_subcategory": _("place and subcategory"),
}
DEFECT_STATES: dict[str, tuple[Text, str, str]] = {
    "confirmed": (_("Confirmed"), "miss", "alert-circle"),
    "watch": (_("Watch"), "risk", "alert-triangle"),
    "absent": (_("Absent"), "ok", "circle-check"),
    "not_enough_data": (_("Not enough data"), "none", "circle-dashed"),
    "not_computable": (_("Not computable"), "none", "circle-dashed"),
    "told": (pgettext_lazy("of a figure without thresholds", "Beside"), "none", "circle-dashed"),
}
CAUSE_STATES: dict[str, tuple[Text, str]] = {
    "supported": (_("Supported"), "miss"),
    "not_supported": (_("Not supported"), "ok"),
    "no_data": (_("Typical, unproven"), "none"),
}
SCOPES: dict[str, Text] = {
    "team": _("Team"),
    "service": _("Service"),
    "priority": _("Priority"),
    "category": _("Category"),
    "organisation": _("Customer"),
}


def flag_text(flag: str) -> str:
    """A flag in words; "" for one that needs none."""
    return str(FLAGS.get(flag, ""))


def need_text(name: str) -> str:
    """A missing field in words: as named, else its table, else as the facts schema calls it."""
    plain = name.removeprefix("tickets.")
    table = name.partition(".")[0]
    return str(NEEDS.get(name) or NEEDS.get(plain) or NEEDS.get(table) or plain)


def listed(names: Iterable[str], *, apart: bool = False) -> str:
    """Names in a row, as the language writes them; `apart` for names that hold the ordinary sign themselves."""
    if _chinese():
        return ("；" if apart else "、").join(names)
    return ("; " if apart else ", ").join(names)


def gap() -> str:
    """What stands between two sentences: a space, but nothing in Chinese."""
    return "" if _chinese() else " "


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
