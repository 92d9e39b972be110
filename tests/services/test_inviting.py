"""Inviting: who gets a mail, what that mail opens, and what becomes of it."""

from datetime import date, timedelta

import pytest
from flask import Flask

from eventapp.domain.errors import (
    EventFull,
    InvitationAnswered,
    NotAdmitted,
    PaymentNotPossible,
    RegistrationClosed,
)
from eventapp.domain.guest_lists import Guest
from eventapp.domain.invitations import InvitationState, Outlook, Terms
from eventapp.domain.payments import AttemptStatus
from eventapp.domain.pricing import Category
from eventapp.domain.registrations import State
from eventapp.extensions import db
from eventapp.models import Invitation, OutboxMail, PaymentAttempt, PersonAddress, Refund, Setting
from eventapp.queries.invitations import with_status
from eventapp.services import accepting, adding, calling_off, confirming, forgetting, inviting, lapsing
from eventapp.services.accepting import Acceptance
from tests.booking import book, make_ambassador
from tests.factories import NOW, OFFICE, make_event, make_organisation, make_person, make_registration
from tests.reading import acts, kinds, last_mail, mails, mails_left, only_registration, registrations, taken, token_in

DAY = timedelta(days=1)
BY_INVITATION = {Category.LID: 0, Category.AMBASSADEUR: None}
JAN = Guest("jan@gratismail.example", "Jan", "de", "Vries")
SPEAKER = Terms(Category.SPREKER)
SOMEBODY = Acceptance("Iemand", "", "Anders", function="Adviseur")


def invited(event, *guests: Guest, terms: Terms = SPEAKER, now=NOW) -> Invitation:
    """The last of these guests, who were all invited."""
    assert inviting.invite(event.id, guests, terms, message="Fijn als u komt.", by=OFFICE, now=now) == len(guests)
    return only_invitations()[-1]


def only_invitations() -> list[Invitation]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Invitation).order_by(Invitation.id)))


def stands(now=NOW) -> list[str]:
    return [invitation.standing(now).value for invitation in only_invitations()]


def test_the_preview_says_who_gets_a_mail_and_only_they_do(app: Flask):
    event = make_event(prices=BY_INVITATION)
    make_organisation()
    ambassador = make_ambassador("rik@eigenzaak.example")
    make_registration(event, make_person("Bea", "", "Bos", address="bea@zonnevlinder.example"))
    guests = [
        Guest(ambassador.address, "Marieke", "van der", "Meulen"),
        Guest("nieuw@zonnevlinder.example"),
        Guest("bea@zonnevlinder.example"),
        Guest("bea@zonnevlinder.example", "Een", "", "Collega"),
        JAN,
    ]

    seen = [prospect.outlook for prospect in inviting.preview(event.id, guests, Terms(), now=NOW)]
    sent = inviting.invite(event.id, [*guests[:3], JAN], Terms(), by=OFFICE, now=NOW)
    again = inviting.invite(event.id, guests[:2], Terms(), by=OFFICE, now=NOW)

    assert seen == [Outlook.NEW, Outlook.NEW, Outlook.REGISTERED, Outlook.NEW, Outlook.NOT_ADMITTED]
    assert (sent, again) == (2, 0)
    assert mails() == [("invitation", "rik@eigenzaak.example"), ("invitation", "nieuw@zonnevlinder.example")]
    assert acts() == ["invited"]


def test_a_group_is_everybody_with_the_status_on_the_day_that_counts(app: Flask):
    now_only = make_ambassador("nu@eigenzaak.example", until=date(2027, 1, 31))
    later_too = make_ambassador("straks@eigenzaak.example")
    make_person(address="niemand@eigenzaak.example")

    def found(on: date) -> list[int | None]:
        return [guest.person_id for guest in with_status(Category.AMBASSADEUR, on=on)]

    assert found(date(2027, 1, 31)) == [now_only.id, later_too.id]
    assert found(date(2027, 2, 1)) == [later_too.id]


