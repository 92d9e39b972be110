"""Which refusals does making and publishing an event know?"""

from eventapp.domain.errors.base import DomainError


class SlugTaken(DomainError):
    code = "slug_taken"


class NotPublishable(DomainError):
    """Facts: `missing`, the names of the fields that a published event needs."""

    code = "not_publishable"


class OnlyDrafts(DomainError):
    """Only an untouched draft may be deleted."""

    code = "only_drafts"


class EventOver(DomainError):
    """It has been, or it will not be: nothing can be prepared for it any more."""

    code = "event_over"
