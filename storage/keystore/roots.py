"""Root keys: what wraps the generation keys and the installation's own secrets.

A provider wraps and unwraps; it must never hand its root out, write it to a log, or put it beside the data.
Contexts (``installation``, ``generation`` …) are bound into each wrap, so that none passes for another.

*Epochs.* A generation is wrapped at an epoch equal to its number. The file provider forgets: after
``forget_before(n)`` nothing wrapped at an epoch below ``n`` can be unwrapped again, even by somebody who kept every
byte of the keystore. Epoch 0 is for what lives as long as the installation.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.keystore.contract import FormerGeneration, KeystoreError, MissingKey, WrongKey
from storage.keystore.folder import check_private, locked, overwrite, write_private
from storage.seal import Unsealable, decrypt, encrypt, join_lengths

ROOT_FILE = "root.key"
ROOT_VARIABLE = "VITAVAULT_ROOT_KEY"
MOST_EPOCHS_AHEAD = 100_000
_WRONG = "the root key is not the one that this installation was made with: "


class Root(Protocol):
    """A root key, wherever it lives."""

    @property
    def provider(self) -> str:
        """``file``, ``environment``, ``transit`` or ``kms``."""
        ...

    def check_value(self) -> bytes:
        """Bytes that tell one root from another and nothing more; kept beside what the root wrapped."""
        ...

    def wrap(self, secret: bytes, context: str, epoch: int = 0) -> bytes:
        """Wrap a secret for one context and epoch."""
        ...

    def unwrap(self, wrapped: bytes, context: str, epoch: int = 0) -> bytes:
        """Unwrap. Raises :class:`WrongKey`; :class:`FormerGeneration` where the epoch was forgotten."""
        ...

    def forget_before(self, epoch: int, kept: bytes) -> bool:
        """Make what was wrapped at earlier epochs (but 0) impossible to unwrap. ``False``: this provider cannot.

        ``kept`` is what is wrapped at ``epoch`` itself and must open ever after.
        """
        ...


@dataclass(slots=True)
class FileRoot:
    """The default: a file in the key folder, mode 0600. It holds a lasting root and one that only turns forward."""

    path: Path
    provider: str = "file"

    def check_value(self) -> bytes:
        """See :class:`Root`."""
        return _check_value(_read_root(self.path).lasting)

    def wrap(self, secret: bytes, context: str, epoch: int = 0) -> bytes:
        """See :class:`Root`."""
        return _wrap(_read_root(self.path).key_at(epoch), secret, context, epoch)

    def unwrap(self, wrapped: bytes, context: str, epoch: int = 0) -> bytes:
        """See :class:`Root`."""
        return _unwrap(_read_root(self.path).key_at(epoch), wrapped, context, epoch)

    def forget_before(self, epoch: int, kept: bytes) -> bool:  # noqa: ARG002 (the epoch tells enough)
        """Turn the file forward to ``epoch`` and overwrite what stood there; it never turns back."""
        with locked(self.path.with_name(".root.lock")):
            state = _read_root(self.path)
            if state.epoch < epoch:
                former = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
                try:
                    write_private(self.path, _print_root(state.turned_to(epoch)))
                    overwrite(former)
                finally:
                    os.close(former)
        return True


@dataclass(frozen=True, slots=True)
class EnvironmentRoot:
    """A root of 32 bytes, base64, in the environment: for hosts that inject secrets. It cannot forget."""

    secret: bytes
    provider: str = "environment"

    def __repr__(self) -> str:
        """Never show the secret."""
        return "EnvironmentRoot()"

    def check_value(self) -> bytes:
        """See :class:`Root`."""
        return _check_value(self.secret)

    def wrap(self, secret: bytes, context: str, epoch: int = 0) -> bytes:
        """See :class:`Root`."""
        return _wrap(self.secret, secret, context, epoch)

    def unwrap(self, wrapped: bytes, context: str, epoch: int = 0) -> bytes:
        """See :class:`Root`."""
        return _unwrap(self.secret, wrapped, context, epoch)

    def forget_before(self, epoch: int, kept: bytes) -> bool:  # noqa: ARG002 (the protocol's)
        """A variable cannot be changed from inside; says so."""
        return False


def create_root_file(keys_dir: Path) -> FileRoot:
    """Draw a new root into the key folder. Raises ``FileExistsError``: a root is never replaced."""
    path = keys_dir / ROOT_FILE
    write_private(path, _print_root(_RootState(os.urandom(32), 1, os.urandom(32))), replace=False)
    return FileRoot(path)


def open_root(provider: str, keys_dir: Path, environ: Mapping[str, str] | None = None) -> Root:
    """The root of the provider named in the settings: ``file``, ``environment``, ``transit`` or ``kms``.

    Raises :class:`MissingKey` with what to do.
    """
    variables = os.environ if environ is None else environ
    if provider == "file":
        path = keys_dir / ROOT_FILE
        _read_root(path)
        return FileRoot(path)
    if provider == "environment":
        return EnvironmentRoot(_read_variable(variables))
    if provider == "transit":
        from storage.keystore.transit import open_transit_root

        return open_transit_root(variables)
    if provider == "kms":
        from storage.keystore.kms import open_kms_root

        return open_kms_root(variables)
    raise KeystoreError(f"there is no root provider {provider!r}: file, environment, transit or kms")


def check_root(root: Root, expected: bytes) -> None:
    """Raise :class:`WrongKey` unless this root is the one whose check value was kept."""
    if not hmac.compare_digest(root.check_value(), expected):
        raise WrongKey(_WRONG + _advice(root.provider))


@dataclass(frozen=True, slots=True)
class _RootState:
    lasting: bytes
    epoch: int
    turning: bytes

    def __repr__(self) -> str:
        return f"_RootState(epoch={self.epoch})"

    def key_at(self, epoch: int) -> bytes:
        return self.lasting if epoch == 0 else self.turned_to(epoch).turning

    def turned_to(self, epoch: int) -> "_RootState":
        if epoch < self.epoch:
            raise FormerGeneration("this generation of keys was destroyed; a backup of it opens only with its escrow")
        if epoch - self.epoch > MOST_EPOCHS_AHEAD:
            raise WrongKey(_WRONG + _advice("file"))
        turning = self.turning
        for _ in range(epoch - self.epoch):
            turning = _derive(turning, b"vitavault root turned 1")
        return _RootState(self.lasting, epoch, turning)


def _read_root(path: Path) -> _RootState:
    try:
        check_private(path)
        lines = path.read_text().split("\n")
    except FileNotFoundError:
        raise MissingKey(
            f"the root key {path} is missing. Put it back, or, if it is lost, run: vitavault keys recover"
        ) from None
    try:
        lasting, (epoch, turning) = lines[1].split(" ")[1], lines[2].split(" ")[1:]
        state = _RootState(_decode(lasting), int(epoch), _decode(turning))
    except (ValueError, IndexError):
        raise WrongKey(f"{path} is not a root key of this product, or is damaged. " + _advice("file")) from None
    return state


def _print_root(state: _RootState) -> bytes:
    lasting, turning = (base64.b64encode(secret).decode() for secret in (state.lasting, state.turning))
    return f"vitavault root key 1; secret\nlasting {lasting}\nturning {state.epoch} {turning}\n".encode()


def _read_variable(variables: Mapping[str, str]) -> bytes:
    value = variables.get(ROOT_VARIABLE, "")
    if not value:
        raise MissingKey(f"{ROOT_VARIABLE} is not set. Set it to 32 random bytes in base64: openssl rand -base64 32")
    try:
        return _decode(value)
    except ValueError:
        raise WrongKey(f"{ROOT_VARIABLE} is not 32 bytes in base64. Make one: openssl rand -base64 32") from None


def _decode(text: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise ValueError from None
    if len(secret) != 32:
        raise ValueError
    return secret


def _advice(provider: str) -> str:
    places = {
        "file": f"put the right {ROOT_FILE} into the key folder, or run: vitavault keys recover",
        "environment": f"set {ROOT_VARIABLE} to the value used before",
        "transit": "check the address, mount and name of the Transit key",
        "kms": "check the account, region and id of the KMS key",
    }
    return places[provider]


def _check_value(secret: bytes) -> bytes:
    return _derive(secret, b"vitavault root check 1")[:8]


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, info).derive(secret)


def _wrapping_key(secret: bytes) -> bytes:
    return _derive(secret, b"vitavault root wrap 1")


def _wrap(key: bytes, secret: bytes, context: str, epoch: int) -> bytes:
    nonce = os.urandom(12)
    return nonce + encrypt(_wrapping_key(key), nonce, secret, _bound(context, epoch))


def _unwrap(key: bytes, wrapped: bytes, context: str, epoch: int) -> bytes:
    try:
        return decrypt(_wrapping_key(key), wrapped[:12], wrapped[12:], _bound(context, epoch))
    except Unsealable:
        raise WrongKey(_WRONG + "check that key folder and root key belong together") from None


def _bound(context: str, epoch: int) -> bytes:
    return join_lengths(b"vitavault root 1", context.encode(), epoch.to_bytes(8, "big"))
