"""Accounts elsewhere: recognised by their own id, believed about an address only after a proof."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventapp import wording
from eventapp.domain.accounts import Account
from eventapp.domain.errors import NotFound
from eventapp.domain.pricing import Category
from eventapp.extensions import db
from eventapp.models import ExternalIdentity, OrganisationTenant, UserSession
from eventapp.queries.access import live_session
from eventapp.queries.membership import proofs_by_tenant
from eventapp.services import forgetting, identities, signing_in
from eventapp.services.signing_in import SignedIn
from tests.factories import make_organisation, make_person, make_staff
from tests.reading import acts
from tests.services.test_signing_in import asked, mailed_link

pytestmark = pytest.mark.usefixtures("app")
TENANT, OTHER = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
ADDRESS = "marieke@zonnevlinder.example"
ACCOUNT = Account(f"https://login.example/{TENANT}/v2.0", "object-1", TENANT, ADDRESS)


def member(*, tenant: str = TENANT) -> None:
    organisation = make_organisation()
    db.session.add(OrganisationTenant(organisation_id=organisation.id, tenant_id=tenant))
    db.session.commit()


def session_of(signed_in: SignedIn, now):
    return live_session(signed_in.session_token, now=now)


def identity_count() -> int:
    return db.session.scalar(sa.select(sa.func.count(ExternalIdentity.id)))


def test_account_of_nobody_signs_nobody_in(now):
    make_person(address=ADDRESS, proven=True)

    assert signing_in.sign_in_with_account(ACCOUNT, now=now) is None
    assert (identity_count(), acts()) == (0, [])


def test_tenant_of_a_member_vouches_for_the_members_own_domain(now):
    member()

    signed_in = signing_in.sign_in_with_account(ACCOUNT, now=now)

    found = session_of(signed_in, now)
    assert (found.address, found.tenant, signed_in.staff) == (ADDRESS, TENANT, False)
    assert acts() == ["identity_tied", "signed_in"]


NOT_VOUCHED = [
    replace(ACCOUNT, address="marieke@zonnevlinder.example.evil.example"),
    replace(ACCOUNT, address="marieke@mail.zonnevlinder.example"),
    replace(ACCOUNT, address="kees@kindcentra.example"),
    replace(ACCOUNT, address="marieke@spruit.example"),
    replace(ACCOUNT, address="marieke@gratismail.example"),
    replace(ACCOUNT, address=""),
    replace(ACCOUNT, tenant=""),
    replace(ACCOUNT, tenant=OTHER),
]


def test_nobody_vouches_for_anything_else(now):
    member()
    make_organisation("Spruit", domains=("spruit.example",))
    make_staff(address="kees@kindcentra.example")

    signed_in = [account for account in NOT_VOUCHED if signing_in.sign_in_with_account(account, now=now)]

    assert (signed_in, identity_count()) == ([], 0)


def test_address_proven_in_the_same_browser_ties_the_account_for_good(now):
    make_person(address=ADDRESS, proven=True)
    secret, code = asked(ADDRESS, now)

    first = signing_in.sign_in_with_code(secret, code, account=ACCOUNT, now=now)
    renamed = replace(ACCOUNT, address="directeur@elders.example")
    again = signing_in.sign_in_with_account(renamed, now=now + timedelta(days=90))

    assert session_of(first, now).identity_id == session_of(again, now).identity_id
    assert session_of(again, now).address == ADDRESS
    assert identity_count() == 1


def test_link_pressed_in_another_browser_ties_nothing(now):
    make_person(address=ADDRESS, proven=True)

    signed_in = signing_in.sign_in(mailed_link(ADDRESS, now), now=now)

    assert session_of(signed_in, now).identity_id is None
    assert signing_in.sign_in_with_account(ACCOUNT, now=now) is None


def test_account_that_claims_another_address_is_not_tied_to_the_one_proven(now):
    make_person(address=ADDRESS, proven=True)
    account = replace(ACCOUNT, address="kees@kindcentra.example")

    signed_in = signing_in.sign_in(mailed_link(ADDRESS, now), account=account, now=now)

    assert (session_of(signed_in, now).identity_id, identity_count()) == (None, 0)


def test_another_account_with_the_same_address_is_another(now):
    member()
    signing_in.sign_in_with_account(ACCOUNT, now=now)

    forged = replace(ACCOUNT, issuer=f"https://login.example/{OTHER}/v2.0", tenant=OTHER)

    assert signing_in.sign_in_with_account(forged, now=now) is None


def test_staff_sign_in_for_twelve_hours_with_an_account_tied_by_mail(now):
    make_staff(address=ADDRESS)
    signing_in.sign_in(mailed_link(ADDRESS, now), account=ACCOUNT, now=now)

    signed_in = signing_in.sign_in_with_account(ACCOUNT, now=now)

    assert signed_in.staff is True
    assert session_of(signed_in, now + timedelta(hours=12)) is None


def test_untying_ends_what_the_account_opened_and_only_the_owner_may(now):
    member()
    make_person(address=ADDRESS, proven=True)
    by_account = signing_in.sign_in_with_account(ACCOUNT, now=now)
    by_mail = signing_in.sign_in(mailed_link(ADDRESS, now), now=now)
    identity_id = session_of(by_account, now).identity_id

    with pytest.raises(NotFound):
        identities.untie(identity_id, address="bram@zonnevlinder.example", now=now)
    identities.untie(identity_id, address=ADDRESS, now=now)

    assert (session_of(by_account, now), session_of(by_mail, now).address) == (None, ADDRESS)
    assert identity_count() == 0


def test_signing_out_everywhere_reaches_sessions_of_accounts(now):
    member()
    signed_in = signing_in.sign_in_with_account(ACCOUNT, now=now)

    assert signing_in.sign_out_everywhere(ADDRESS, now=now) == 1
    assert session_of(signed_in, now) is None


def test_tenant_proves_membership_on_the_day_that_counts(now):
    member()

    proof = proofs_by_tenant(TENANT, on=date(2027, 4, 14))[0]
    reason = {"category": proof.category.value, "via": proof.via, **proof.facts}

    assert (proof.category, proof.via) == (Category.LID, "tenant")
    assert wording.reason(reason) == "lid via het Microsoft-account van Zonnevlinder, lidmaatschap sinds 01-01-2024"
    assert proofs_by_tenant(TENANT, on=date(2023, 12, 31))[0].category == Category.NIET_LID
    assert (proofs_by_tenant(OTHER, on=date(2027, 4, 14)), proofs_by_tenant("", on=date(2027, 4, 14))) == ([], [])


def test_account_not_used_for_a_year_is_forgotten(now):
    member()
    signing_in.sign_in_with_account(ACCOUNT, now=now)

    kept = forgetting.sweep(now=now + timedelta(days=364)).identities
    gone = forgetting.sweep(now=now + timedelta(days=366)).identities

    assert (kept, gone, db.session.scalar(sa.select(sa.func.count(UserSession.id)))) == (0, 1, 0)
