"""The addresses that mails, tickets, calendars and the provider carry; each begins with PUBLIC_BASE_URL."""

from typing import NamedTuple


class Links(NamedTuple):
    """Absolute addresses. `base` has no slash at the end."""

    base: str

    def agenda(self) -> str:
        return f"{self.base}/"

    def event(self, slug: str) -> str:
        return f"{self.base}/agenda/{slug}"

    def register(self, slug: str) -> str:
        return f"{self.base}/agenda/{slug}/aanmelden"

    def confirm(self, token: str) -> str:
        return f"{self.base}/aanmelden/bevestigen/{token}"

    def order(self, token: str) -> str:
        return f"{self.base}/bestelling/{token}"

    def bank_details(self, token: str) -> str:
        return f"{self.base}/bestelling/{token}/rekeningnummer"

    def pay(self, pay_token: str) -> str:
        return f"{self.base}/bestelling/{pay_token}/betalen"

    def ticket(self, token: str) -> str:
        return f"{self.base}/ticket/{token}"

    def questions(self, token: str) -> str:
        return f"{self.base}/ticket/{token}/gegevens"

    def programme(self, token: str) -> str:
        """Where somebody chooses their breakouts."""
        return f"{self.base}/ticket/{token}/programma"

    def new_date(self, token: str) -> str:
        """Where somebody says whether a new date suits."""
        return f"{self.base}/ticket/{token}/datum"

    def not_right(self, token: str) -> str:
        return f"{self.base}/ticket/{token}/klopt-niet"

    def join(self, token: str) -> str:
        return f"{self.base}/deelnemen/{token}"

    def my_calendar(self, token: str) -> str:
        """Somebody's own registrations, to subscribe to."""
        return f"{self.base}/mijn/agenda/{token}.ics"

    def circle(self, slug: str) -> str:
        return f"{self.base}/kringen/{slug}"

    def circle_proof(self, token: str) -> str:
        """Proves the address of who wants to join a circle."""
        return f"{self.base}/kringen/bevestigen/{token}"

    def circle_member(self, token: str) -> str:
        """A member's own page of a circle: every meeting, and the way out."""
        return f"{self.base}/kringen/lid/{token}"

    def circle_answer(self, token: str, slug: str) -> str:
        """Where a member says whether they come to one meeting."""
        return f"{self.base}/kringen/lid/{token}/{slug}"

    def office_circle(self, slug: str) -> str:
        return f"{self.base}/beheer/kringen/{slug}"

    def invitation(self, token: str) -> str:
        return f"{self.base}/uitnodiging/{token}"

    def invitation_answer(self, answer_token: str) -> str:
        return f"{self.base}/uitnodiging/{answer_token}/antwoord"

    def evaluation(self, token: str) -> str:
        """Where somebody who was there says what they thought of it."""
        return f"{self.base}/evaluatie/{token}"

    def offer(self, token: str) -> str:
        """Where somebody in line sees how it stands, and answers an offer."""
        return f"{self.base}/wachtlijst/{token}"

    def hand_over(self, token: str) -> str:
        """Where somebody answers whether they come instead of another."""
        return f"{self.base}/overdracht/{token}"

    def preferences(self, token: str) -> str:
        """Where somebody says of which subjects they want announcements; a mail program POSTs here to leave."""
        return f"{self.base}/voorkeuren/{token}"

    def invoice(self, token: str) -> str:
        return f"{self.base}/factuur/{token}"

    def sign_in(self, token: str) -> str:
        return f"{self.base}/inloggen/{token}"

    def sign_in_return(self) -> str:
        """Where a provider of sign-in sends the browser back to; registered there."""
        return f"{self.base}/inloggen/microsoft/terug"

    def change_address(self, token: str) -> str:
        return f"{self.base}/adres/bevestigen/{token}"

    def door(self) -> str:
        """The door app itself, where a code can be typed."""
        return f"{self.base}/deur"

    def couple(self, token: str) -> str:
        return f"{self.base}/deur/koppelen/{token}"

    def webhook(self, token: str) -> str:
        return f"{self.base}/webhooks/mollie/{token}"

    def certificate(self, code: str) -> str:
        """Where anybody sees whether a certificate is real."""
        return f"{self.base}/bewijs/{code}"

    def my_proposal(self, proposal_id: int) -> str:
        """Where a proposer sees how it stands, and answers."""
        return f"{self.base}/mijn/voorstellen/{proposal_id}"

    def office_proposal(self, proposal_id: int) -> str:
        return f"{self.base}/beheer/evenementen/voorstellen/{proposal_id}"

    def office_registration(self, registration_id: int) -> str:
        return f"{self.base}/beheer/aanmeldingen/{registration_id}"
