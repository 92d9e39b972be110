"""The forms of the settings: the association's data, an account, a token for a program."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from wtforms import ColorField, DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from eventapp import formatting, wording
from eventapp.domain import colours
from eventapp.domain.actors import CIRCLE_ROLES, EVENT_ROLES, Grant, Role, Scope
from eventapp.domain.association import MembershipDay, origin_of
from eventapp.domain.numbers import grouped_iban, valid_btw_id, valid_iban, valid_rsin
from eventapp.domain.times import local_date
from eventapp.models import Circle, Event, StaffMember
from eventapp.web.clock import now
from eventapp.web.forms import AddressField, DutchForm, MoneyField, StrippedString, at_most, choices
from eventapp.web.organiser.forms.fields import MultipleChoices, WholeNumberField
from eventapp.web.organiser.forms.terms import DAYS, PERCENT

_FAR_OFF = date(2100, 1, 1)
SCOPE_WORDS = {
    Scope.EVENTS_READ: "Bijeenkomsten lezen",
    Scope.REGISTRATIONS_READ: "Aanmeldingen lezen",
    Scope.REGISTRATIONS_WRITE: "Mensen aanmelden (als kantoor, zonder bewijs van het adres)",
    Scope.CHECKIN: "Tickets scannen",
}
GROUPS = (
    ("Naam en contact", "Zo staan deze gegevens op de site en in mails.", ("name", "short_name", "email", "website")),
    (
        "Kleuren",
        "Op elke pagina, in mails en op papier. Lichtere en donkerdere stappen volgen vanzelf, ook voor in het donker.",
        ("brand_colour", "accent_colour"),
    ),
    ("Adres", "Onderaan elke pagina en elke mail.", ("street", "postcode", "city")),
    ("Nummers", "Voor facturen en betalingen. Leeg wordt niet afgedrukt.", ("kvk", "rsin", "iban", "btw_id")),
    (
        "Facturen",
        "Adres en nummers komen van hierboven.",
        (
            "legal_name",
            "invoice_prefix",
            "invoice_numbering",
            "invoice_term_days",
            "invoice_moment",
            "invoice_days",
            "invoice_reminder_days",
        ),
    ),
    ("Terugbetalen", "", ("refund_confirm_cents",)),
    ("Mail en agenda", "", ("mail_from", "mail_reply_to", "calendar_domain")),
    ("De agenda op andere sites", "Uw eigen website, hierboven, mag haar al tonen.", ("embed_sites",)),
    ("Lidmaatschap", "Deze dag beslist of iemand als lid, partner of ambassadeur komt.", ("membership_on", "join_url")),
    ("Doel", "Staat in de verantwoording als lijn waar de leden naartoe groeien.", ("member_goal", "member_goal_year")),
    ("Hoelang een plaats wacht", "", ("hold_days", "payment_hold_hours", "offer_hours")),
    ("Uitnodigingen", "", ("invitation_reminder_days",)),
    (
        "Annuleringsvoorwaarden",
        "Voor bijeenkomsten met een prijs die zelf niets zeggen. Ook voor wie al is aangemeld.",
        ("cancel_free_days", "cancel_late_percent"),
    ),
    ("Gratis plaatsen per lidorganisatie", "", ("member_contact_function",)),
)


# Each role that can be given for an event or a circle, once.
_FOR_ONE_THING = tuple(dict.fromkeys((*CIRCLE_ROLES, *EVENT_ROLES)))


def _check_colour(field: ColorField, what: str, contrast: Callable[[str], float], least: float) -> None:
    """Refuse what is no colour, or too light for our paper."""
    if not colours.is_colour(field.data):
        raise ValidationError("Dit is geen kleur, zoals #0b5563.")
    if (found := contrast(field.data)) < least:
        is_now, needed = (f"{number:.1f}".replace(".", ",") for number in (found, least))
        raise ValidationError(
            f"{what} niet goed te zien: het contrast is {is_now} en moet {needed} zijn. Kies een donkerder kleur."
        )


class AssociationForm(DutchForm):
    name = StrippedString("Naam", validators=[DataRequired(wording.NAME_MISSING), at_most(200)])
    short_name = StrippedString(
        "Korte naam",
        description="Bovenaan elke pagina en in het onderwerp van mails.",
        validators=[DataRequired("Vul een korte naam in."), at_most(60)],
    )
    email = AddressField("E-mailadres van het secretariaat", validators=[DataRequired(wording.ADDRESS_MISSING)])
    website = StrippedString("Website", description="Met https:// ervoor.", validators=[at_most(200)])
    brand_colour = ColorField("Hoofdkleur", description="Voor koppelingen en knoppen.")
    accent_colour = ColorField("Accent", description="Voor het stipje in het beeldmerk en de lijn onder een kop.")
    street = StrippedString("Straat en nummer", validators=[at_most(200)])
    postcode = StrippedString("Postcode", validators=[at_most(12)])
    city = StrippedString("Plaats", validators=[at_most(100)])
    kvk = StrippedString("KvK-nummer", description="Acht cijfers.")
    rsin = StrippedString("RSIN", description="Negen cijfers.")
    iban = StrippedString("IBAN")
    btw_id = StrippedString("Btw-id", description="Leeg als de vereniging er geen heeft.")
    mail_from = AddressField(
        "Afzender van mails",
        description="Een adres bij het domein waarvoor de mailserver mag versturen.",
        validators=[DataRequired("Vul de afzender in.")],
    )
    mail_reply_to = AddressField("Antwoorden gaan naar", description="Leeg: naar het secretariaat.")
    calendar_domain = StrippedString(
        "Domein in agenda-afspraken",
        description="Deel van het vaste kenmerk van elke nieuwe afspraak. Verander dit liever niet.",
        validators=[DataRequired("Vul een domein in."), at_most(100)],
    )
    embed_sites = StrippedString(
        "Sites die de agenda ook mogen tonen",
        description="Met https:// ervoor, en een spatie ertussen. Leeg: geen andere.",
        validators=[at_most(500)],
    )
    membership_on = SelectField(
        "Welke dag telt",
        choices=choices(
            {MembershipDay.EVENT: "De dag van de bijeenkomst", MembershipDay.BOOKING: "De dag van aanmelden"}
        ),
    )
    join_url = StrippedString(
        "Pagina over lid worden",
        description="Met https:// ervoor. Leeg: niet-leden lezen dat zij het secretariaat kunnen mailen.",
        validators=[at_most(200)],
    )
    member_goal = WholeNumberField(
        "Zoveel leden",
        validators=[InputRequired("Vul een aantal leden in."), NumberRange(1, 9999, "Kies 1 tot 9999 leden.")],
    )
    member_goal_year = WholeNumberField(
        "In het jaar",
        validators=[InputRequired("Vul een jaar in."), NumberRange(2020, 2100, "Kies een jaar van 2020 tot 2100.")],
    )
    hold_days = WholeNumberField(
        "Dagen om een adres te bevestigen",
        validators=[InputRequired(wording.DAYS_MISSING), NumberRange(1, 30, "Kies 1 tot 30 dagen.")],
    )
    payment_hold_hours = WholeNumberField(
        "Uren om te betalen",
        validators=[InputRequired(wording.HOURS_MISSING), NumberRange(1, 720, "Kies 1 tot 720 uur.")],
    )

    invitation_reminder_days = WholeNumberField(
        "Dagen voor het einde van de aanmelding",
        description="Dan krijgt wie niet antwoordde één herinnering. 0: geen herinnering.",
        validators=[InputRequired(wording.DAYS_MISSING), NumberRange(0, 60, wording.UP_TO_60_DAYS)],
    )

    offer_hours = WholeNumberField(
        "Uren om een vrijgekomen plaats te nemen",
        description="Wie op de wachtlijst aan de beurt is. Vlak voor een bijeenkomst is het korter.",
        validators=[InputRequired(wording.HOURS_MISSING), NumberRange(1, 168, "Kies 1 tot 168 uur.")],
    )
    cancel_free_days = WholeNumberField(
        "Kosteloos afmelden tot en met zoveel dagen vooraf",
        validators=[InputRequired(wording.DAYS_MISSING), DAYS],
    )
    cancel_late_percent = WholeNumberField(
        "Daarna gaat zoveel procent van de prijs terug",
        description="Tot en met de dag zelf. 0: niets.",
        validators=[InputRequired("Vul een percentage in."), PERCENT],
    )

    member_contact_function = StrippedString(
        "Tot wie wendt men zich als ze vergeven zijn?",
        description="Een functie, nooit een naam. Staat achter “Overleg met”.",
        validators=[DataRequired("Vul een functie in."), at_most(100)],
    )

    legal_name = StrippedString("Statutaire naam", description="Leeg: de naam hierboven.", validators=[at_most(200)])
    refund_confirm_cents = MoneyField(
        "Een tweede keer bevestigen boven",
        description="Wie met de hand een hoger bedrag terugbetaalt, bevestigt dat nog een keer.",
        validators=[InputRequired(wording.AMOUNT_MISSING)],
    )
    invoice_prefix = StrippedString(
        "Begin van het factuurnummer",
        description="Zoals VNK in VNK2027-0001. Een ander begin begint weer bij 1.",
    )
    invoice_numbering = SelectField(
        "Factuurnummers",
        description="Zonder gaten, hoe dan ook.",
        choices=choices(wording.NUMBERINGS),
    )
    invoice_term_days = WholeNumberField(
        "Dagen om een factuur te betalen",
        validators=[InputRequired(wording.DAYS_MISSING), NumberRange(1, 90, "Kies 1 tot 90 dagen.")],
    )
    invoice_moment = SelectField(
        "Wanneer wordt een factuur gemaakt",
        description="Tot dan kan wie boekte ordernummer, kostenplaats en adres aanvullen.",
        choices=choices(wording.ISSUE_MOMENTS),
    )
    invoice_days = WholeNumberField(
        "Dagen na het boeken",
        description="Alleen als hierboven ‘een aantal dagen na het boeken’ staat.",
        validators=[InputRequired(wording.DAYS_MISSING), NumberRange(1, 60, "Kies 1 tot 60 dagen.")],
    )
    invoice_reminder_days = WholeNumberField(
        "Dagen na de vervaldatum",
        description="Dan gaat een herinnering, en na nog eens zoveel dagen een tweede. 0: geen herinneringen.",
        validators=[InputRequired(wording.DAYS_MISSING), NumberRange(0, 60, wording.UP_TO_60_DAYS)],
    )

    def validate_invoice_prefix(self, field: StrippedString) -> None:
        field.data = (field.data or "").upper()
        if not re.fullmatch(r"[A-Z]{0,8}", field.data):
            raise ValidationError("Alleen letters, hooguit acht.")

    def validate_brand_colour(self, field: ColorField) -> None:
        field.data = (field.data or colours.BRAND).lower()
        _check_colour(field, "Woorden in deze kleur zijn", colours.brand_contrast, colours.READABLE)

    def validate_accent_colour(self, field: ColorField) -> None:
        field.data = (field.data or colours.ACCENT).lower()
        _check_colour(field, "Een streep in deze kleur is", colours.accent_contrast, colours.VISIBLE)

    def validate_website(self, field: StrippedString) -> None:
        if field.data and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", field.data):
            raise ValidationError(wording.BAD_URL)

    def validate_join_url(self, field: StrippedString) -> None:
        self.validate_website(field)

    def validate_embed_sites(self, field: StrippedString) -> None:
        origins = [origin_of(address) for address in (field.data or "").split()]
        if "" in origins:
            raise ValidationError("Dit zijn geen webadressen, zoals https://www.organisatie.nl.")
        field.data = " ".join(origins)

    def validate_kvk(self, field: StrippedString) -> None:
        if field.data and not re.fullmatch(r"\d{8}", field.data):
            raise ValidationError("Een KvK-nummer heeft acht cijfers.")

    def validate_rsin(self, field: StrippedString) -> None:
        if field.data and not valid_rsin(field.data):
            raise ValidationError("Dit RSIN klopt niet.")

    def validate_iban(self, field: StrippedString) -> None:
        if not field.data:
            return
        if not valid_iban(field.data):
            raise ValidationError("Dit IBAN klopt niet.")
        field.data = grouped_iban(field.data)

    def validate_btw_id(self, field: StrippedString) -> None:
        if field.data and not valid_btw_id(field.data):
            raise ValidationError("Dit btw-id klopt niet.")

    def validate_calendar_domain(self, field: StrippedString) -> None:
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", field.data or ""):
            raise ValidationError("Dit is geen domein, zoals aanmelden.organisatie.nl.")


class StaffForm(DutchForm):
    address = AddressField("E-mailadres", validators=[DataRequired(wording.ADDRESS_MISSING), at_most(320)])
    name = StrippedString("Naam", validators=[DataRequired(wording.NAME_MISSING), at_most(200)])
    role = SelectField(
        "Rol", choices=[*choices(wording.ROLES), SelectChoice("", "Alleen voor één bijeenkomst of kring")]
    )
    starts_on = DateField("Eerste dag", description="Leeg: meteen.", validators=[Optional()])
    ends_on = DateField("Laatste dag", description="Leeg: tot nader order.", validators=[Optional()])


class RoleForm(DutchForm):
    """A role for one event, given on its own page."""

    address = AddressField("E-mailadres", validators=[DataRequired(wording.ADDRESS_MISSING), at_most(320)])
    name = StrippedString(
        "Naam",
        description="Nodig als dit adres nog geen account heeft.",
        validators=[at_most(200)],
    )
    role = SelectField("Rol", choices=choices({role: wording.ROLES[role] for role in EVENT_ROLES}))
    ends_on = DateField("Laatste dag", description="Leeg: tot twee weken na de bijeenkomst.", validators=[Optional()])


class StaffRoleForm(DutchForm):
    """A role for one circle or coming event, given to somebody who has an account."""

    staff = SelectField("Medewerker", coerce=int)
    one_role = SelectField("Rol", choices=choices({role: wording.ROLES[role] for role in _FOR_ONE_THING}))
    thing = SelectField("Waarvoor", description="Een kring, met alles wat daarbij hoort, of één bijeenkomst.")
    until = DateField(
        "Laatste dag",
        description="Leeg: voor een bijeenkomst tot twee weken erna, voor een kring tot nader order.",
        validators=[Optional()],
    )

    def offer(self, staff: Iterable[StaffMember], circles: Iterable[Circle], events: Iterable[Event]) -> None:
        self.staff.choices = [SelectChoice(one.id, one.name or one.address) for one in staff]
        self.thing.choices = [
            *(SelectChoice(f"kring-{one.id}", f"{one.name} {one.season}".strip()) for one in circles),
            *(
                SelectChoice(f"bijeenkomst-{one.id}", f"{one.title}, {formatting.short_date(one.starts_at)}")
                for one in events
            ),
        ]

    def validate_one_role(self, field: SelectField) -> None:
        circle = (self.thing.data or "").startswith("kring-")
        if field.data not in (CIRCLE_ROLES if circle else EVENT_ROLES):
            raise ValidationError(f"Deze rol bestaat niet voor een {'kring' if circle else 'bijeenkomst'}.")

    @property
    def thing_words(self) -> str:
        return next(one.label for one in self.thing.choices if one.value == self.thing.data)

    @property
    def grant(self) -> Grant:
        kind, _, key = str(self.thing.data).partition("-")
        role = Role(self.one_role.data)
        return Grant(role, circle_id=int(key)) if kind == "kring" else Grant(role, event_id=int(key))


class TokenForm(DutchForm):
    name = StrippedString(
        "Naam", description="Voor welk programma.", validators=[DataRequired("Geef het een naam."), at_most(100)]
    )
    scopes = MultipleChoices(
        "Mag",
        choices=choices(SCOPE_WORDS),
        validators=[DataRequired("Kies ten minste één recht.")],
    )
    last_day = DateField("Laatste dag", description="Leeg: tot u de koppeling afsluit.", validators=[Optional()])

    def validate_last_day(self, field: DateField) -> None:
        if field.data and not local_date(now()) <= field.data < _FAR_OFF:
            raise ValidationError("Kies een dag vanaf vandaag.")
