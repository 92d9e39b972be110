"""Words about circles: how one joins, as what one is in it, and how somebody stands towards a meeting."""

from datetime import date

from eventapp import formatting
from eventapp.domain.circles import JoinPolicy, MeetingAnswer, MemberRole, Standing
from eventapp.domain.school_holidays import Region
from eventapp.domain.series import Rhythm

JOIN_POLICIES = {
    JoinPolicy.DIRECT: "Meteen lid, als het adres bij een lid hoort",
    JoinPolicy.APPROVAL: "Na een ja van de coördinator",
    JoinPolicy.CLOSED: "Alleen wie wij toevoegen",
}
MEMBER_ROLES = {
    MemberRole.LID: "Lid",
    MemberRole.GAST: "Vaste gast",
    MemberRole.WAARNEMEND: "Waarnemend",
}
MEETING_ANSWERS = {
    MeetingAnswer.JA: "Ja, ik kom",
    MeetingAnswer.NEE: "Nee, ik kom niet",
    MeetingAnswer.VERHINDERD: "Ik ben verhinderd",
}
STANDINGS = {
    Standing.VERWACHT: "Verwacht",
    Standing.JA: "Komt",
    Standing.NEE: "Komt niet",
    Standing.VERHINDERD: "Verhinderd",
    Standing.WACHTLIJST: "Wachtlijst",
    Standing.GEEN: "Niet aangemeld",
}
OWN_STANDINGS = {
    Standing.VERWACHT: "Nog geen antwoord",
    Standing.JA: "U komt",
    Standing.NEE: "U komt niet",
    Standing.VERHINDERD: "U bent verhinderd",
    Standing.WACHTLIJST: "U staat op de wachtlijst",
    Standing.GEEN: "U bent niet aangemeld",
}
STANDING_TONES = {
    Standing.VERWACHT: "wait",
    Standing.JA: "good",
    Standing.NEE: "bad",
    Standing.VERHINDERD: "bad",
    Standing.WACHTLIJST: "wait",
    Standing.GEEN: "quiet",
}
REGIONS = {Region.NOORD: "Noord", Region.MIDDEN: "Midden", Region.ZUID: "Zuid"}
RHYTHMS = {Rhythm.MONTHLY: "Op een vaste weekdag van de maand", Rhythm.WEEKS: "Om de zoveel weken"}
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def membership_days(joined_on: date, left_on: date | None) -> str:
    """How long somebody is or was in a circle: "sinds 01-02-2027", "01-02-2027 t/m 30-06-2027"."""
    first = formatting.short_date(joined_on)
    return f"{first} t/m {formatting.short_date(left_on)}" if left_on else f"sinds {first}"


def years_without_holidays(years: list[int]) -> str:
    """The warning in a preview, '' when there is nothing to warn of."""
    if not years:
        return ""
    named = formatting.listed([f"{year}-{year + 1}" for year in years])
    return f"Voor schooljaar {named} zijn geen vakanties ingevuld: kijk de data zelf na."
