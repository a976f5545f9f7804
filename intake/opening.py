"""Opens an installation: checks folders, keys and database against each other, and refuses what does not fit.

The only place that makes the parts and hands them to each other. Makes a new installation only where there is neither
a database nor keys; anything else that is missing is refused with what to do, never replaced.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.desk.notices import post_notice
from intake.desk.vault import Vault
from intake.installation import Installation
from intake.keeper.continuity import Outside, RestoreUnfinished, require_continuity, settle_open_intents
from intake.keeper.recovery import TellOnce, offer_recovery
from intake.keeper.watching import watch_connections
from intake.policy_book import PolicyBook
from intake.policy_words import in_every_language
from intake.reading.reader import ResumeReader
from intake.settings import Settings
from retention.policy.load import load_policy
from storage import migrations
from storage.blobs import open_blobs
from storage.database import Database, open_database
from storage.forget import ForgetList
from storage.keystore import (
    Keystore,
    MissingKey,
    NewGeneration,
    Root,
    open_keystore,
    open_root,
    prepare_key_folder,
)
from storage.keystore.beginning import begin_keys
from storage.keystore.depot import open_depot
from storage.keystore.upkeep import prepare_escrow
from storage.models import Installation as InstallationRow
from storage.models import utc_now
from storage.seal import Sealer
from storage.search import SearchIndex, find_memory_dir
from storage.secrets import InstallationSecrets, has_installation, open_installation_keys

INDEX_KEY_FILE = "index.key"


class StartRefused(Exception):
    """The product will not start. ``code`` is stable; the text says what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Keys:
    """What the key folder holds."""

    root: Root
    secrets: InstallationSecrets
    keystore: Keystore


def open_installation(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    wake: Callable[[], None] = lambda: None,
    is_serving: bool = True,
    is_restoring: bool = False,
    tell_recovery: TellOnce | None = None,
) -> tuple[Installation, ExitStack]:
    """Open everything, making a new installation where there is none. Close the returned stack at the end.

    ``tell_recovery`` is given the private half of a new installation's recovery key, where none was made yet. Where
    escrow is set, nothing is wrapped before it was escrowed to that key.

    Commands that neither read documents nor search (``is_serving`` False) start no reader and take no index room.
    Only what finishes a restore (``is_restoring``) opens a database that is older than what the key folder knows.
    """
    _prepare_data_folder(settings.data)
    policy = in_every_language(load_policy(settings.policy))
    with ExitStack() as stack:
        forget = ForgetList(settings.effective_forget_list)
        database = open_database(settings.effective_database_url, forget)
        stack.callback(database.close)
        _reach(database)
        keys = open_keys(settings, is_new=_is_new(database, settings), tell_recovery=tell_recovery)
        stack.callback(keys.keystore.close)
        migrate_or_check(database)
        _match(database, keys.secrets, clock())
        vault = Vault(keys.keystore, Sealer(keys.secrets.installation), keys.secrets)
        if not is_restoring:
            _refuse_older(database, Outside(settings.keys, forget, vault), clock())
        index = _make_index(settings, is_serving=is_serving)
        stack.callback(index.close)
        reader = ResumeReader(
            settings.sandbox,
            workers=settings.readers,
            waiting=max(0, settings.reading_queue - settings.readers),
            pdf_reader=settings.pdf_reader,
        )
        if is_serving:
            reader.start()
            stack.callback(reader.close)
            settings.reserve.keep()
        house = Installation(
            settings=settings,
            find_policy=PolicyBook(database, policy, clock),
            database=database,
            vault=vault,
            blobs=open_blobs(settings.data, settings.blobs_url),
            index=index,
            reader=reader,
            clock=clock,
            wake=wake,
        )
        if not is_restoring:
            with database.writing() as session:
                post_notice(session, house, clock())
        if is_serving:
            watch_connections(house)
        return house, stack.pop_all()


def _prepare_data_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError:
        raise StartRefused(
            "data_folder_unusable",
            f"The data folder {folder} cannot be written: give it to the user that runs Vitavault, mode 0700.",
        ) from None


def _reach(database: Database) -> None:
    try:
        database.ping()
    except Exception:  # noqa: BLE001 - drivers raise many kinds, and their text may repeat the address
        raise StartRefused(
            "database_unreachable", "The database cannot be reached: check VITAVAULT_DATABASE_URL and that it runs."
        ) from None


def _is_new(database: Database, settings: Settings) -> bool:
    return migrations.current(database.engine) is None and not has_installation(settings.keys)


def open_keys(settings: Settings, *, is_new: bool, tell_recovery: TellOnce | None = None) -> Keys:
    """Open the key folder; make its content only for a new installation. Raises what the keystore raises."""
    prepare_key_folder(settings.keys, settings.data)
    if is_new:
        return _begin(settings, tell_recovery)
    if not has_installation(settings.keys):
        raise MissingKey(
            f"{settings.keys} holds no keys, but the database is in use. Name the key folder that belongs to it"
            " (--keys), or put it back from its backup; without it nothing can be read."
        )
    root = open_root(settings.root_provider, settings.keys)
    secrets = open_installation_keys(settings.keys, root)
    return Keys(root, secrets, open_keystore(settings.keys, root, secrets.installation, settings.keystore_url))


def _begin(settings: Settings, tell_recovery: TellOnce | None) -> Keys:
    if tell_recovery is not None:
        offer_recovery(settings.keys, tell_recovery)
    depot = open_depot(settings.escrow, settings.keys, settings.data) if settings.escrow else None

    def prepare(secrets: InstallationSecrets, fresh: NewGeneration) -> None:
        prepare_escrow(settings.keys, depot, secrets, fresh)

    begun = begin_keys(settings.keys, settings.root_provider, settings.keystore_url, prepare=prepare)
    return Keys(begun.root, begun.secrets, begun.keystore)


def migrate_or_check(database: Database) -> None:
    """Bring a new or embedded database to today's shape; others are only checked (migrate them deliberately)."""
    if migrations.current(database.engine) is None:
        migrations.upgrade(database.engine)
    migrations.check(database.engine)


def _match(database: Database, secrets: InstallationSecrets, at: datetime) -> None:
    with database.writing() as session:
        row = session.query(InstallationRow).one_or_none()
        if row is None:
            session.add(InstallationRow(id=secrets.installation, created_at=at))
            return
    if row.id != secrets.installation:
        raise StartRefused(
            "wrong_keys",
            "The key folder belongs to another installation than the database: name the folder that belongs to it"
            " (--keys), or the database that belongs to these keys.",
        )


def _refuse_older(database: Database, outside: Outside, at: datetime) -> None:
    try:
        require_continuity(database, outside)
    except RestoreUnfinished as found:
        raise StartRefused(found.code, str(found)) from None
    settle_open_intents(database, outside, at)


def _make_index(settings: Settings, *, is_serving: bool) -> SearchIndex:
    memory = find_memory_dir((settings.memory_folder,)) if is_serving else None
    sealed = settings.data / "index"
    sealed.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SearchIndex(sealed, memory, settings.keys / INDEX_KEY_FILE)
