"""Certificates are for presence that is fixed, read as they were given, and hold as long as that presence does."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.domain.certificates import Verdict
from eventapp.domain.errors import CertificateRevoked, NotFound, PresenceNotFixed, WasNotThere
from eventapp.domain.jobs import JobKind, JobState
from eventapp.domain.presence import PresenceStatus as S
from eventapp.extensions import db
from eventapp.models import Certificate, Event, Job, Person, Presence, Registration
from eventapp.queries.certificates import verdict_on
from eventapp.services import certifying, fixing
from eventapp.services.carrying_out import run_next
from eventapp.services.certifying import Terms
from eventapp.services.fixing import Wish
from eventapp.services.long_work import RUNNERS
from tests.factories import NOW, OFFICE, make_event, make_person, make_registration
from tests.reading import all_mails, mails

BEGAN = NOW - timedelta(days=1)
DONE = {"by": OFFICE, "now": NOW}
TERMS = Terms(minutes=None, goals="", register_name="", register_number="", points="")


def fixed_day(*names: str, absent: tuple[str, ...] = ()) -> tuple[int, dict[str, int]]:
    """A day that is fixed; the ids of its registrations by given name."""
    event = make_event(title="Themadag", starts_at=BEGAN)
    ids = {}
    for name in (*names, *absent):
        registration = make_registration(event, make_person(name, "", "Bakker", address=f"{name.lower()}@zon.example"))
        ids[name] = registration.id
        if name not in absent:
            db.session.add(Presence(registration_id=registration.id, event_id=event.id, first_in_at=BEGAN))
    db.session.commit()
    fix(event)
    return event.id, ids


def fix(event: Event) -> None:
    fixing.fix(event.id, seen=fixing.seen_now(event, now=NOW), **DONE)


def given() -> list[Certificate]:
    return list(db.session.scalars(sa.select(Certificate).order_by(Certificate.id)))


def verdicts() -> list[Verdict]:
    db.session.expire_all()
    return [verdict_on(one) for one in given()]


def test_a_certificate_says_what_was_fixed_and_stays_the_same_one(app: Flask) -> None:
    _, ids = fixed_day("Anna")

    first = certifying.issue(ids["Anna"], **DONE).code
    again = certifying.issue(ids["Anna"], **DONE)

    assert again.code == first
    assert (again.given_name, again.family_name, again.issued_at) == ("Anna", "Bakker", NOW)
    assert again.facts["when"] == "zondag 10 januari 2027, 10.00-14.00 uur"
    assert (again.facts["hours"], again.facts["register"], again.facts["goals"]) == ("4 uur", [], "")
    assert verdicts() == [Verdict.VALID]


def test_what_the_office_says_later_stands_on_later_ones_only(app: Flask) -> None:
    event_id, ids = fixed_day("Anna", "Bram")
    certifying.issue(ids["Anna"], **DONE)

    terms = replace(TERMS, minutes=210, register_name="Schoolleidersregister", points="4")
    certifying.set_terms(event_id, terms, **DONE)
    certifying.issue(ids["Bram"], **DONE)

    assert [one.facts["hours"] for one in given()] == ["4 uur", "3,5 uur"]
    assert [one.facts["register"] for one in given()] == [[], [["Register", "Schoolleidersregister"], ["Punten", "4"]]]
    assert verdicts() == [Verdict.VALID, Verdict.VALID]


def test_nobody_gets_one_without_fixed_presence(app: Flask) -> None:
    _, ids = fixed_day("Anna", absent=("Bram",))
    open_day = make_event(starts_at=BEGAN)
    came = make_registration(open_day).id
    db.session.add(Presence(registration_id=came, event_id=open_day.id, first_in_at=BEGAN))
    db.session.commit()

    with pytest.raises(WasNotThere):
        certifying.issue(ids["Bram"], **DONE)
    with pytest.raises(PresenceNotFixed):
        certifying.issue(came, **DONE)
    with pytest.raises(NotFound):
        certifying.issue(0, **DONE)

    assert given() == []


def test_it_holds_only_as_long_as_the_presence_under_it(app: Flask) -> None:
    event_id, ids = fixed_day("Anna", "Bram")
    certifying.issue(ids["Anna"], **DONE)
    found = [verdicts()]

    fixing.correct(event_id, {ids["Anna"]: Wish(S.AANWEZIG, S.AFWEZIG)}, reason="Verwisseld", **DONE)
    found.append(verdicts())
    fixing.correct(event_id, {ids["Anna"]: Wish(S.AFWEZIG, S.ONLINE)}, reason="Toch wel", **DONE)
    found.append(verdicts())
    fixing.unfix(event_id, reason="Nog eens kijken", **DONE)
    found.append(verdicts())
    fix(db.session.get_one(Event, event_id))
    found.append(verdicts())

    assert [one for (one,) in found] == [
        Verdict.VALID,
        Verdict.UNDER_REVIEW,
        Verdict.VALID,
        Verdict.UNDER_REVIEW,
        Verdict.VALID,
    ]


def test_a_revoked_one_is_not_simply_made_again(app: Flask) -> None:
    _, ids = fixed_day("Anna")
    first = certifying.issue(ids["Anna"], **DONE).id

    certifying.revoke(first, reason="Naam van een ander", **DONE)
    with pytest.raises(CertificateRevoked):
        certifying.issue(ids["Anna"], **DONE)
    certifying.issue(ids["Anna"], **DONE, anew=True)

    assert verdicts() == [Verdict.REVOKED, Verdict.VALID]
    assert (given()[0].revoked_by, given()[0].revoke_reason) == (OFFICE.name, "Naam van een ander")


def test_everybody_who_was_there_is_mailed_once(app: Flask) -> None:
    event_id, ids = fixed_day("Anna", "Bram", "Cas", absent=("Dina",))
    certifying.revoke(certifying.issue(ids["Cas"], **DONE).id, reason="x", **DONE)
    certifying.mail(ids["Anna"], **DONE)

    certifying.ask_all(event_id, **DONE)
    run_next(RUNNERS, clock=lambda: NOW)
    certifying.ask_all(event_id, **DONE)
    run_next(RUNNERS, clock=lambda: NOW)

    jobs = db.session.scalars(sa.select(Job).where(Job.kind == JobKind.CERTIFICATES)).all()
    assert [(job.state, job.done) for job in jobs] == [(JobState.DONE, 2), (JobState.DONE, 2)]
    assert mails() == [("certificate", "anna@zon.example"), ("certificate", "bram@zon.example")]
    assert [mail.attachments for mail in all_mails()] == [
        [{"draw": "certificate", "certificate_id": one.id}] for one in given() if not one.revoked_at
    ]


def test_a_job_leaves_out_who_was_corrected_or_erased_meanwhile(app: Flask) -> None:
    event_id, ids = fixed_day("Anna", "Bram", "Cas")
    certifying.ask_all(event_id, **DONE)
    fixing.correct(event_id, {ids["Anna"]: Wish(S.AANWEZIG, S.AFWEZIG)}, reason="Was ziek", **DONE)
    db.session.get_one(Registration, ids["Bram"]).address = ""
    db.session.commit()

    run_next(RUNNERS, clock=lambda: NOW)

    assert mails() == [("certificate", "cas@zon.example")]


def test_a_new_name_makes_a_new_one_and_the_old_one_still_holds(app: Flask) -> None:
    _, ids = fixed_day("Anna")
    certifying.issue(ids["Anna"], **DONE)
    db.session.scalars(sa.select(Person)).one().rename("Anna", "de", "Boer")
    db.session.commit()

    certifying.issue(ids["Anna"], **DONE)

    assert [one.family_name for one in given()] == ["Bakker", "Boer"]
    assert verdicts() == [Verdict.VALID, Verdict.VALID]
