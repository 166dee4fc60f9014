"""Files: content kept once by its SHA-256 in the data directory, attached by name to records of any type.

Import from here: `attach_file(record=, upload=, name=)`, `detach_file(attachment=)`, `attachments_of(record)`,
`attachments_of_many(record_type, ids)`, `attachments_of_each({record_type: ids})`, `content_of(attachment)`. Content is
written before the transaction commits; what a roll-back leaves behind is swept after a day. Whoever may view the record
may download.
"""

from zhiheng.platform.files.queries import (
    attachments_of,
    attachments_of_each,
    attachments_of_many,
    content_of,
)
from zhiheng.platform.files.services import attach_file, detach_file

__all__ = [
    "attach_file",
    "attachments_of",
    "attachments_of_each",
    "attachments_of_many",
    "content_of",
    "detach_file",
]
