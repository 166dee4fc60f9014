"""What processes tell lower packages at start-up: the names of the kinds that agreements and catalogue hold by key."""

from zhiheng.processes.queries import kind_words
from zhiheng.records.vocabularies import register_vocabulary

register_vocabulary("ticket-kind", kind_words)
