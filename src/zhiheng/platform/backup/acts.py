"""The acts that a backup and a restore leave in the journal: all data left the platform, or all came back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import register_act

BACKED_UP = register_act("platform.database.backed_up", label=_("backed up"), icon="archive").name
RESTORED = register_act("platform.database.restored", label=_("restored from a backup"), icon="database").name
