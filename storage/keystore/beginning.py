"""The first start: root, secrets and keystore of a new installation, or of one that is being recovered.

Cut short at any point it is simply done again: the secrets lie under a provisional name until the keystore is there,
and only their final name makes an installation. It must never replace keys that are in use.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from storage.keystore import (
    Keystore,
    KeystoreExists,
    NewGeneration,
    Root,
    create_root_file,
    fill_keystore,
    open_keystore,
    open_root,
)
from storage.keystore.copies import Row
from storage.keystore.folder import sync_folder
from storage.keystore.generation import draw_generation
from storage.keystore.roots import ROOT_FILE
from storage.keystore.transit import TransitRoot, create_transit_keys
from storage.secrets import (
    SECRETS_FILE,
    InstallationSecrets,
    draw_secrets,
    has_installation,
    keep_installation,
    open_installation_keys,
)

PROVISIONAL_FILE = "installation.provisional"
Fill = Callable[[NewGeneration], Iterable[list[Row]]]
Prepare = Callable[[InstallationSecrets, NewGeneration], None]


@dataclass(frozen=True, slots=True)
class Begun:
    """What a first start made."""

    root: Root
    secrets: InstallationSecrets
    keystore: Keystore


def begin_keys(
    keys_dir: Path,
    provider: str = "file",
    url: str = "",
    environ: Mapping[str, str] | None = None,
    prepare: Prepare | None = None,
) -> Begun:
    """Make root, secrets and an empty keystore. ``prepare`` escrows both before anything is wrapped.

    Raises ``FileExistsError`` where the key folder holds an installation already.
    """
    return begin_with(keys_dir, provider, url, environ=environ, prepare=prepare)


def begin_with(
    keys_dir: Path,
    provider: str,
    url: str,
    *,
    environ: Mapping[str, str] | None = None,
    secrets: InstallationSecrets | None = None,
    number: int = 1,
    fill: Fill = lambda _fresh: (),
    prepare: Prepare | None = None,
) -> Begun:
    """As :func:`begin_keys`, with secrets that exist already and a first generation that is filled."""
    if has_installation(keys_dir):
        raise FileExistsError(f"{keys_dir} holds the keys of an installation already: they are never replaced")
    root = begin_root(keys_dir, provider, environ)
    held = _provisional(keys_dir, root, secrets)
    fresh = draw_generation(held.installation, number)
    if prepare is not None:
        prepare(held, fresh)
    with contextlib.suppress(KeystoreExists):  # made by a start that was cut short: it opens below, or is refused
        fill_keystore(keys_dir, root, fresh, fill(fresh), url)
    keystore = open_keystore(keys_dir, root, held.installation, url)
    (keys_dir / PROVISIONAL_FILE).rename(keys_dir / SECRETS_FILE)
    sync_folder(keys_dir)
    return Begun(root, held, keystore)


def begin_root(keys_dir: Path, provider: str, environ: Mapping[str, str] | None) -> Root:
    """The root: drawn for the file provider where there is none; for Transit, its keys are made."""
    if provider == "file" and not (keys_dir / ROOT_FILE).exists():
        return create_root_file(keys_dir)
    root = open_root(provider, keys_dir, environ)
    if isinstance(root, TransitRoot):
        create_transit_keys(root)
    return root


def _provisional(keys_dir: Path, root: Root, secrets: InstallationSecrets | None) -> InstallationSecrets:
    path = keys_dir / PROVISIONAL_FILE
    if path.exists():
        held = open_installation_keys(keys_dir, root, PROVISIONAL_FILE)
        if secrets in (None, held):
            return held
        path.unlink()
    drawn = secrets or draw_secrets()
    keep_installation(keys_dir, root, drawn, PROVISIONAL_FILE)
    return drawn
