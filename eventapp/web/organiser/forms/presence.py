"""The forms of presence and of certificates: corrections with their reason, fixing, opening again, and what it says."""

from collections.abc import Iterator

from flask import request
from wtforms import HiddenField
from wtforms.validators import DataRequired, NumberRange, Optional

from eventapp import wording
from eventapp.domain.certificates import MOST_MINUTES
from eventapp.domain.presence import SETTABLE, PresenceStatus
from eventapp.services.certifying import Terms
from eventapp.services.fixing import Wish
from eventapp.web.forms import DutchForm, StrippedString, at_most
from eventapp.web.organiser.forms.fields import WholeNumberField

# Chosen instead of a status: what was said by hand is taken back.
SCANS = "scans"
_STATUS, _SEEN = "status-", "gezien-"


class CorrectionsForm(DutchForm):
    """The whole list at once; each person has a choice of their own, and what was read of them goes along."""

    reason = StrippedString("Waarom", description=wording.IN_THE_LOG, validators=[at_most(300)])

    def wishes(self) -> dict[int, Wish]:
        """What has to change. Raises ValueError for what the page cannot have sent."""
        return {key: Wish(_status(seen), _wanted(chosen)) for key, seen, chosen in self._rows() if chosen != seen}

    def chosen(self) -> dict[int, str]:
        """What was chosen of each, to show again."""
        return {key: chosen for key, _, chosen in self._rows()}

    @staticmethod
    def _rows() -> Iterator[tuple[int, str, str]]:
        for name, chosen in request.form.items():
            if name.startswith(_STATUS):
                key = name.removeprefix(_STATUS)
                yield int(key), request.form.get(_SEEN + key, ""), chosen


def _status(value: str) -> PresenceStatus | None:
    return PresenceStatus(value) if value else None


def _wanted(value: str) -> PresenceStatus | None:
    if value == SCANS:
        return None
    status = PresenceStatus(value)
    if status not in SETTABLE:
        raise ValueError(value)
    return status


class FixingForm(DutchForm):
    seen = HiddenField()


class ReopeningForm(DutchForm):
    reason = StrippedString(
        "Waarom", description=wording.IN_THE_LOG, validators=[DataRequired(wording.REASON_MISSING), at_most(300)]
    )


class CertificateTermsForm(DutchForm):
    """What stands on the certificates of an event besides what the event says itself."""

    minutes = WholeNumberField(
        "Omvang in minuten",
        description="Leeg: van begin tot eind. Bij een bijeenkomst van meer dagen staat er dan geen omvang op.",
        validators=[Optional(), NumberRange(1, MOST_MINUTES, "Vul het aantal minuten in, hooguit 6000.")],
    )
    goals = StrippedString(
        "Onderwerpen of leerdoelen", description="Een paar woorden of één zin.", validators=[at_most(500)]
    )
    register_name = StrippedString(
        "Register",
        description="Alleen als de bijeenkomst daar is erkend. Zonder dit is het bewijs neutraal.",
        validators=[at_most(100)],
    )
    register_number = StrippedString("Nummer van de erkenning", validators=[at_most(60)])
    points = StrippedString("Punten", description="Bijvoorbeeld: 4 PE-punten.", validators=[at_most(40)])

    def read(self) -> Terms:
        """What was filled in; only after `validate`."""
        return Terms(
            minutes=self.minutes.data,
            goals=self.goals.data or "",
            register_name=self.register_name.data or "",
            register_number=self.register_number.data or "",
            points=self.points.data or "",
        )
