"""The root in HashiCorp Vault or OpenBao: its Transit engine wraps and unwraps, the root never leaves it.

Two Transit keys are used: ``<name>`` for what lives as long as the installation, ``<name>-generations`` for the
keystore's generations, which is rotated for each of them and trimmed afterwards, so that a former generation cannot be
unwrapped again even with everything that was ever stored here. Without the right to trim, that is said, not hidden.

It must never log a token, a plaintext or an answer.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.keystore.contract import KeystoreError, MissingKey, WrongKey
from storage.seal import join_lengths

_SECRET = 32


@dataclass(frozen=True, slots=True)
class TransitRoot:
    """A root in the Transit engine. ``client`` is an ``hvac.Client``."""

    client: Any
    name: str
    mount: str = "transit"
    provider: str = "transit"

    def __repr__(self) -> str:
        """Never show the client's token."""
        return f"TransitRoot({self.mount}/{self.name})"

    def check_value(self) -> bytes:
        """See :class:`~storage.keystore.roots.Root`: of the key's mount, name and time of creation."""
        facts = self._call("read_key", name=self.name)["data"]
        made = str(min(facts["keys"].items(), key=lambda item: int(item[0]))[1])
        told = join_lengths(self.mount.encode(), self.name.encode(), made.encode())
        return hashlib.sha256(told).digest()[:8]

    def wrap(self, secret: bytes, context: str, epoch: int = 0) -> bytes:
        """See :class:`~storage.keystore.roots.Root`. The context travels inside, and is compared when it comes out."""
        if epoch:
            self._call("rotate_key", name=self._key(epoch))
        plaintext = base64.b64encode(_bound(context, epoch) + secret).decode()
        answer = self._call("encrypt_data", name=self._key(epoch), plaintext=plaintext)
        return str(answer["data"]["ciphertext"]).encode()

    def unwrap(self, wrapped: bytes, context: str, epoch: int = 0) -> bytes:
        """See :class:`~storage.keystore.roots.Root`."""
        answer = self._call("decrypt_data", name=self._key(epoch), ciphertext=wrapped.decode())
        plaintext = base64.b64decode(answer["data"]["plaintext"])
        bound = _bound(context, epoch)
        if plaintext[: len(bound)] != bound:
            raise WrongKey(
                "what Vault unwrapped belongs elsewhere: check that key folder and Transit key belong together"
            )
        return plaintext[len(bound) :]

    def forget_before(self, epoch: int, kept: bytes) -> bool:  # noqa: ARG002 (versions, not epochs, are trimmed)
        """Trim versions of the generations' key below the one that wrapped ``kept``. ``False`` without the right."""
        version = int(kept.split(b":")[1].removeprefix(b"v"))
        name = self._key(1)
        try:
            self._call("update_key_configuration", name=name, min_encryption_version=version)
            self._call("update_key_configuration", name=name, min_decryption_version=version)
            self._call("trim_key", name=name, min_version=version)
        except KeystoreError:
            return False
        return True

    def _key(self, epoch: int) -> str:
        return f"{self.name}-generations" if epoch else self.name

    def _call(self, verb: str, **arguments: Any) -> Any:
        import hvac

        try:
            return getattr(self.client.secrets.transit, verb)(mount_point=self.mount, **arguments)
        except (hvac.exceptions.InvalidRequest, hvac.exceptions.InvalidPath):
            raise WrongKey(
                f"Vault refused {verb} with the Transit key {arguments['name']!r}: check mount and name"
            ) from None
        except (hvac.exceptions.VaultError, OSError) as error:
            raise KeystoreError(
                f"Vault could not be used ({type(error).__name__}): check address, token, and that it is unsealed"
            ) from None


def open_transit_root(variables: Mapping[str, str]) -> TransitRoot:
    """The root of ``VAULT_ADDR``, ``VAULT_TOKEN``, ``VITAVAULT_TRANSIT_KEY`` and ``VITAVAULT_TRANSIT_MOUNT``."""
    try:
        import hvac
    except ImportError:
        raise MissingKey("the Transit provider needs hvac: install vitavault[vault]") from None
    missing = [name for name in ("VAULT_ADDR", "VAULT_TOKEN") if not variables.get(name)]
    if missing:
        raise MissingKey(f"the Transit provider needs {' and '.join(missing)} in the environment")
    client = hvac.Client(
        url=variables["VAULT_ADDR"],
        token=variables["VAULT_TOKEN"],
        namespace=variables.get("VAULT_NAMESPACE") or None,
        timeout=10,
    )
    mount = variables.get("VITAVAULT_TRANSIT_MOUNT") or "transit"
    return TransitRoot(client, variables.get("VITAVAULT_TRANSIT_KEY") or "vitavault", mount)


def create_transit_keys(root: TransitRoot) -> None:
    """Make the two Transit keys where they do not exist yet; keys that are there stay as they are."""
    for name in (root.name, f"{root.name}-generations"):
        root._call("create_key", name=name, key_type="aes256-gcm96")  # noqa: SLF001 (the same module's)


def _bound(context: str, epoch: int) -> bytes:
    return join_lengths(b"vitavault root 1", context.encode(), epoch.to_bytes(8, "big"))
