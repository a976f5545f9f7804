"""The record: an append-only Merkle log (RFC 9162) of what was done, by whom, to whose data.

Entries are written in the business transaction (:func:`record`), given their position afterwards by the one
sequencer (:func:`sequence`) and vouched for by signed heads kept elsewhere too (:func:`checkpoint`,
:func:`export_checkpoint`); :func:`verify` names whatever was changed, added, moved or taken away. No personal data
is ever in it in clear; actors and subjects are pseudonyms.
"""

from storage.audit.entry import ABOUT, NotAnEntry, canonical, leaf_hash
from storage.audit.recording import entries_by, entries_for, record

__all__ = ["ABOUT", "NotAnEntry", "canonical", "entries_by", "entries_for", "leaf_hash", "record"]