def test_an_invited_ambassador_comes_in_free_and_the_ticket_goes_to_the_mailbox(app: Flask):
    event = make_event(prices=BY_INVITATION, capacity=5)
    person = make_ambassador("rik@eigenzaak.example")
    guest = Guest(person.address, "Marieke", "van der", "Meulen", person.id)
    invitation = invited(event, guest, terms=Terms())

    state = accepting.accept(invitation.token, SOMEBODY, now=NOW)

    registration = only_registration()
    assert (state, taken(event)) == (State.CONFIRMED, 1)
    # Whoever holds the link cannot put another name on it.
    assert (registration.person_id, registration.function) == (person.id, "Adviseur")
    assert (registration.category, registration.price_cents) == (Category.AMBASSADEUR, 0)
    assert (registration.reason["via"], registration.source) == ("status", "invitation")
    assert mails()[1:] == [("confirmed", "rik@eigenzaak.example")]
    assert f"/uitnodiging/{only_invitations()[0].answer_token}/antwoord" in last_mail("confirmed").text
    # Pressing a button behind a link that gets forwarded proves no address.
    assert db.session.scalars(db.select(PersonAddress.proven_at)).all() == [None]


def test_the_answer_is_undone_from_the_mail_and_given_anew(app: Flask):
    event = make_event(capacity=5)
    invitation = invited(event, JAN)
    token, answer = invitation.token, invitation.answer_token

    accepting.accept(token, SOMEBODY, now=NOW)
    with pytest.raises(InvitationAnswered):
        accepting.decline(token, now=NOW)
    accepting.take_back(answer, now=NOW)
    after_taking_back = (stands(), registrations()[0].state, taken(event))
    with pytest.raises(InvitationAnswered):
        accepting.accept(token, SOMEBODY, now=NOW)
    reopened = accepting.reopen(answer, now=NOW)
    accepting.decline(token, now=NOW + DAY)
    accepting.reopen(answer, now=NOW + DAY)
    accepting.accept(token, SOMEBODY, now=NOW + DAY)

    assert after_taking_back == (["declined"], State.CANCELLED, 0)
    assert reopened == token
    assert [registration.state for registration in registrations()] == [State.CANCELLED, State.CONFIRMED]
    assert registrations()[1].person.family_name == "Vries"
    assert kinds() == ["invitation", "confirmed", "registration_cancelled", "invitation_declined", "confirmed"]
    assert {address for _, address in mails()} == {JAN.address}


def test_a_priced_invitation_waits_for_its_payment_and_can_be_accepted_again_when_that_lapsed(app: Flask):
    event = make_event(capacity=5)
    invitation = invited(event, Guest("jan@gratismail.example"), terms=Terms(price_cents=2500))
    token = invitation.token

    with pytest.raises(PaymentNotPossible):
        accepting.accept(token, SOMEBODY, now=NOW, can_pay=False)
    nothing_left = registrations()
    first = accepting.accept(token, SOMEBODY, now=NOW)
    while_waiting = stands()
    mails_left()
    lapsing.lapse_unpaid(None, now=NOW + 2 * DAY)
    lapsed = stands(NOW + 2 * DAY)
    again = accepting.accept(token, SOMEBODY, now=NOW + 2 * DAY)

    assert nothing_left == []
    assert (first, again) == (State.AWAITING_PAYMENT, State.AWAITING_PAYMENT)
    assert (while_waiting, lapsed) == (["accepted"], ["invited"])
    assert registrations()[0].price_cents == 2500
    assert registrations()[0].person.family_name == "Anders"
    assert kinds() == ["invitation", "pay", "payment_lapsed", "pay"]


def test_taking_back_a_yes_that_was_paid_gives_back_by_the_terms(app: Flask):
    event = make_event()
    invitation = invited(event, JAN, terms=Terms(price_cents=2500))
    token, answer = invitation.token, invitation.answer_token
    accepting.accept(token, SOMEBODY, now=NOW)
    attempt = PaymentAttempt(token="t", idempotency_key="k", amount_cents=2500, status=AttemptStatus.PAID, mode="test")
    attempt.order, attempt.created_at = only_registration().order, NOW
    db.session.add(attempt)
    db.session.commit()

    accepting.take_back(answer, now=NOW)

    assert stands() == ["declined"]
    assert [refund.amount_cents for refund in db.session.scalars(db.select(Refund))] == [2500]


