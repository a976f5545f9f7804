"""What the doctor looks at without opening the installation: folders, memory, swap, the jail for documents, mail."""

import shutil
import smtplib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intake.desk.doctor.finding import Finding, ok, red, warn
from intake.reading.sandbox.layers import probe
from intake.settings import Settings
from storage.keystore.folder import KeyFolderRefused, check_private
from storage.search.memory import LEAST_FREE, is_memory_backed

_ROOM_RED, _ROOM_WARN = 200_000_000, 2_000_000_000
_SWAPS = Path("/proc/swaps")


def look_at_machine(settings: Settings) -> Iterator[Finding]:
    """Folders, room, memory, swap, the jail, whether mail is set."""
    yield from _look_at_key_folder(settings.keys)
    yield _look_at_data_folder(settings.data)
    yield from _look_at_room(settings)
    yield _look_at_memory(settings.memory_folder)
    yield look_at_swap(_SWAPS)
    yield _look_at_jail(settings)
    yield _look_at_mail_settings(settings)


def _look_at_key_folder(keys_dir: Path) -> Iterator[Finding]:
    if not keys_dir.is_dir():
        yield red(
            "key folder",
            f"{keys_dir} is not there",
            "Name the folder that belongs to the database (--keys), or put it back: `vitavault keys recover`.",
        )
        return
    try:
        check_private(keys_dir)
        for path in sorted(keys_dir.iterdir()):
            if not path.is_symlink():
                check_private(path)
    except KeyFolderRefused as refused:
        yield red("key folder", str(refused), "Do as it says; only the user that runs Vitavault may read keys.")
    except OSError as error:
        yield red(
            "key folder", f"{type(error).__name__}", f"Make {keys_dir} readable for the user that runs Vitavault."
        )
    else:
        yield ok("key folder", f"{keys_dir} belongs to this user alone")


def _look_at_data_folder(data: Path) -> Finding:
    if not data.is_dir():
        return red("data folder", f"{data} is not there", "Name the data folder (--data), or restore a backup.")
    if data.stat().st_mode & 0o077:
        return warn("data folder", f"{data} is open to other users", f"chmod 700 {data}")
    return ok("data folder", str(data))


def _look_at_room(settings: Settings) -> Iterator[Finding]:
    folders = {"data folder": settings.data, "key folder": settings.keys}
    if settings.backup_folder:
        folders["backup folder"] = Path(settings.backup_folder)
    for name, folder in folders.items():
        if folder.is_dir():
            yield judge_room(name, shutil.disk_usage(folder).free)


def judge_room(name: str, free: int) -> Finding:
    """How much room is left in a folder, in bytes."""
    check, seen = f"room in the {name}", f"{free / 1e9:.1f} GB are free"
    if free < _ROOM_RED:
        return red(check, seen, "Make room at once: uploads are refused, and erasure needs room for its log too.")
    return warn(check, seen, "Make room soon.") if free < _ROOM_WARN else ok(check, seen)


def _look_at_memory(folder: Path) -> Finding:
    advice = "Name a memory-backed folder (tmpfs) with 256 MB free as VITAVAULT_MEMORY_FOLDER; search needs it."
    if not folder.is_dir() or not is_memory_backed(folder):
        return red("memory folder", f"{folder} does not lie in memory", advice)
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        return red("memory folder", f"{free / 1e6:.0f} MB are free in {folder}", advice)
    return ok("memory folder", f"{folder} lies in memory, {free / 1e6:.0f} MB free")


def look_at_swap(swaps: Path) -> Finding:
    """Whether memory may be written to a disk."""
    used = swaps.read_text("utf-8").splitlines()[1:] if swaps.exists() else []
    if used:
        advice = "Switch swap off or encrypt it: opened keys and words of the index may reach the disk."
        return warn("swap", f"{len(used)} in use", advice)
    return ok("swap", "none")


def _look_at_jail(settings: Settings) -> Finding:
    layers = probe()
    seen = f"{settings.sandbox}; the kernel gives Landlock {layers.landlock or 'none'}"
    if settings.sandbox == "require":
        return ok("sandbox", seen)
    return warn("sandbox", seen, "Set VITAVAULT_SANDBOX to require: documents come from strangers.")


def _look_at_mail_settings(settings: Settings) -> Finding:
    if not settings.smtp_host:
        return warn("mail", "no mail server is set", "Set VITAVAULT_SMTP_HOST: until then messages wait sealed.")
    if settings.smtp_tls == "none":
        return warn("mail", "connections are not protected", "Set VITAVAULT_SMTP_TLS to starttls or tls.")
    return ok("mail", f"{settings.smtp_host}, {settings.smtp_tls}")


def try_mail(settings: Settings) -> Finding:
    """Reach the mail server and sign in, without sending anything."""
    context = ssl.create_default_context()
    kind: Any = smtplib.SMTP_SSL if settings.smtp_tls == "tls" else smtplib.SMTP
    options = {"context": context} if settings.smtp_tls == "tls" else {}
    try:
        with kind(settings.smtp_host, settings.smtp_port, timeout=10, **options) as server:
            if settings.smtp_tls == "starttls":
                server.starttls(context=context)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return red(
            "mail server", f"{type(error).__name__}", "Check host, port, protection and account of the mail server."
        )
    return ok("mail server", "answers")
