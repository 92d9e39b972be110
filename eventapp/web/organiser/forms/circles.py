"""The forms of circles: what a circle is, somebody who comes into it, a series from a rule, and a school holiday."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from eventapp import formatting, wording
from eventapp.domain.circles import JoinPolicy, MemberRole
from eventapp.domain.event_details import SLUG_LENGTH
from eventapp.domain.events import EventForm, EventKind, Field, TargetGroup, Visibility
from eventapp.domain.school_holidays import Holiday
from eventapp.domain.series import Planned, Rhythm, Rule
from eventapp.models import Event, Organisation, StaffMember
from eventapp.services.circle_members import Newcomer
from eventapp.services.circle_series import Series
from eventapp.services.circles import CircleDetails
from eventapp.services.knowing import Somebody
from eventapp.web.forms import AddressField, DutchForm, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import MultipleChoices, PlainText, WholeNumberField
from eventapp.web.organiser.forms.organisation import DayField

# One list for both rhythms: the number of weeks, or which such weekday of the month.
_NUMBERS = {
    1: "1: elke week, of de eerste van de maand",
    2: "2: om de twee weken, of de tweede",
    3: "3: om de drie weken, of de derde",
    4: "4: om de vier weken, of de vierde",
    6: "6: om de zes weken",
    -1: "de laatste van de maand",
}


class CircleForm(DutchForm):
    name = StrippedString("Naam", validators=[DataRequired("Geef de kring een naam."), at_most(160)])
    season = StrippedString("Seizoen", description="Zoals 2027 of 2027-2028.", validators=[at_most(20)])
    slug = StrippedString("Webadres", validators=[at_most(SLUG_LENGTH)])
    kind = SelectField("Soort", choices=choices(wording.KINDS), default=EventKind.KENNISKRING.value)
    field = SelectField("Vakgebied", choices=choices(wording.FIELDS), default=Field.ALGEMEEN.value)
    form = SelectField("Vorm", choices=choices(wording.FORMS), default=EventForm.ONLINE.value)
    groups = MultipleChoices("Voor wie", choices=choices(wording.TARGET_GROUPS))
    summary = StrippedString("Samenvatting in één zin", validators=[at_most(300)])
    description = PlainText("Beschrijving", validators=[at_most(20_000)])
    contact = StrippedString("Contact voor vragen", validators=[at_most(200)])
    visibility = SelectField("Wie ziet deze kring?", choices=choices(wording.VISIBILITIES))
    join_policy = SelectField("Hoe wordt men lid?", choices=choices(wording.JOIN_POLICIES))
    sit_in = BooleanField("Wie geen lid is, mag één keer meekijken")
    coordinators = MultipleChoices("Coördinatoren", coerce=int)
    hosts = MultipleChoices("Organisaties die de kring ontvangen", coerce=int)
    version = WholeNumberField("Versie", validators=[Optional()])

    def offer(self, staff: Iterable[StaffMember], organisations: Iterable[Organisation]) -> None:
        """Who can run it, and who can receive it."""
        self.coordinators.choices = [SelectChoice(one.id, one.name or one.address) for one in staff]
        self.hosts.choices = [SelectChoice(one.id, one.name) for one in organisations]

    def validate_slug(self, field: StrippedString) -> None:
        if field.data and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", field.data):
            raise ValidationError("Gebruik alleen kleine letters, cijfers en streepjes.")

    def details(self) -> CircleDetails:
        """Only after `validate`."""
        return CircleDetails(
            name=self.name.data,
            slug=self.slug.data,
            season=self.season.data,
            kind=EventKind(self.kind.data),
            field=Field(self.field.data),
            form=EventForm(self.form.data),
            visibility=Visibility(self.visibility.data),
            join_policy=JoinPolicy(self.join_policy.data),
            sit_in=bool(self.sit_in.data),
            summary=self.summary.data,
            description=self.description.data,
            contact=self.contact.data,
            groups=frozenset(TargetGroup(code) for code in self.groups.data or []),
            coordinators=frozenset(self.coordinators.data or []),
            hosts=frozenset(self.hosts.data or []),
        )


def circle_data(details: CircleDetails) -> dict[str, Any]:
    """What the form shows of a circle."""
    shown = dict(vars(details))
    for name in ("kind", "field", "form", "visibility", "join_policy"):
        shown[name] = shown[name].value
    return {**shown, "groups": [code.value for code in details.groups]}


class CircleMemberForm(DutchForm):
    address = AddressField("E-mailadres", validators=[DataRequired(wording.ADDRESS_MISSING), at_most(320)])
    given_name = StrippedString("Voornaam of voorletters", validators=[at_most(100)])
    infix = StrippedString("Tussenvoegsel", validators=[at_most(30)])
    family_name = StrippedString("Achternaam", validators=[at_most(100)])
    role = SelectField("Als", choices=choices(wording.MEMBER_ROLES))
    organisation = SelectField("Namens", coerce=int)
    function_group = SelectField(
        "Functiegroep", choices=[SelectChoice("", "Niet ingevuld"), *choices(wording.TARGET_GROUPS)]
    )
    first = DayField("Eerste dag", validators=[InputRequired(wording.FIRST_DAY_MISSING)])

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """For whom somebody can come; 0 leaves it to the mail address."""
        named = [SelectChoice(one.id, one.name) for one in organisations]
        self.organisation.choices = [SelectChoice(0, "Wat het mailadres zegt"), *named]

    def validate_family_name(self, field: StrippedString) -> None:
        """Some people have one name only; it may stand in either field."""
        if not field.data and not self.given_name.data:
            raise ValidationError(wording.NAME_MISSING)

    def newcomer(self) -> Newcomer:
        """Only after `validate`."""
        group = TargetGroup(self.function_group.data) if self.function_group.data else None
        who = Somebody(self.address.data, self.given_name.data, self.infix.data, self.family_name.data)
        return Newcomer(who, MemberRole(self.role.data), self.organisation.data or None, group, by_hand=True)


class SeriesForm(DutchForm):
    rhythm = SelectField("Ritme", choices=choices(wording.RHYTHMS))
    number = SelectField(
        "Hoe vaak", coerce=int, choices=[SelectChoice(number, words) for number, words in _NUMBERS.items()]
    )
    weekday = SelectField(
        "Dag",
        coerce=int,
        choices=[SelectChoice(number, word) for number, word in enumerate(wording.WEEKDAYS)],
        default=3,
    )
    first = DayField("Vanaf", validators=[InputRequired(wording.FIRST_DAY_MISSING)])
    last = DayField("Tot en met", validators=[InputRequired(wording.LAST_DAY_MISSING)])
    region = SelectField(
        "Schoolvakanties van regio", choices=[SelectChoice("", "Alle regio’s"), *choices(wording.REGIONS)]
    )
    begins = TimeField("Begint om", validators=[InputRequired("Vul de begintijd in.")])
    ends = TimeField("Eindigt om", validators=[InputRequired("Vul de eindtijd in.")])
    title = StrippedString("Titel achter de naam van de kring", validators=[at_most(120)])
    form = SelectField("Vorm", choices=choices(wording.FORMS))
    venue = StrippedString("Locatie", validators=[at_most(200)])
    city = StrippedString("Plaats", validators=[at_most(100)])
    online_url = StrippedString(wording.JOIN_LINK, validators=[at_most(500)])
    capacity = WholeNumberField("Aantal plaatsen", validators=[Optional(), NumberRange(1, 100_000)])
    publish = BooleanField("Meteen in de agenda zetten")
    days = MultipleChoices("Op welke dagen?", validate_choice=False)

    def validate_last(self, field: DayField) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(wording.BEFORE_FIRST_DAY)

    def validate_ends(self, field: TimeField) -> None:
        if field.data and self.begins.data and field.data <= self.begins.data:
            raise ValidationError("De eindtijd ligt niet na de begintijd.")

    def rule(self) -> Rule:
        """Only after `validate`."""
        assert self.first.data is not None and self.last.data is not None
        rhythm = Rhythm(self.rhythm.data)
        return Rule(rhythm, self.number.data, self.weekday.data, self.first.data, self.last.data)

    def series(self, among: Sequence[Planned]) -> Series:
        """The days that were ticked, of those the rule gives. Only after `validate`."""
        assert self.begins.data is not None and self.ends.data is not None
        ticked = set(self.days.data or [])
        return Series(
            days=[one.day for one in among if one.day.isoformat() in ticked],
            begins=self.begins.data,
            ends=self.ends.data,
            title=self.title.data,
            form=EventForm(self.form.data),
            venue=self.venue.data,
            city=self.city.data,
            online_url=self.online_url.data,
            capacity=self.capacity.data,
        )


class TakeInForm(DutchForm):
    meetings = MultipleChoices("Welke worden een bijeenkomst van de kring?", coerce=int)

    def offer(self, events: Iterable[Event]) -> None:
        self.meetings.choices = [
            SelectChoice(event.id, f"{formatting.long_date(event.starts_at)}: {event.title}") for event in events
        ]

    def validate_meetings(self, field: MultipleChoices) -> None:
        if not field.data:
            raise ValidationError("Kies minstens één bijeenkomst.")


class SeasonForm(DutchForm):
    season = StrippedString("Nieuw seizoen", validators=[DataRequired("Hoe heet het seizoen?"), at_most(20)])
    meetings = MultipleChoices("Welke bijeenkomsten komen terug?", coerce=int)
    with_members = BooleanField("De leden gaan mee, en krijgen daarvan bericht")


class HolidayForm(DutchForm):
    name = StrippedString("Naam", validators=[DataRequired("Vul een naam in."), at_most(60)])
    region = SelectField("Regio", choices=[SelectChoice("", "Heel Nederland"), *choices(wording.REGIONS)])
    first = DayField("Eerste dag", validators=[InputRequired(wording.FIRST_DAY_MISSING)])
    last = DayField("Laatste dag", validators=[InputRequired(wording.LAST_DAY_MISSING)])
    source = StrippedString("Bron", validators=[at_most(200)])

    def validate_last(self, field: DayField) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(wording.BEFORE_FIRST_DAY)

    def holiday(self) -> Holiday:
        """Only after `validate`."""
        assert self.first.data is not None and self.last.data is not None
        return Holiday(self.name.data, self.region.data, self.first.data, self.last.data, self.source.data)
