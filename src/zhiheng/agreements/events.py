"""The acts of agreements that have a name of their own."""

from django.utils.translation import pgettext_lazy

from zhiheng.platform.journal import register_act

PROPOSED = register_act(
    "agreements.exemption.proposed", label=pgettext_lazy("act on an exemption", "proposed"), icon="scale"
).name
APPROVED = register_act(
    "agreements.exemption.approved", label=pgettext_lazy("act on an exemption", "approved"), icon="check"
).name
REFUSED = register_act(
    "agreements.exemption.refused", label=pgettext_lazy("act on an exemption", "refused"), icon="x"
).name
