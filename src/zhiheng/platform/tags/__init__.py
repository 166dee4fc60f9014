"""Tags on records of any type.

Import from here: `set_tags(record=, names=)`, `add_tag`, `remove_tag`; `tags_of(record)`,
`tags_of_many(record_type, ids)`, `tagged(record_type, names)` (ids of tagged records, for a list's filter),
`tags_used(record_type)`.
"""

from zhiheng.platform.tags.queries import tagged, tags_of, tags_of_many, tags_used
from zhiheng.platform.tags.services import add_tag, remove_tag, set_tags

__all__ = ["add_tag", "remove_tag", "set_tags", "tagged", "tags_of", "tags_of_many", "tags_used"]
