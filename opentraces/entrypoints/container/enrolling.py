"""How enrolment is wired: plain functions that import no models and nothing that searches."""

import os
from uuid import uuid4

from opentraces.adapters.filesystem.enrolments import FilesystemEnrolments
from opentraces.adapters.filesystem.excludes import FilesystemExcludes
from opentraces.adapters.filesystem.surroundings import FilesystemCheckouts
from opentraces.application.enrol import Enrol, Unenrol
from opentraces.application.follow_checkout import FollowCheckout
from opentraces.entrypoints.container.git_when_asked import IdentityWhenAsked
from opentraces.entrypoints.container.media import refuse_unwritable
from opentraces.entrypoints.settings import Settings


def enrolments(settings: Settings) -> FilesystemEnrolments:
    """Make the Enrolments."""
    return FilesystemEnrolments(settings.home)


def enrol(settings: Settings) -> Enrol:
    """Make the use case that enrols. Raises StorageUnavailable."""
    refuse_unwritable(settings)
    return Enrol(
        enrolments=enrolments(settings),
        checkouts=FilesystemCheckouts(),
        identities=IdentityWhenAsked(settings),
        excludes=FilesystemExcludes(),
        new_id=lambda: str(uuid4()),
        user_home=os.path.realpath(settings.user),
    )


def unenrol(settings: Settings) -> Unenrol:
    """Make the use case that ends an enrolment. Raises StorageUnavailable."""
    refuse_unwritable(settings)
    return Unenrol(enrolments(settings), FilesystemCheckouts(), FilesystemExcludes())


def follow_checkout(settings: Settings) -> FollowCheckout:
    """Make the use case that adds worktrees, and repositories that moved."""
    return FollowCheckout(enrolments(settings), FilesystemCheckouts(), IdentityWhenAsked(settings))
