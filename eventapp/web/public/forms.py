"""The registration form and its small companions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp

from eventapp import wording
from eventapp.domain.events import EventForm
from eventapp.domain.group_orders import MOST_PEOPLE
from eventapp.domain.names import name_key
from eventapp.domain.pricing import Category
from eventapp.domain.questions import Asked
from eventapp.domain.sharing import SHARING_TEXT
from eventapp.models import Organisation, Question
from eventapp.queries.rounds import RoundOffer
from eventapp.services.bookings import Basis
from eventapp.services.on_behalf import Side
from eventapp.web.forms import AddressField, DutchForm, StrippedString, choices
from eventapp.web.programme import ChoosingForm, with_rounds
from eventapp.web.questions import AnswersForm, asking

BASIS_WORDS = {
    Basis.OUTSIDER: "Ik kom niet namens een lid",
    Basis.CLAIM: "Ik werk bij een lid, maar mijn adres wordt niet herkend",
    Basis.STATUS: "Ik ben ambassadeur, bestuurslid of van het servicebureau, of opgegeven door een lid of partner",
}
ADD, FITTING, WAITING, INVOICE = "collega", "passend", "wachtlijst", "factuur"
SAME, OWN = "zelfde", "eigen"
_REMOVE = "weg-"
_STEPS = rf"^(versturen|wijzigen|{ADD}|{FITTING}|{WAITING}|{INVOICE}|{_REMOVE}\d+)$"


def function_group_field() -> SelectField:
    """As what somebody works, of the groups that the yearly account tells apart."""
    groups = [SelectChoice("", "Kies wat het beste past"), *choices(wording.TARGET_GROUPS)]
    return SelectField("Functiegroep", [Optional()], choices=groups)


def attends_field() -> RadioField:
    """On location or online, for a hybrid event."""
    ways = choices({EventForm.FYSIEK: "Op locatie", EventForm.ONLINE: "Online"})
    return RadioField(wording.HOW_ATTENDING, [Optional()], choices=ways, default=EventForm.FYSIEK.value)


class PartnerField(BooleanField):
    """A tick that counts for the partner it names alone: `data` is the id, empty when it was not ticked for them."""

    data: str

    def __init__(self, *args: Any, partner_id: int, **kwargs: Any) -> None:
        self.partner_id = str(partner_id)
        super().__init__(*args, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = self.partner_id if self.partner_id in valuelist else ""

    def _value(self) -> str:
        return self.partner_id


class ColleagueForm(Form):
    """Of a colleague only a name and an address are asked; the rest they fill in themselves."""

    class Meta:
        locales = ("nl_NL",)

    given_name = StrippedString("Voornaam of voorletters", [Length(max=100)])
    infix = StrippedString("Tussenvoegsel", [Optional(), Length(max=30)])
    family_name = StrippedString("Achternaam", [DataRequired("Vul de achternaam in."), Length(max=100)])
    email = AddressField("E-mailadres", [DataRequired(wording.ADDRESS_MISSING), Length(max=254)])
    skip = BooleanField("Deze persoon nu niet aanmelden")
    sessions = RadioField(
        "Deelsessies",
        [Optional()],
        choices=[SelectChoice(SAME, "Zelfde keuze als ik"), SelectChoice(OWN, "Kiest zelf, op een eigen pagina")],
        default=SAME,
    )

    @property
    def is_blank(self) -> bool:
        return not (self.given_name.data or self.infix.data or self.family_name.data or self.email.data)

    @property
    def key(self) -> tuple[str, str]:
        """Who this is: the same name at the same address is the same person."""
        return self.email.data, name_key(self.given_name.data, self.infix.data, self.family_name.data)


class RegistrationForm(ChoosingForm, AnswersForm):
    """What we ask, and no more: who, from where, in which function, what the event asks itself; and who comes along.

    Make one with `registration_form`.
    """

    email = AddressField("E-mailadres", [DataRequired(wording.OWN_ADDRESS_MISSING), Length(max=254)])
    given_name = StrippedString("Voornaam of voorletters", [Length(max=100)])
    infix = StrippedString("Tussenvoegsel", [Optional(), Length(max=30)])
    family_name = StrippedString("Achternaam", [DataRequired(wording.OWN_SURNAME_MISSING), Length(max=100)])
    organisation = StrippedString("Organisatie", [Optional(), Length(max=200)])
    function = StrippedString("Functie", [Optional(), Length(max=120)])
    function_group = function_group_field()
    attends = attends_field()
    basis = RadioField("Hoe komt u?", [Optional()], choices=choices(BASIS_WORDS))
    on_behalf = RadioField("Namens wie komt u?", [Optional()], choices=[], validate_choice=False)
    colleagues = FieldList(FormField(ColleagueForm), max_entries=MOST_PEOPLE - 1)
    submission_key = HiddenField(validators=[Length(max=64)])
    # Only of what a partner offers; `with_partner` makes it.
    shares: PartnerField | None = None
    # Whoever sees it is told that they get in line.
    waits = HiddenField(name="wachten", validators=[Optional(), Regexp("^1$")])
    # Comes from the buttons, so it is never drawn as a field.
    step = StrippedString(validators=[Optional(), Regexp(_STEPS)])

    def unseen(self) -> bool:
        """Whether something is asked that this visitor did not see yet."""
        seen = set((self.seen.data or "").split())
        return not {str(row.rule.id) for row in self.rows() if row.shown} <= seen

    def check_wishes(self) -> bool:
        """Whether answers and breakouts are right as they stand; writes the errors beside the fields."""
        along = sum(row.sessions.data != OWN for row in self.coming)
        return self.check_answers() & self.check_choices(people=1 + along)

    def offer(self, bases: Iterable[Basis]) -> None:
        """Offer only these grounds to choose from."""
        self.basis.choices = choices({basis: BASIS_WORDS[basis] for basis in bases})

    def offer_sides(self, sides: Iterable[Side]) -> None:
        """Offer these organisations to come for; the first is chosen unless one of them was."""
        self.on_behalf.choices = [SelectChoice(str(side.organisation_id), side.name) for side in sides]
        offered = [choice.value for choice in self.on_behalf.choices]
        if self.on_behalf.data not in offered:
            self.on_behalf.data = offered[0] if offered else None

    def chosen_basis(self) -> Basis | None:
        """The ground that was chosen, if it is one of those on offer."""
        offered = {choice.value for choice in self.basis.choices}
        return Basis(self.basis.data) if self.basis.data in offered else None

    @property
    def people(self) -> list[ColleagueForm]:
        """The colleagues, in the order of the page."""
        return [entry.form for entry in self.colleagues.entries]

    @property
    def coming(self) -> list[ColleagueForm]:
        """The colleagues who are to be registered now."""
        return [row for row in self.people if not row.skip.data]

    @property
    def may_add(self) -> bool:
        return len(self.colleagues.entries) < MOST_PEOPLE - 1

    def rearrange(self) -> bool:
        """Add an empty colleague or take one out, when such a button was pressed: whether it was."""
        step = self.step.data or ""
        if step == ADD:
            if self.may_add:
                self.colleagues.append_entry()
            return True
        if not step.startswith(_REMOVE):
            return False
        number = step.removeprefix(_REMOVE)
        self.colleagues.entries = [e for e in self.colleagues.entries if e.name != f"{self.colleagues.name}-{number}"]
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        """An empty colleague was only looked at; errors of the others say whose they are."""
        self.colleagues.entries = [entry for entry in self.colleagues.entries if not entry.form.is_blank]
        valid: bool = super().validate(extra_validators)
        for number, row in enumerate(self.people, start=1):
            for field in row:
                field.errors = [f"Collega {number}: {error}" for error in field.errors]
        return self._all_different() and valid

    def _all_different(self) -> bool:
        seen = {(self.email.data, name_key(self.given_name.data, self.infix.data, self.family_name.data))}
        different = True
        for number, row in enumerate(self.people, start=1):
            if row.key in seen and not any(field.errors for field in row):
                row.family_name.errors = [f"Collega {number}: deze persoon staat er al bij."]
                different = False
            seen.add(row.key)
        self.colleagues.errors = [entry.errors for entry in self.colleagues.entries if entry.errors]
        return different

    def remove_value(self, row: ColleagueForm) -> str:
        """What the button that takes this colleague out sends."""
        entry = next(entry for entry in self.colleagues.entries if entry.form is row)
        return f"{_REMOVE}{entry.name.rpartition('-')[2]}"

    def fields_to_keep(self) -> Iterator[Any]:
        """Every field that the review has to carry along."""
        own = (self.email, self.given_name, self.infix, self.family_name, self.organisation, self.function)
        yield from (*own, self.function_group, self.attends, self.basis, self.on_behalf)
        yield from [self.shares] if self.shares and self.shares.data else []
        for row in self.people:
            needless = {row.skip.name} - ({row.skip.name} if row.skip.data else set())
            needless |= set() if self.rounds else {row.sessions.name}
            yield from (field for field in row if field.name not in needless)


def registration_form(
    questions: Iterable[Question],
    rounds: Iterable[RoundOffer],
    *,
    category: Category | None,
    attends: EventForm,
    partner: Organisation | None,
) -> RegistrationForm:
    """The form with what this event asks of somebody like this, filled in with what was just posted."""
    base = with_partner(RegistrationForm, partner) if partner else RegistrationForm
    return asking(with_rounds(base, rounds), questions, Asked(category, attends))


def with_partner(base: type[RegistrationForm], partner: Organisation) -> type[RegistrationForm]:
    """The same form, which asks whether this partner may know."""
    words = wording.partner_consent(SHARING_TEXT, partner.name)
    return type(base.__name__, (base,), {"shares": PartnerField(words, name="partner", partner_id=partner.id)})


class AddressForm(DutchForm):
    """Another address for what was just sent, or the address to mail one's link to."""

    email = AddressField("E-mailadres", [DataRequired("Vul een e-mailadres in."), Length(max=254)])
