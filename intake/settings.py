"""What the operator decides: read once from the environment or a TOML file, then frozen.

Environment variables are ``VITAVAULT_`` and the setting's name (``VITAVAULT_PORT``); the TOML file is named by
``VITAVAULT_CONFIG`` or ``--config`` and holds the same names in lower case. The environment wins. Weak or impossible
values are refused at start with what to do.
"""

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from storage.reserve import Reserve

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(Exception):
    """The settings cannot be used; the text names each setting and what to do. Values are never repeated."""

    code = "settings_refused"


class Settings(BaseSettings):
    """Every setting, its default and its bounds. Sizes in MB (10^6 bytes), times in the unit their name says."""

    model_config = SettingsConfigDict(env_prefix="VITAVAULT_", frozen=True, extra="forbid")

    data: Path = Field(
        Path("vitavault-data"), validate_default=True, description="Folder for database, sealed files and index."
    )
    keys: Path = Field(
        Path("vitavault-keys"), validate_default=True, description="Folder for keys; never inside the data folder."
    )
    database_url: str = Field("", description="SQLAlchemy address; empty: SQLite in the data folder.")
    keystore_url: str = Field("", description="PostgreSQL address of the keystore; empty: a file in the key folder.")
    forget_list: str = Field("", description="File that lists erasures outside the database; empty: in the key folder.")
    memory_folder: Path = Field(Path("/dev/shm"), description="Memory-backed folder for the open word index.")  # noqa: S108
    reserve_mb: Annotated[int, Field(ge=0, le=10_000)] = Field(
        16, description="Room kept on the data folder's disk for erasing, in MB; nothing is taken in without it."
    )
    blobs_url: str = Field("", description="S3 address (s3://bucket/prefix) for sealed files; empty: the data folder.")
    root_provider: Literal["file", "environment", "transit", "kms"] = Field(
        "file", description="Where the root key is: a file in the key folder, the environment, Vault Transit, AWS KMS."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, description="Port to listen on.")
    base_url: str = Field("", description="Address under which people reach the product (https:// outside loopback).")
    trusted_proxies: str = Field("", description="Comma-separated addresses whose X-Forwarded headers are believed.")
    organisation: str = Field("This organisation", description="Name shown on pages.")
    policy: str = Field("default", description="A shipped policy profile's name or a TOML file's path.")
    public_applications: bool = Field(True, description="Whether anyone may apply through the API without a token.")
    upload_limit_mb: Annotated[int, Field(ge=1, le=100)] = Field(10, description="Largest file taken in.")
    documents_per_person: Annotated[int, Field(ge=1, le=50)] = Field(5, description="Documents a person may have.")
    applications_per_person: Annotated[int, Field(ge=1, le=50)] = Field(5, description="Applications, likewise.")
    sandbox: Literal["require", "best-effort", "off"] = Field("require", description="How documents are confined.")
    pdf_reader: Literal["pdfium", "pdfminer"] = Field("pdfium", description="PDF reader asked first, before the other.")
    readers: Annotated[int, Field(ge=1, le=64)] = Field(2, description="Documents read at once.")
    reading_queue: Annotated[int, Field(ge=1, le=1000)] = Field(16, description="Uploads in work at once; then 503.")
    reading_seconds: Annotated[float, Field(gt=0, le=30)] = Field(8.0, description="Wait for a reading, then pending.")
    link_hours: Annotated[int, Field(ge=1, le=24)] = Field(24, description="How long a one-time link can be opened.")
    session_idle_minutes: Annotated[int, Field(ge=1, le=480)] = Field(30, description="Idle staff are signed out.")
    session_hours: Annotated[int, Field(ge=1, le=24)] = Field(12, description="Staff sign in again after this long.")
    uploads_per_hour: Annotated[int, Field(ge=1)] = Field(30, description="Uploads per network address and hour.")
    receive_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        60.0, description="Longest a request may trickle in."
    )
    night_hour: Annotated[int, Field(ge=0, le=23)] = Field(2, description="Local hour of the nightly run.")
    end_share_limit: Annotated[float, Field(gt=0, le=1)] = Field(
        0.2, description="A nightly run that would end more than this share of all people stops and asks."
    )
    escrow: str = Field(
        "", description="Where keys are escrowed: a folder on another disk, or s3://bucket/prefix; empty: nowhere."
    )
    key_window_days: Annotated[int, Field(ge=1, le=365)] = Field(14, description="How long copies of keys may live.")
    key_window_reason: str = Field("", description="Why copies of keys may live longer than 28 days.")
    backup_folder: str = Field("", description="Where backups are made on a schedule; empty: none is.")
    backup_every_hours: Annotated[int, Field(ge=1, le=744)] = Field(24, description="How often a backup is made.")
    backup_keep: Annotated[int, Field(ge=1, le=1000)] = Field(7, description="How many backups are kept.")
    backup_blobs: Literal["included", "listed"] = Field(
        "included", description="Whether backups hold the sealed files, or list them (their store has its own backup)."
    )
    smtp_host: str = Field("", description="Mail server; empty: mail waits sealed until one is set.")
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = Field(587, description="Mail server's port.")
    smtp_user: str = Field("", description="Mail account.")
    smtp_password: str = Field("", description="Mail account's password.", repr=False)
    smtp_tls: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is protected.")
    mail_from: str = Field("", description="Sender of messages.")
    mail_return: str = Field("", description="Address to which undeliverable mail returns; empty: the sender's.")
    mail_dkim_selector: str = Field("", description="DKIM selector of the mail server, for `vitavault doctor`.")
    bounce_mailbox: str = Field(
        "", description="Maildir or mbox of that address alone, read by the keeper each minute; empty: none is read."
    )
    show_staff_names: bool = Field(False, description="Whether people see the names of staff who opened their record.")

    @field_validator("data", "keys")
    @classmethod
    def _is_whole_path(cls, value: Path) -> Path:
        return value.resolve()

    @field_validator("base_url")
    @classmethod
    def _is_secure_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
            return value.rstrip("/")
        raise ValueError("must be https:// (http:// only on loopback)")

    @model_validator(mode="after")
    def _keeps_keys_apart(self) -> "Settings":
        data, keys = self.data.resolve(), self.keys.resolve()
        if keys.is_relative_to(data) or data.is_relative_to(keys):
            raise ValueError("data and keys: neither folder may lie inside the other; choose a key folder beside it")
        if self.effective_forget_list.resolve().is_relative_to(data):
            raise ValueError("forget_list: must lie outside the data folder, which may be put back from a copy")
        return self

    @model_validator(mode="after")
    def _has_reason_for_long_window(self) -> "Settings":
        if self.key_window_days > 28 and len(self.key_window_reason.strip()) < 10:
            raise ValueError("key_window_days: above 28 it needs key_window_reason, in writing")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line first, then the environment, then the TOML file."""
        del dotenv_settings, file_secret_settings
        path = os.environ.get("VITAVAULT_CONFIG")
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings]
        if path:
            sources.append(TomlConfigSettingsSource(settings_cls, toml_file=Path(path)))
        return tuple(sources)

    @property
    def effective_database_url(self) -> str:
        """The database's address, the embedded one where none is set."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'vitavault.db'}"

    @property
    def effective_forget_list(self) -> Path:
        """The file of the forget list; never in the data folder, so that no copy of that brings anybody back."""
        return Path(self.forget_list) if self.forget_list else self.keys / "forget-list.txt"

    @property
    def reserve(self) -> Reserve:
        """The room that is kept for erasing."""
        return Reserve(self.data / "reserve", self.reserve_mb * 1_000_000)

    @property
    def upload_limit(self) -> int:
        """Largest file taken in, in bytes."""
        return self.upload_limit_mb * 1_000_000


def load_settings(**given: object) -> Settings:
    """Read the settings; ``given`` (the command line) wins where not None. Raises :class:`SettingsError`."""
    path = os.environ.get("VITAVAULT_CONFIG")
    if path and not Path(path).is_file():
        raise SettingsError("VITAVAULT_CONFIG names a file that is not there: correct the path or unset it.")
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors()]
        raise SettingsError("These settings cannot be used:\n" + "\n".join(lines)) from None
