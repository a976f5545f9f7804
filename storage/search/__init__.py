"""Finding people by words: the recruiters' query language, and a word index in memory that is sealed at rest.

Nothing readable of the index may ever touch a disk, and nothing of an erased person may stay in it.
"""

from storage.search.documents import DEFAULT_FIELDS, FACTS, POOL, WEIGHTS, Facts, IndexEntry, entry_from
from storage.search.highlight import highlight
from storage.search.index import Hit, Hits, LiveEntries, Removal, SearchIndex
from storage.search.memory import find_memory_dir
from storage.search.query import Node, QueryError, explain, parse

__all__ = [
    "DEFAULT_FIELDS",
    "FACTS",
    "POOL",
    "WEIGHTS",
    "Facts",
    "Hit",
    "Hits",
    "IndexEntry",
    "LiveEntries",
    "Node",
    "QueryError",
    "Removal",
    "SearchIndex",
    "entry_from",
    "explain",
    "find_memory_dir",
    "highlight",
    "parse",
]