def test_full_closed_cancelled_or_no_longer_entitled_changes_nothing(app: Flask):
    full, over = make_event(capacity=0), make_event(starts_at=NOW + DAY)
    off, shut = make_event(), make_event(prices=BY_INVITATION)
    ambassador = make_ambassador("rik@eigenzaak.example")
    tokens = [invited(event, JAN, terms=Terms(Category.BESTUUR)).token for event in (full, over, off)]
    guest = Guest(ambassador.address, person_id=ambassador.id)
    tokens.append(invited(shut, guest, terms=Terms()).token)
    calling_off.cancel_event(off.id, reason="De zaal staat blank", by=OFFICE, now=NOW)
    ambassador.statuses[0].ends_on = date(2027, 1, 1)
    db.session.commit()

    for token, refusal, moment in zip(
        tokens,
        (EventFull, RegistrationClosed, RegistrationClosed, NotAdmitted),
        (NOW, NOW + DAY, NOW, NOW),
        strict=True,
    ):
        with pytest.raises(refusal):
            accepting.accept(token, SOMEBODY, now=moment)

    assert registrations() == []
    assert stands(NOW + DAY) == ["invited", "lapsed", "lapsed", "invited"]
    with pytest.raises(RegistrationClosed):
        inviting.invite(off.id, [JAN], SPEAKER, by=OFFICE, now=NOW)


def test_an_invited_speaker_needs_no_place(app: Flask):
    event = make_event(capacity=0)

    state = accepting.accept(invited(event, JAN).token, SOMEBODY, now=NOW)

    assert (state, only_registration().counts, taken(event)) == (State.CONFIRMED, False, 0)


def test_a_withdrawn_invitation_is_dead_and_a_new_one_has_new_links(app: Flask):
    event = make_event()
    invitation = invited(event, JAN)
    old, invitation_id = invitation.token, invitation.id

    inviting.resend(invitation_id, by=OFFICE, now=NOW + DAY)
    inviting.withdraw(invitation_id, by=OFFICE, now=NOW + DAY)
    with pytest.raises(InvitationAnswered):
        accepting.accept(old, SOMEBODY, now=NOW + DAY)
    renewed = invited(event, JAN, now=NOW + 2 * DAY)

    assert (renewed.id, renewed.token == old, stands()) == (invitation_id, False, ["invited"])
    assert kinds() == ["invitation"] * 3
    texts = [mail.text for mail in db.session.scalars(db.select(OutboxMail).order_by(OutboxMail.id))]
    assert [old in text for text in texts] == [True, True, False]


def test_whoever_registers_through_the_form_has_answered_once_the_address_is_proven(app: Flask):
    event = make_event()
    make_organisation()
    invited(
        event, Guest("marieke@zonnevlinder.example", "Marieke", "van der", "Meulen"), Guest("x@zonnevlinder.example")
    )

    book(event, "marieke@zonnevlinder.example")
    book(event, "marieke@zonnevlinder.example", given_name="Een", infix="", family_name="Collega")
    before = stands()
    colleague = last_mail("confirm_address")
    confirming.prove(token_in(colleague), now=NOW)
    after_colleague = stands()
    first = next(m for m in db.session.scalars(db.select(OutboxMail)) if m.kind == "confirm_address")
    confirming.prove(token_in(first), now=NOW)
    by_hand = adding.ManualBooking(event.id, "x@zonnevlinder.example", "X", "", "Tester", Category.LID)
    adding.add_by_hand(by_hand, by=OFFICE, now=NOW)

    assert (before, after_colleague) == (["invited", "invited"], ["invited", "invited"])
    assert stands() == ["accepted", "accepted"]
    assert inviting.remind(event.id, by=OFFICE, now=NOW) == 0


def test_accepting_what_one_has_already_is_no_second_registration(app: Flask):
    event = make_event()
    invitation = invited(event, JAN)
    token = invitation.token
    db.session.commit()
    make_registration(event, make_person("Jan", "de", "Vries", address=JAN.address))

    state = accepting.accept(token, SOMEBODY, now=NOW)

    assert (state, len(registrations()), stands()) == (State.CONFIRMED, 1, ["accepted"])
    assert kinds() == ["invitation", "already_registered"]


