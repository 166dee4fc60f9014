"""What archiving leaves in the journal: who moved which entries, into which file with which digest."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal.acts import register_act

ARCHIVED = register_act("platform.entry.archived", label=_("entries archived"), icon="archive").name
UNARCHIVED = register_act(
    "platform.entry.unarchived", label=_("entries taken back from the archive"), icon="archive-off"
).name
