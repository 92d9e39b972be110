"""What several forms and pages say alike: what is missing in a field or wrong with it, and what was done."""

from eventapp import formatting

# What a field still needs.
ADDRESS_MISSING = "Vul het e-mailadres in."
AMOUNT_MISSING = "Vul een bedrag in."
BANK_DAY_MISSING = "Vul de dag in die op het afschrift staat."
DAYS_MISSING = "Vul een aantal dagen in."
FIRST_DAY_MISSING = "Vul de eerste dag in."
HOURS_MISSING = "Vul een aantal uren in."
LAST_DAY_MISSING = "Vul de laatste dag in."
NAME_MISSING = "Vul de naam in."
OWN_ADDRESS_MISSING = "Vul uw e-mailadres in."
OWN_NAME_MISSING = "Vul uw naam in."
OWN_SURNAME_MISSING = "Vul uw achternaam in."
PAID_DAY_MISSING = "Vul de dag in waarop u het overmaakte."
REASON_MISSING = "Vul een reden in."
TITLE_MISSING = "Geef de bijeenkomst een titel."

# What is wrong with it.
BAD_URL = "Dit is geen volledig webadres; het begint met https://."
BEFORE_FIRST_DAY = "Deze dag ligt voor de eerste."
ENDS_BEFORE_BEGIN = "Het einde ligt niet na het begin."
LIST_TOO_LONG = "Deze lijst is te lang."
UP_TO_100_000 = "Vul een getal van 0 tot 100.000 in."
UP_TO_60_DAYS = "Kies 0 tot 60 dagen."

# What a field is, and what happens with it.
HOW_ATTENDING = "Hoe doet u mee?"
JOIN_LINK = "Link om mee te doen"
IN_THE_LOG = "Komt in het logboek."
NO_PHOTOS = "liever niet op de foto"
OPTIONS = "Antwoorden om uit te kiezen"
QR_TO_PAY = "QR-code om te betalen"

# What was done.
INVOICE_DETAILS_KEPT = "De factuurgegevens zijn bewaard."
LAST_DAY_KEPT = "De laatste dag is bewaard."
ROLE_ENDED = "De rol is beëindigd."

OFFER_OVER = "Dit aanbod geldt niet meer"


def goes_back(cents: int) -> str:
    """Of money that was given back."""
    return f"{formatting.money_short(cents)} wordt terugbetaald; de betaler krijgt bericht."


def too_long(most: int) -> str:
    """Of a text of more characters than there may be."""
    return f"Maak dit korter: hooguit {most} tekens."


def options_too_long(most: int) -> str:
    """Of answers to choose from."""
    return f"Maak de antwoorden korter: hooguit {most} tekens."
