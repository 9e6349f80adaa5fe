"""One computer's studio: its home and settings, and a desk for each subject."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from studio import log
from studio.app.addon import AddonDesk
from studio.app.asking import AskingDesk
from studio.app.channels import ChannelDesk
from studio.app.corrections import CorrectionDesk
from studio.app.history import HistoryDesk
from studio.app.models import ModelDesk
from studio.app.outside import network
from studio.app.pictures import PictureDesk
from studio.app.poses import PoseDesk
from studio.app.queue import QueueDesk
from studio.app.recipes import RecipeDesk
from studio.app.review import ReviewDesk
from studio.app.work import WorkDesk
from studio.doctor import Finding, examine
from studio.jobs.shoots import Shoots
from studio.jobs.store import Store
from studio.jobs.watching import Watching
from studio.model import Event, Licence, LicenceState, Newest
from studio.settings import Home, Settings, resources

if TYPE_CHECKING:
    from studio.farm.desk import FarmDesk
    from studio.sync.account import AccountDesk
    from studio.sync.connection import Surroundings
    from studio.sync.loop import AccountLoop

ENGINE = "studio.engine.pipeline"


class Studio:
    """Everything a face needs, by subject. Raises StudioError.

    engine: dotted name of the module that finishes shots. surroundings: what the account meets, None = the real ones.
    """

    def __init__(
        self, home: Home | None = None, *, engine: str = ENGINE, surroundings: "Surroundings | None" = None
    ) -> None:
        self.home = home or Home.of_this_user()
        self.settings = Settings.load(self.home.settings)
        self._surroundings = surroundings
        try:
            log.set_up(self.home.logs, name="modamoda")
        except OSError as refusal:
            raise self.home.unusable(refusal) from refusal
        self._store = Store(self.home.database)
        self.channels = ChannelDesk(self.home)
        self.recipes = RecipeDesk(self.home, self.channels)
        self.shoots = Shoots(self._store, self.home, engine)
        self.work = WorkDesk(
            self._store,
            self.home,
            engine,
            settings=lambda: self.settings,
            corrections=self.shoots.corrections,
            resolved=self.channels.resolved,
            farm=lambda: self.farm,
        )
        self.history = HistoryDesk(self._store)
        self.queue = QueueDesk(self._store, self.home, self.history, farm=lambda: self.farm)
        self.review = ReviewDesk(self._store, self.history)
        self.watching = Watching(self._store, self.home, engine, self.work.runner, self.folders_allowed)
        self.corrections = CorrectionDesk(self._store)
        self.pictures = PictureDesk()
        self.poses = PoseDesk(self.home)
        self.asking = AskingDesk(self.home)
        self.models = ModelDesk(self.home)
        self.addon = AddonDesk(self.home)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.asking.stop()
        self.watching.close()
        self.shoots.close()
        if "account" in self.__dict__:
            self.account.close()
        self._store.close()

    def save_settings(self, settings: Settings) -> None:
        """Use and keep these settings; a worker that runs takes them over when it is started again."""
        self.settings = settings
        settings.save(self.home.settings)

    def doctor(self) -> list[Finding]:
        """What this computer can do, and what to do about what it cannot."""
        return examine(self.home)

    # --- updates

    @property
    def may_look_for_updates(self) -> bool:
        """Whether the photographer allowed looking for updates, and it is time to."""
        from studio.updates import is_due

        return is_due(self.home.updates, self.settings.days_between_update_checks)

    def look_for_updates(self) -> Newest:
        """Ask now for the newest version; only when a person wants it or allowed it. Raises StudioError."""
        from studio.updates import built_in_keys, look

        return look(self.home.updates, built_in_keys(resources()), network())

    # --- the account; nothing local needs one

    @cached_property
    def account(self) -> "AccountDesk":
        """The account of this computer and its verbs."""
        from studio.sync.account import AccountDesk  # httpx and its kin: only who has to do with the account pays

        return AccountDesk(self.home, self._store, lambda: self.settings, surroundings=self._surroundings)

    @property
    def is_signed_in(self) -> bool:
        """Whether this computer is signed in to an account, as far as it knows."""
        return self._store.has_fact("account")

    def licence(self) -> Licence:
        """What this computer may do besides everything local, told without a network; asks nothing where none was."""
        return self.account.licence() if self._store.has_fact("licence") else Licence(state=LicenceState.NONE)

    def folders_allowed(self) -> int | None:
        """How many folders may be watched at once: one, and with a licence for more any number (None)."""
        return self.licence().watched_folders

    def serve_account(self, emit: Callable[[Event], None]) -> "AccountLoop":
        """Look after the account while a window is open; `emit` is called in a thread of its own."""
        from studio.sync.loop import AccountLoop

        return AccountLoop(self.account, emit)

    def set_cloud_rule(self, without_gpu: bool, over_queue: int, limit: int) -> None:
        """Let the service render by itself, for so many credits at most; a limit of 0 ends it. Raises StudioError."""
        self.account.cloud.agree_to_rule(limit)
        self.save_settings(replace(self.settings, cloud_without_gpu=int(without_gpu), cloud_over_queue=over_queue))

    # --- the farm

    @cached_property
    def farm(self) -> "FarmDesk":
        """The studio's other computers and what is on them."""
        from studio.farm.desk import FarmDesk  # its libraries are an extra

        return FarmDesk(self.home, self._store, lambda: self.settings, self.licence)

    @property
    def knows_farm(self) -> bool:
        """Whether a farm was set up on this computer; loads nothing of it, for a window asks at its start."""
        from studio.farm.place import is_kept

        return is_kept(self.home)
