"""The root in AWS KMS: it wraps and unwraps, the root never leaves it.

Context and epoch are bound as the encryption context. KMS keeps every version of a key for ever, so a former
generation can be unwrapped by whoever kept its wrapped key and may still call KMS: that is said, not hidden.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.keystore.contract import KeystoreError, MissingKey, WrongKey

_NOT_OURS = ("InvalidCiphertextException", "IncorrectKeyException", "NotFoundException", "InvalidKeyUsageException")


@dataclass(frozen=True, slots=True)
class KmsRoot:
    """A root in KMS. ``client`` is boto3's ``kms`` client; ``key_id`` an id, ARN or alias."""

    client: Any
    key_id: str
    provider: str = "kms"

    def __repr__(self) -> str:
        """Never show the client's credentials."""
        return f"KmsRoot({self.key_id})"

    def check_value(self) -> bytes:
        """See :class:`~storage.keystore.roots.Root`: of the key's own ARN, whatever alias names it."""
        arn = self._call("describe_key", KeyId=self.key_id)["KeyMetadata"]["Arn"]
        return hashlib.sha256(arn.encode()).digest()[:8]

    def wrap(self, secret: bytes, context: str, epoch: int = 0) -> bytes:
        """See :class:`~storage.keystore.roots.Root`."""
        answer = self._call("encrypt", KeyId=self.key_id, Plaintext=secret, EncryptionContext=_bound(context, epoch))
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, context: str, epoch: int = 0) -> bytes:
        """See :class:`~storage.keystore.roots.Root`."""
        bound = _bound(context, epoch)
        answer = self._call("decrypt", KeyId=self.key_id, CiphertextBlob=wrapped, EncryptionContext=bound)
        return bytes(answer["Plaintext"])

    def forget_before(self, epoch: int, kept: bytes) -> bool:  # noqa: ARG002 (the protocol's)
        """KMS cannot destroy a former version of a key; says so."""
        return False

    def _call(self, verb: str, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self.client, verb)(**arguments)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _NOT_OURS:
                raise WrongKey(f"KMS refused ({code}): check account, region and id of the KMS key") from None
            raise KeystoreError(f"KMS refused ({code}): check the rights to use this key") from None
        except BotoCoreError as error:
            raise KeystoreError(f"KMS was not reached ({type(error).__name__}): check network and region") from None


def open_kms_root(variables: Mapping[str, str]) -> KmsRoot:
    """The root named by ``VITAVAULT_KMS_KEY``; account and region as the AWS SDK finds them."""
    try:
        import boto3
    except ImportError:
        raise MissingKey("the KMS provider needs boto3: install vitavault[aws]") from None
    key_id = variables.get("VITAVAULT_KMS_KEY", "")
    if not key_id:
        raise MissingKey("the KMS provider needs VITAVAULT_KMS_KEY: the id, ARN or alias of a symmetric KMS key")
    options = {"endpoint_url": variables.get("AWS_ENDPOINT_URL_KMS") or None}
    return KmsRoot(boto3.client("kms", region_name=variables.get("AWS_REGION") or None, **options), key_id)


def _bound(context: str, epoch: int) -> dict[str, str]:
    return {"vitavault": "root 1", "context": context, "epoch": str(epoch)}
