"""Saved views: a list's filter, order and columns under a name, for oneself, a team or everyone.

Import from here: `save_view`, `rename_view`, `move_view`, `delete_view`, `saved_views_for(actor, type)`,
`saved_view(actor, view_id)`.
"""

from zhiheng.platform.views.queries import saved_view, saved_views_for
from zhiheng.platform.views.services import delete_view, move_view, rename_view, save_view

__all__ = ["delete_view", "move_view", "rename_view", "save_view", "saved_view", "saved_views_for"]
