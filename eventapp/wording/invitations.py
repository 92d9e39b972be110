"""The Dutch words around invitations: how one stands, what inviting would do, what is wrong with a line of a list."""

from eventapp.domain.guest_lists import Problem
from eventapp.domain.invitations import InvitationState, Outlook

INVITATION_STATES = {
    InvitationState.INVITED: "Uitgenodigd",
    InvitationState.ACCEPTED: "Geaccepteerd",
    InvitationState.DECLINED: "Afgeslagen",
    InvitationState.WITHDRAWN: "Ingetrokken",
    InvitationState.LAPSED: "Verlopen",
}
OUTLOOKS = {
    Outlook.NEW: "Krijgt een uitnodiging",
    Outlook.INVITED: "Is al uitgenodigd",
    Outlook.REGISTERED: "Is al aangemeld",
    Outlook.NOT_ADMITTED: "Mag niet komen",
}
LIST_PROBLEMS = {
    Problem.NO_ADDRESS: "Hier staat geen e-mailadres bij.",
    Problem.BAD_ADDRESS: "Dit is geen volledig e-mailadres.",
    Problem.MORE_ADDRESSES: "In deze regel staan meer adressen. Zet elke persoon op een eigen regel.",
    Problem.TOO_LONG: "De naam is te lang.",
    Problem.TWICE: "Dit adres staat hierboven al.",
}
