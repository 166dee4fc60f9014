"""The acts of the desk: their names are an API that handlers, facts and the timeline rely on."""

from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import register_act

OPENED = register_act("desk.ticket.opened", label=_("opened"), icon="plus", public=True).name
TRANSITIONED = register_act(
    "desk.ticket.transitioned", label=_("moved"), icon="arrow-right", public=True
).name
ASSIGNED = register_act("desk.ticket.assigned", label=_("assigned"), icon="user", public=True).name
REPLIED = register_act("desk.ticket.replied", label=_("replied"), icon="message", public=True).name
NOTED = register_act("desk.ticket.noted", label=_("noted"), icon="note").name
RESTORED = register_act(
    "desk.ticket.restored", label=_("marked the service as restored"), icon="heartbeat", public=True
).name
PRIORITISED = register_act("desk.ticket.prioritised", label=_("changed the priority"), icon="flag").name
LINKED = register_act("desk.ticket.linked", label=_("linked"), icon="link").name
UNLINKED = register_act("desk.ticket.unlinked", label=_("took a link off"), icon="link-off").name
ATTACHED = register_act(
    "desk.ticket.item_attached", label=_("named a configuration item"), icon="server"
).name
DETACHED = register_act(
    "desk.ticket.item_detached", label=_("took a configuration item off"), icon="server-off"
).name
CONFIRMED = register_act(
    "desk.ticket.confirmed", label=_("confirmed the solution"), icon="check", public=True
).name
URGED = register_act("desk.ticket.urged", label=_("urged"), icon="bell", public=True).name
OVERDUE = register_act("desk.ticket.overdue", label=_("missed a commitment"), icon="clock-exclamation").name
RECORDED = register_act(
    "desk.ticket.recorded", label=_("recorded in the source system"), icon="history", public=True
).name
