"""The acts of processes."""

from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import register_act

ACTIVATED = register_act("processes.processversion.activated", label=_("activated"), icon="player-play").name
