"""Who is somebody at a provider elsewhere, and when is that account's address believed?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """An account at an OpenID provider. Issuer and subject name it for good.

    `address` is what the account says today: anybody who runs a tenant can write any address there. `tenant` is the
    id of the Microsoft tenant in which the account is at home, '' elsewhere.
    """

    issuer: str
    subject: str
    tenant: str
    address: str


def vouches(tenant_of: int | None, domain_of: int | None) -> bool:
    """Whether a tenant's word is enough for an address: both are of one organisation, each as the office wrote down.

    Who runs that tenant also runs the mailboxes of that domain, so a mailed link would prove nothing more.
    """
    return tenant_of is not None and tenant_of == domain_of
