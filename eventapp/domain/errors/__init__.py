"""Which refusals does the system know? One small class each, in a file per room: a stable code and facts."""

from eventapp.domain.errors.access import *  # noqa: F403
from eventapp.domain.errors.archive import *  # noqa: F403
from eventapp.domain.errors.bank_refunds import *  # noqa: F403
from eventapp.domain.errors.base import *  # noqa: F403
from eventapp.domain.errors.bookkeeping import *  # noqa: F403
from eventapp.domain.errors.circles import *  # noqa: F403
from eventapp.domain.errors.door import *  # noqa: F403
from eventapp.domain.errors.evaluation import *  # noqa: F403
from eventapp.domain.errors.events import *  # noqa: F403
from eventapp.domain.errors.imports import *  # noqa: F403
from eventapp.domain.errors.long_work import *  # noqa: F403
from eventapp.domain.errors.mail import *  # noqa: F403
from eventapp.domain.errors.money import *  # noqa: F403
from eventapp.domain.errors.organisations import *  # noqa: F403
from eventapp.domain.errors.papers import *  # noqa: F403
from eventapp.domain.errors.places import *  # noqa: F403
from eventapp.domain.errors.presence import *  # noqa: F403
from eventapp.domain.errors.programme import *  # noqa: F403
from eventapp.domain.errors.proposals import *  # noqa: F403
from eventapp.domain.errors.questions import *  # noqa: F403
from eventapp.domain.errors.registering import *  # noqa: F403
