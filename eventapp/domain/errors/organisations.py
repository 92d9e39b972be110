"""Which refusals do organisations, their domains and periods, and merging know?"""

from eventapp.domain.errors.base import DomainError


class NotAMailDomain(DomainError):
    """Facts: `typed`, what cannot be the domain of a mail address."""

    code = "not_a_mail_domain"


class FreeMailDomain(DomainError):
    """Anybody can take an address there. Facts: `domain`."""

    code = "free_mail_domain"


class DomainTaken(DomainError):
    """A mail domain speaks for one organisation only. Facts: `domain`, and the name of the `organisation` it is of."""

    code = "domain_taken"


class NotATenantId(DomainError):
    """Facts: `typed`, what cannot be the id of a Microsoft tenant of an organisation."""

    code = "not_a_tenant_id"


class TenantTaken(DomainError):
    """A Microsoft tenant speaks for one organisation only. Facts: `tenant`, and the name of the `organisation`."""

    code = "tenant_taken"


class MergeWithItself(DomainError):
    """One person or organisation cannot be merged with itself."""

    code = "merge_with_itself"


class TwiceAtOneEvent(DomainError):
    """Two people cannot become one while both are registered for the same event. Facts: `events`, their titles."""

    code = "twice_at_one_event"


class RelationsClash(DomainError):
    """Two organisations had different relations on the same days. Facts: `first`, the first day, and both names."""

    code = "relations_clash"


class MergeBlocked(DomainError):
    """Both have something of which there can be one only, and nothing says which."""

    code = "merge_blocked"


class EndsBeforeStart(DomainError):
    """Facts: `row`, the place of the period among those given."""

    code = "ends_before_start"


class PeriodsOverlap(DomainError):
    """Facts: `row`, the place of the later given of the two periods."""

    code = "periods_overlap"


class NameTaken(DomainError):
    """Within one address a name is one person. Facts: `address`, where somebody else has this name."""

    code = "name_taken"


class PeriodIsOver(DomainError):
    """What has ended is history and stays as it was."""

    code = "period_is_over"
