"""The addresses that mails, tickets, calendars and the provider carry; each begins with PUBLIC_BASE_URL."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Links:
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

    def pay(self, pay_token: str) -> str:
        return f"{self.base}/bestelling/{pay_token}/betalen"

    def ticket(self, token: str) -> str:
        return f"{self.base}/ticket/{token}"

    def join(self, token: str) -> str:
        return f"{self.base}/deelnemen/{token}"

    def sign_in(self, token: str) -> str:
        return f"{self.base}/inloggen/{token}"

    def change_address(self, token: str) -> str:
        return f"{self.base}/adres/bevestigen/{token}"

    def couple(self, token: str) -> str:
        return f"{self.base}/deur/koppelen/{token}"

    def webhook(self, token: str) -> str:
        return f"{self.base}/webhooks/mollie/{token}"

    def office_registration(self, registration_id: int) -> str:
        return f"{self.base}/beheer/aanmeldingen/{registration_id}"
