"""The record: an append-only Merkle log (RFC 9162) of what was done, by whom, to whose data.

Entries are written in the business transaction (:func:`record`), given their position afterwards by the one
sequencer (:func:`sequence`) and vouched for by signed heads kept elsewhere too (:func:`checkpoint`,
:func:`export_checkpoint`); :func:`verify` names whatever was changed, added, moved or taken away. No personal data
is ever in it in clear; actors and subjects are pseudonyms.
"""

from storage.audit.checkpoints import (
    ExportDamaged,
    Inconsistent,
    checkpoint,
    export_checkpoint,
    find_checkpoint,
    find_exported,
    read_exported,
)
from storage.audit.entry import ABOUT, NotAnEntry
from storage.audit.merkle import EMPTY_ROOT, is_consistent, is_included
from storage.audit.notes import Head, NotVouched, open_note
from storage.audit.recording import entries_by, entries_for, record
from storage.audit.tree import (
    TreeDamaged,
    consistency_proof,
    count_unsequenced,
    inclusion_proof,
    root,
    sequence,
    tree_size,
)
from storage.audit.verifying import Fault, VerifyReport, verify

__all__ = [
    "ABOUT", "EMPTY_ROOT", "ExportDamaged", "Fault", "Head", "Inconsistent", "NotAnEntry", "NotVouched",
    "TreeDamaged", "VerifyReport", "checkpoint", "consistency_proof", "count_unsequenced", "entries_by",
    "entries_for", "export_checkpoint", "find_checkpoint", "find_exported", "inclusion_proof", "is_consistent",
    "is_included", "open_note", "read_exported", "record", "root", "sequence", "tree_size", "verify",
]  # fmt: skip
