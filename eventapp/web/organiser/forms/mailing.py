"""Forms of a message to many: for whom and what it says, and when it goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional, ValidationError

from eventapp import wording
from eventapp.domain.circles import MemberRole
from eventapp.domain.errors import UnknownPlaceholder
from eventapp.domain.events import EventForm, Field, TargetGroup
from eventapp.domain.mail_texts import check
from eventapp.domain.mailings import LONGEST_SUBJECT, LONGEST_TEXT, Choice, Stream
from eventapp.domain.organisations import PROVINCES, OrganisationKind
from eventapp.domain.presence import SETTABLE, PresenceStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.models import Breakout, Event
from eventapp.queries.audiences import Whom
from eventapp.services.mailing import Message
from eventapp.web.forms import DutchForm, LocalDateTimeField, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import MultipleChoices, PlainText, WholeNumberField

_OF_STREAM: Mapping[Stream, Sequence[str]] = {
    Stream.ANNOUNCEMENT: ("event", "topic", "groups", "kinds", "regions", "fields", "statuses"),
    Stream.EVENT: ("states", "categories", "forms", "breakout", "undecided", "unpaid", "presence"),
    Stream.CIRCLE: ("roles",),
}


class MailingForm(DutchForm):
    """Has what belongs to this sort of message; nothing to choose when it is for whoever was `picked` in a list."""

    event = SelectField("Over welke bijeenkomst?", coerce=int)
    topic = SelectField("Onderwerp voor de voorkeuren", choices=choices(wording.FIELDS), default=Field.ALGEMEEN.value)
    groups = MultipleChoices("Functiegroep", choices=choices(wording.TARGET_GROUPS))
    kinds = MultipleChoices("Soort organisatie", choices=choices(wording.ORGANISATION_KINDS))
    regions = MultipleChoices("Provincie", choices=[SelectChoice(one, one) for one in PROVINCES])
    fields = MultipleChoices("Kwam eerder bij dit vakgebied", choices=choices(wording.FIELDS))
    statuses = BooleanField("Ook aan ambassadeurs, bestuur en servicebureau")
    states = MultipleChoices("Status van de aanmelding", choices=choices(wording.STATES))
    categories = MultipleChoices("Categorie", choices=choices(wording.CATEGORIES))
    forms = MultipleChoices("Komt", choices=[SelectChoice("fysiek", "Op locatie"), SelectChoice("online", "Online")])
    breakout = SelectField("Deelsessie", coerce=int)
    undecided = BooleanField("Alleen wie nog deelsessies moet kiezen")
    unpaid = BooleanField("Alleen wie nog moet betalen")
    presence = MultipleChoices(
        "Presentie", choices=[SelectChoice(one.value, wording.PRESENCE[one]) for one in SETTABLE]
    )
    roles = MultipleChoices("Alleen aan", choices=choices(wording.MEMBER_ROLES))
    subject = StrippedString("Onderwerp", validators=[DataRequired("Vul een onderwerp in."), at_most(LONGEST_SUBJECT)])
    text = PlainText("Bericht", validators=[DataRequired("Schrijf het bericht."), at_most(LONGEST_TEXT)])
    version = WholeNumberField("Versie", validators=[Optional()])

    def __init__(self, *args: Any, stream: Stream, allowed: Iterable[str], picked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stream, self._allowed = stream, tuple(allowed)
        fits = () if picked else _OF_STREAM[stream]
        for name in {name for names in _OF_STREAM.values() for name in names} - set(fits):
            del self[name]

    def offer_events(self, events: Iterable[Event]) -> None:
        """What can be announced; 0 is nothing in particular."""
        self.event.choices = [SelectChoice(0, "Geen bepaalde bijeenkomst")]
        self.event.choices += [SelectChoice(one.id, one.title) for one in events]

    def fit_event(self, event: Event, breakouts: Sequence[Breakout]) -> None:
        """Leave out what this event does not have."""
        self.breakout.choices = [SelectChoice(0, "Alle")] + [SelectChoice(one.id, one.title) for one in breakouts]
        if not breakouts:
            del self["breakout"], self["undecided"]
        if event.form != EventForm.HYBRIDE:
            del self["forms"]
        if event.presence_fixed_at is None:
            del self["presence"]

    @property
    def event_id(self) -> int | None:
        return self._data("event") or None

    def validate_subject(self, field: StrippedString) -> None:
        self._check(field.data)

    def validate_text(self, field: PlainText) -> None:
        self._check(field.data)

    def _check(self, text: str | None) -> None:
        # The event that is chosen in this form decides about its placeholders; the use case checks those.
        try:
            check(text or "", self._allowed)
        except UnknownPlaceholder as error:
            raise ValidationError(wording.refusal(error)) from error

    def message(self, whom: Whom) -> Message:
        """To the same, or of those to whom was chosen. Only after `validate`."""
        announces = self._stream == Stream.ANNOUNCEMENT
        whom = replace(
            whom,
            choice=whom.choice if whom.choice.picked else self._choice(),
            event_id=self.event_id if announces else whom.event_id,
            topic=Field(self.topic.data) if announces else None,
        )
        return Message(whom, self.subject.data, self.text.data)

    def _choice(self) -> Choice:
        return Choice(
            groups=frozenset(map(TargetGroup, self._data("groups") or ())),
            kinds=frozenset(map(OrganisationKind, self._data("kinds") or ())),
            regions=frozenset(self._data("regions") or ()),
            fields=frozenset(map(Field, self._data("fields") or ())),
            statuses=bool(self._data("statuses")),
            states=frozenset(map(State, self._data("states") or ())),
            categories=frozenset(map(Category, self._data("categories") or ())),
            forms=frozenset(map(EventForm, self._data("forms") or ())),
            breakout_id=self._data("breakout") or None,
            undecided=bool(self._data("undecided")),
            unpaid=bool(self._data("unpaid")),
            presence=frozenset(map(PresenceStatus, self._data("presence") or ())),
            roles=frozenset(map(MemberRole, self._data("roles") or ())),
        )

    def _data(self, name: str) -> Any:
        return self[name].data if name in self else None


def mailing_data(message: Message) -> dict[str, Any]:
    """What the form shows of a message."""
    whom = message.whom
    return {
        **whom.choice.facts(),
        "breakout": whom.choice.breakout_id or 0,
        "event": whom.event_id or 0,
        "topic": whom.topic or Field.ALGEMEEN,
        "subject": message.subject,
        "text": message.text,
    }


class SendForm(DutchForm):
    """Empty is at once. `version` is what was on the page."""

    moment = LocalDateTimeField("Dag en tijd")
    version = WholeNumberField("Versie", validators=[DataRequired()])
    step = StrippedString()

    def validate_moment(self, field: LocalDateTimeField) -> None:
        if self.step.data == "plannen" and not field.data:
            raise ValidationError("Kies een dag en een tijd.")