def test_who_is_registered_elsewhere_hears_it_at_the_invited_address_alone(app: Flask):
    """Neither mailbox hears what the other has; and what was made elsewhere is not undone from here."""
    event = make_event()
    person = make_person("Jan", "de", "Vries", address="jan@zonnevlinder.example")
    elsewhere = make_registration(event, person)
    invitation = invited(event, Guest(JAN.address, "Jan", "de", "Vries", person.id))
    tokens = invitation.token, invitation.answer_token

    state = accepting.accept(tokens[0], SOMEBODY, now=NOW)
    with pytest.raises(InvitationAnswered):
        accepting.take_back(tokens[1], now=NOW)

    assert (state, len(registrations()), stands()) == (State.CONFIRMED, 1, ["accepted"])
    assert mails() == [("invitation", JAN.address), ("invitation_elsewhere", JAN.address)]
    told = last_mail("invitation_elsewhere")
    assert (elsewhere.address in told.text, elsewhere.ticket.token in told.text) == (False, False)


def test_a_registration_that_nobody_proved_gives_way_to_the_invited(app: Flask):
    event = make_event()
    person = make_person("Jan", "de", "Vries", address="jan@zonnevlinder.example")
    by_another = make_registration(event, person, state=State.AWAITING_CONFIRMATION)
    by_another.order.booker, by_another.order.address = make_person(), "wie@dan-ook.example"
    db.session.commit()

    state = accepting.accept(
        invited(event, Guest(JAN.address, "Jan", "de", "Vries", person.id)).token, SOMEBODY, now=NOW
    )

    assert (state, [one.state for one in registrations()]) == (State.CONFIRMED, [State.CANCELLED, State.CONFIRMED])
    assert last_mail("confirmed").to_address == JAN.address


def test_everybody_who_waits_is_reminded_once_by_button_or_by_the_clock(app: Flask):
    event = make_event(starts_at=NOW + 30 * DAY)
    guests = [Guest(f"{name}@gratismail.example") for name in ("ja", "nee", "stil", "ook-stil")]
    invited(event, *guests)
    yes, no, quiet, _ = only_invitations()
    tokens, quiet_id = (yes.token, no.token), quiet.id
    accepting.accept(tokens[0], SOMEBODY, now=NOW)
    accepting.decline(tokens[1], now=NOW)

    early = inviting.remind_due(now=NOW + 22 * DAY)
    with_button = inviting.remind(event.id, by=OFFICE, now=NOW + 22 * DAY) if quiet_id else 0
    invited(event, Guest("laat@gratismail.example"), now=NOW + 27 * DAY)
    too_soon = inviting.remind_due(now=NOW + 28 * DAY)
    due = inviting.remind_due(now=NOW + 29 * DAY)
    twice = inviting.remind_due(now=NOW + 29 * DAY)

    assert (early, with_button, too_soon, due, twice) == (0, 2, 0, 1, 0)
    assert [address for kind, address in mails() if kind == "invitation_reminder"] == [
        "stil@gratismail.example",
        "ook-stil@gratismail.example",
        "laat@gratismail.example",
    ]


def test_the_setting_says_how_many_days_before_and_nought_is_never(app: Flask):
    event = make_event(starts_at=NOW + 30 * DAY)
    invited(event, JAN)
    db.session.add(Setting(name="invitation_reminder_days", value="0"))
    db.session.commit()

    assert inviting.remind_due(now=NOW + 29 * DAY) == 0


def test_an_unanswered_invitation_is_forgotten_a_year_after_the_event(app: Flask):
    event = make_event(starts_at=NOW + 5 * DAY)
    invited(event, JAN, Guest("ja@gratismail.example"))
    accepting.accept(only_invitations()[1].token, SOMEBODY, now=NOW)

    before = forgetting.sweep(now=NOW + 365 * DAY).invitations
    after = forgetting.sweep(now=NOW + 371 * DAY).invitations

    silent, yes = only_invitations()
    assert (before, after) == (0, 1)
    assert (silent.address, silent.guest.name, silent.message, silent.state) == (
        "",
        ("", "", ""),
        "",
        InvitationState.INVITED,
    )
    assert yes.address == "ja@gratismail.example"
