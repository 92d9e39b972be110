"""The privacy sweep: what is past its term loses its names, what is not keeps every letter."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.events import TargetGroup
from eventapp.domain.presence import PresenceStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import (
    AuditEntry,
    Certificate,
    FixedPresence,
    IdempotentAnswer,
    MailboxMessage,
    MailState,
    OneTimeLink,
    OutboxMail,
    Person,
    PersonAddress,
    PersonStatus,
    PresenceCorrection,
    Registration,
    UserSession,
)
from eventapp.services import forgetting
from tests.factories import make_event, make_person, make_registration, make_token

DAY, YEAR = timedelta(days=1), timedelta(days=366)


def registered(ended: datetime, state: State = State.CONFIRMED, person: Person | None = None) -> Registration:
    event = make_event(starts_at=ended - timedelta(hours=4), ends_at=ended)
    return make_registration(
        event,
        person,
        state=state,
        function="Directeur",
        function_group=TargetGroup.DIRECTEUR,
        claimed_organisation="Zonnevlinder",
    )


def names() -> list[str]:
    return list(db.session.scalars(sa.select(Person.family_name).order_by(Person.id)))


def test_registration_of_two_years_ago_loses_its_person_and_keeps_the_figures(app: Flask, now: datetime) -> None:
    old = registered(now - 2 * YEAR).id

    forgetting.sweep(now=now)

    row = db.session.get_one(Registration, old)
    assert (row.address, row.mail_domain, row.function, row.organisation_name, row.claimed_organisation) == ("",) * 5
    assert (row.order.address, row.person.family_name, row.person.erased_at) == ("", "", now)
    assert (row.category, row.function_group, row.state) == (Category.LID, TargetGroup.DIRECTEUR, State.CONFIRMED)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PersonAddress)) == 0


def test_registration_of_less_than_two_years_ago_is_untouched(app: Flask, now: datetime) -> None:
    young = registered(now - 2 * YEAR + 3 * DAY)
    kept = (young.id, young.address, young.function, young.person.family_name)

    swept = forgetting.sweep(now=now)

    row = db.session.get_one(Registration, kept[0])
    assert (row.id, row.address, row.function, row.person.family_name) == kept
    assert swept.total == 0


@pytest.mark.parametrize("state", [State.CANCELLED, State.EXPIRED])
def test_withdrawn_registration_is_forgotten_after_one_year(app: Flask, now: datetime, state: State) -> None:
    withdrawn = registered(now - YEAR, state).id
    came = registered(now - YEAR).id

    forgetting.sweep(now=now)

    assert db.session.get_one(Registration, withdrawn).address == ""
    assert db.session.get_one(Registration, came).address != ""


def test_person_who_came_again_keeps_the_name(app: Flask, now: datetime) -> None:
    person = make_person()
    registered(now - 3 * YEAR, person=person)
    registered(now - 10 * DAY, person=person)

    swept = forgetting.sweep(now=now)

    assert (swept.registrations, swept.people, names()) == (1, 0, ["Meulen"])


@pytest.mark.parametrize(("ended_ago", "kept"), [(None, True), (YEAR, True), (3 * YEAR, False)])
def test_person_with_a_status_is_kept_until_it_is_long_over(
    app: Flask, now: datetime, ended_ago: timedelta | None, kept: bool
) -> None:
    person = make_person()
    registered(now - 3 * YEAR, person=person)
    ends_on = (now - ended_ago).date() if ended_ago else None
    starts_on = (now - 5 * YEAR).date()
    db.session.add(PersonStatus(person=person, category=Category.AMBASSADEUR, starts_on=starts_on, ends_on=ends_on))
    db.session.commit()

    forgetting.sweep(now=now)

    assert names() == ["Meulen" if kept else ""]


def test_person_who_never_registered_is_kept_for_two_years(app: Flask, now: datetime) -> None:
    make_person(family_name="Oud").created_at = now - 2 * YEAR
    make_person(family_name="Nieuw").created_at = now - YEAR
    db.session.commit()

    forgetting.sweep(now=now)

    assert names() == ["", "Nieuw"]


def test_mail_is_emptied_a_year_after_it_was_sent_and_never_while_it_waits(app: Flask, now: datetime) -> None:
    for purpose, state, at in (
        ("old", MailState.SENT, now - YEAR),
        ("given-up", MailState.FAILED, now - YEAR),
        ("young", MailState.SENT, now - 300 * DAY),
        ("waiting", MailState.WAITING, now - YEAR),
    ):
        db.session.add(a_mail(purpose, state, at))
    db.session.commit()

    forgetting.sweep(now=now)

    rows = db.session.execute(sa.select(OutboxMail.purpose, OutboxMail.text, OutboxMail.to_address))
    assert {purpose: (text, address) for purpose, text, address in rows} == {
        "old": ("", ""),
        "given-up": ("", ""),
        "young": ("Beste Marieke", "marieke@zonnevlinder.example"),
        "waiting": ("Beste Marieke", "marieke@zonnevlinder.example"),
    }


def a_mail(purpose: str, state: MailState, at: datetime) -> OutboxMail:
    return OutboxMail(
        purpose=purpose,
        kind="confirmed",
        to_address="marieke@zonnevlinder.example",
        subject="Uw ticket",
        text="Beste Marieke",
        html="<p>Beste Marieke</p>",
        message_id=f"<{purpose}@tests.example>",
        state=state,
        created_at=at,
        sent_at=at if state == MailState.SENT else None,
    )


def test_what_has_a_short_life_is_removed_when_that_is_over(app: Flask, now: datetime) -> None:
    token, _ = make_token()
    for n, expired in enumerate((now - 31 * DAY, now - 29 * DAY)):
        common = {"token_digest": str(n), "address": "a@tests.example", "created_at": now, "expires_at": expired}
        db.session.add_all([UserSession(**common), OneTimeLink(purpose="sign_in", **common)])
        db.session.add(MailboxMessage(received_at=expired, to_address="a@tests.example", subject="s", message=b"m"))
    for key, at in (("old", now - timedelta(hours=25)), ("young", now - timedelta(hours=23))):
        db.session.add(IdempotentAnswer(token_id=token.id, key=key, request_digest="d", created_at=at))
    db.session.commit()

    swept = forgetting.sweep(now=now)

    assert (swept.sessions, swept.links, swept.mailbox, swept.answers) == (1, 1, 1, 1)
    assert list(db.session.scalars(sa.select(UserSession.token_digest))) == ["1"]
    assert list(db.session.scalars(sa.select(OneTimeLink.token_digest))) == ["1"]
    assert list(db.session.scalars(sa.select(IdempotentAnswer.key))) == ["young"]


def test_log_of_more_than_a_year_ago_keeps_the_act_without_the_actor(app: Flask, now: datetime) -> None:
    for at in (now - YEAR, now - DAY):
        facts = {"category": "lid", "note": "Belde namens Marieke"}
        db.session.add(
            AuditEntry(
                at=at,
                actor_kind="staff",
                actor_name="Kees Kantoor",
                act="added_by_hand",
                subject="registration",
                facts=facts,
            )
        )
    db.session.commit()

    forgetting.sweep(now=now)

    old, young = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.at))
    assert (old.act, old.actor_name, old.facts) == ("added_by_hand", "", {"category": "lid"})
    assert (young.actor_name, young.facts["note"]) == ("Kees Kantoor", "Belde namens Marieke")


def test_visitor_key_goes_after_a_month_and_the_rest_of_the_order_stays(app: Flask, now: datetime) -> None:
    order = registered(now + DAY).order
    order.visitor_key, order.created_at = "sleutel", now - 31 * DAY
    db.session.commit()

    forgetting.sweep(now=now)

    assert (order.visitor_key, order.address != "") == ("", True)


def test_dry_run_counts_what_would_go_and_changes_nothing(app: Flask, now: datetime) -> None:
    registered(now - 3 * YEAR)

    counted = forgetting.sweep(now=now, dry_run=True)

    assert names() == ["Meulen"]
    assert counted == forgetting.sweep(now=now)
    assert counted.people == 1


def test_second_sweep_finds_nothing(app: Flask, now: datetime) -> None:
    registered(now - 3 * YEAR)
    forgetting.sweep(now=now)

    assert forgetting.sweep(now=now).total == 0


def test_of_a_certificate_the_name_goes_after_five_years_and_the_figure_stays(app: Flask, now: datetime) -> None:
    """The registration is emptied after two; until five years have passed anybody can check the certificate."""
    registration = registered(now - 3 * YEAR)
    for given in (now - 3 * YEAR, now - 5 * YEAR - 5 * DAY):
        name = {"given_name": "Anna", "infix": "", "family_name": "Bakker"}
        code, event_id = f"{given:%Y%m%d}0000", registration.event_id
        values = {"code": code, "person_id": registration.person_id, "scope": f"event-{event_id}", "issued_at": given}
        db.session.add(Certificate(facts={"title": "Themadag"}, **values, **name))
    whose = {"registration_id": registration.id, "event_id": registration.event_id}
    db.session.add(FixedPresence(status=PresenceStatus.AANWEZIG, **whose))
    said = {"to_status": PresenceStatus.AANWEZIG, "reason": "Kwam later", "at": now - 2 * YEAR, "by_name": "Kees"}
    db.session.add(PresenceCorrection(**whose, **said))
    db.session.commit()

    forgetting.sweep(now=now)

    certificates = db.session.execute(sa.select(Certificate.family_name, Certificate.facts).order_by(Certificate.id))
    corrections = db.session.execute(sa.select(PresenceCorrection.reason, PresenceCorrection.by_name)).all()
    assert certificates.all() == [("Bakker", {"title": "Themadag"}), ("", {"title": "Themadag"})]
    assert corrections == [("", "")]
    assert db.session.scalars(sa.select(FixedPresence.status)).all() == [PresenceStatus.AANWEZIG]
