"""Tables of the platform, one module per topic."""

from zhiheng.platform.models.files import Attachment, StoredFile
from zhiheng.platform.models.grants import (
    Administrative,
    ConcernedPerson,
    Grant,
    Role,
    RoleAssignment,
    ScopeName,
)
from zhiheng.platform.models.jobs import Job, JobState, Schedule, Worker
from zhiheng.platform.models.journal import (
    ArchiveFile,
    ArchiveKey,
    Entry,
    HandlerCursor,
    Parked,
    ParkedState,
    Revision,
    Seal,
)
from zhiheng.platform.models.notifications import Notification, NotificationPreference, Watch
from zhiheng.platform.models.tags import Tag, TagLink
from zhiheng.platform.models.views import Audience, SavedView

__all__ = [
    "Administrative",
    "ArchiveFile",
    "ArchiveKey",
    "Attachment",
    "Audience",
    "ConcernedPerson",
    "Entry",
    "Grant",
    "HandlerCursor",
    "Job",
    "JobState",
    "Notification",
    "NotificationPreference",
    "Parked",
    "ParkedState",
    "Revision",
    "Role",
    "RoleAssignment",
    "SavedView",
    "Schedule",
    "ScopeName",
    "Seal",
    "StoredFile",
    "Tag",
    "TagLink",
    "Watch",
    "Worker",
]
