"""One shard of the word index: a few thousand people, small enough to be made anew whenever one of them is erased.

A shard's files lie in memory only. Searches lease it; who retires it waits for the last lease, then has its files
overwritten: nothing may read a file that is being zeroed. Changes to one shard are the caller's to serialise.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition

from tantivy import Index, IndexWriter, Query, Schema, Searcher

from storage.search.analysis import EXACT, STEMMED, exact_analyzer, stemmed_analyzer
from storage.search.documents import WEIGHTS, IndexEntry, exact, index_schema, to_document
from storage.search.memory import wipe

WRITER_MEMORY = 50_000_000
"""Bytes a writer may fill before it must flush; given back when the change is done."""


class Shard:
    """A Tantivy index in a folder in memory, or in the process's own memory where ``home`` is ``None``."""

    def __init__(self, number: int, home: Path | None) -> None:
        """Create the shard, or open what lies in ``home``. Raises ``ValueError`` for files that are no index."""
        self.number = number
        self.home = home
        self.schema: Schema = index_schema()
        self._index = Index(self.schema) if home is None else Index(self.schema, str(home))
        self._index.config_reader("manual")
        self._index.register_tokenizer(EXACT, exact_analyzer())
        self._index.register_tokenizer(STEMMED, stemmed_analyzer())
        self._index.reload()
        self._leases = 0
        self._quiet = Condition()

    @contextmanager
    def lease(self) -> Iterator[Searcher]:
        """Hold the shard while reading from it; yields a searcher over what is committed."""
        with self._quiet:
            self._leases += 1
        try:
            yield self._index.searcher()
        finally:
            with self._quiet:
                self._leases -= 1
                self._quiet.notify_all()

    @property
    def people(self) -> int:
        """How many people can be found here."""
        return int(self._index.searcher().num_docs)

    def change(self, gone: Collection[bytes], put: Iterable[IndexEntry]) -> None:
        """Take out the people of ``gone``, then add ``put``; visible together. On an error nothing has changed."""
        writer = self._index.writer(WRITER_MEMORY, 1)
        try:
            self._write(writer, gone, put)
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()

    def _write(self, writer: IndexWriter, gone: Collection[bytes], put: Iterable[IndexEntry]) -> None:
        for person in gone:
            writer.delete_documents_by_query(Query.term_query(self.schema, "person", person))
        for entry in put:
            writer.add_document(to_document(entry))

    def mentions(self, person: bytes) -> bool:
        """Tell whether anything of the person is left here, deleted but not yet merged away included."""
        return bool(self._index.searcher().doc_freq("person", person))

    def document_frequency(self, field: str, word: str) -> int:
        """Return in how many documents the index counts a word, deleted ones included."""
        return int(self._index.searcher().doc_freq(field, word))

    def terms(self) -> frozenset[str]:
        """Return every word that the index knows, whoever it came from: what proves an erasure, not what serves it."""
        with self.lease() as searcher:
            names = [name for field in WEIGHTS for name in (field, exact(field))]
            return frozenset(term for name in names for term, _ in searcher.terms_with_prefix(name, ""))

    def retire(self) -> None:
        """Wait until nobody reads, let go of the files, and overwrite them. The shard cannot be used afterwards."""
        with self._quiet:
            self._quiet.wait_for(lambda: self._leases == 0)
        del self._index
        if self.home is not None:
            wipe(self.home)
