"""The program behind its faces: the command line and the window talk to `Studio` and to nothing below it."""

from typing import TYPE_CHECKING

from studio.app.faults import keep_crash_report
from studio.app.studio import ENGINE, Studio
from studio.doctor import Finding
from studio.jobs.intake import Order, Plan, Skipped, Taken
from studio.jobs.names import REVIEW_FOLDER
from studio.jobs.pairs import Assigned, Garment, Pairing, Pairs, Role
from studio.jobs.pairs_find import Estimate, Request, as_found
from studio.jobs.scan import PHOTO_SUFFIXES
from studio.jobs.service import Service
from studio.jobs.watched import After, Duplicate, FolderState, LastEvent, Outcome, Queued, Unreadable, WatchedFolder
from studio.jobs.watching import Watching, WatchService
from studio.settings import Home

if TYPE_CHECKING:
    from studio.engine.edits import Box, Masks
    from studio.engine.models.addon import Installed, Lock
    from studio.engine.preview import Preview
    from studio.farm.desk import FarmLoop
    from studio.sync.loop import AccountLoop

__all__ = [
    "ENGINE",
    "PHOTO_SUFFIXES",
    "REVIEW_FOLDER",
    "AccountLoop",
    "After",
    "Assigned",
    "Box",
    "Duplicate",
    "Estimate",
    "FarmLoop",
    "Finding",
    "FolderState",
    "Garment",
    "Home",
    "Installed",
    "LastEvent",
    "Lock",
    "Masks",
    "Order",
    "Outcome",
    "Pairing",
    "Pairs",
    "Plan",
    "Preview",
    "Queued",
    "Request",
    "Role",
    "Service",
    "Skipped",
    "Studio",
    "Taken",
    "Unreadable",
    "WatchService",
    "WatchedFolder",
    "Watching",
    "as_found",
    "keep_crash_report",
]
