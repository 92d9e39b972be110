"""The Dutch words of what a partner offers, and with which somebody lets a partner know."""

__all__ = ["PARTNER_CONSENTS", "offered_by", "partner_consent"]

# By version, as stored with a consent. An old text stays: it says what somebody agreed with.
PARTNER_CONSENTS = {
    "2026-11": "Mijn naam en organisatie mogen naar {partner}.",
}


def offered_by(partner: str) -> str:
    """Under a title: "aangeboden door partner Orgmodel"; empty without a partner."""
    return f"aangeboden door partner {partner}" if partner else ""


def partner_consent(version: str, partner: str) -> str:
    """The sentence with which somebody agrees."""
    return PARTNER_CONSENTS[version].format(partner=partner)
