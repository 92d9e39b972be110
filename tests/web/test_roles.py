"""Roles for one event or circle: what they open, what stays shut, and that ending one works at once."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import TestConfig
from eventapp.domain.actors import Actor, Role, Scope
from eventapp.extensions import db
from eventapp.models import AuditEntry, Event, OutboxMail, StaffGrant, StaffMember
from eventapp.queries.access import staff_actor
from eventapp.services import housekeeping
from tests.circling import make_circle, make_meeting
from tests.factories import (
    NOW,
    make_breakout,
    make_event,
    make_grant,
    make_person,
    make_registration,
    make_round,
    make_token,
)
from tests.web.office import client_of, csrf_token, made, rows, signed_in, words

HELPER = "helper@kindcentra.example"
MINE, OTHER = "/beheer/evenementen/eigen-dag", "/beheer/evenementen/andere-dag"


def two_days(role: Role = Role.COORDINATOR, **more: object) -> tuple[int, int]:
    """Somebody has a role for one of two events; answers the ids of a registration for each."""
    mine, other = make_event(slug="eigen-dag", title="Eigen dag"), make_event(slug="andere-dag", title="Andere dag")
    make_grant(role, event=mine, address=HELPER, **more)
    ours, theirs = (make_person(name, "", name) for name in ("Bakker", "Visser"))
    return make_registration(mine, ours).id, make_registration(other, theirs).id


def test_a_coordinator_of_one_event_works_there_and_sees_nothing_else(make_app) -> None:
    app = make_app()
    own_id, other_id = made(app, two_days)
    client = client_of(app, HELPER)

    statuses = {
        path: client.get(path).status_code
        for path in (
            MINE,
            f"{MINE}/aanmeldingen",
            f"{MINE}/bewerken",
            f"/beheer/aanmeldingen/{own_id}",
            f"{MINE}/rollen",
            OTHER,
            f"{OTHER}/aanmeldingen.csv",
            f"{OTHER}/live",
            f"/beheer/aanmeldingen/{other_id}",
            "/beheer/mensen",
            "/beheer/organisaties",
            "/beheer/geld",
            "/beheer/logboek",
            "/beheer/taken",
            "/beheer/evenementen/nieuw",
            "/beheer/aanmeldingen/samen/bericht",
        )
    }

    assert [path for path, status in statuses.items() if status == 200] == [
        MINE,
        f"{MINE}/aanmeldingen",
        f"{MINE}/bewerken",
        f"/beheer/aanmeldingen/{own_id}",
    ]
    lists = {
        path: words(client.get(path)) + client.get(path).text
        for path in (
            "/beheer/",
            "/beheer/evenementen",
            "/beheer/aanmeldingen",
            "/beheer/aanmeldingen.csv",
            "/beheer/kringen",
        )
        if path != "/beheer/kringen"
    }
    assert [path for path, text in lists.items() if "Andere dag" in text or "Visser" in text] == []
    assert "Bakker" in lists["/beheer/aanmeldingen"]


def test_what_pages_of_ones_own_event_offer_can_be_opened(make_app) -> None:
    app = make_app()
    made(app, two_days)
    for role, pages in ((Role.COORDINATOR, 4), (Role.LEZER, 4), (Role.DEURVRIJWILLIGER, 2)):
        address = f"een-{role.value}@kindcentra.example"
        made(
            app,
            lambda role=role, to=address: (
                make_grant(
                    role, event=db.session.scalars(sa.select(Event).where(Event.slug == "eigen-dag")).one(), address=to
                ).id
            ),
        )
        client = client_of(app, address)
        start = ["/beheer/", f"{MINE}/deur", MINE, f"{MINE}/aanmeldingen"][:pages]
        offered = {part.split('"')[0] for page in start for part in client.get(page).text.split('href="')[1:]}
        local = sorted({path.split("#")[0].replace("&amp;", "&") for path in offered if path.startswith("/beheer")})

        assert {path: client.get(path).status_code for path in local} == dict.fromkeys(local, 200)


def test_who_runs_a_circle_sees_its_meetings_and_no_other_event(make_app) -> None:
    app = make_app()

    def circles() -> list[str]:
        own, other = make_circle(), make_circle(slug="kenniskring-ict", name="Kenniskring ICT")
        make_grant(Role.KRINGCOORDINATOR, circle_id=own.id, address=HELPER)
        return [make_meeting(own).slug, make_meeting(other).slug]

    meeting, other = made(app, circles)
    client = client_of(app, HELPER)

    assert client.get(f"/beheer/evenementen/{meeting}/presentie").status_code == 200
    assert client.get(f"/beheer/evenementen/{meeting}/bewerken").status_code == 403
    assert client.get(f"/beheer/evenementen/{other}").status_code == 403
    assert client.get("/beheer/kringen/kenniskring-ict").status_code == 403
    for path in ("/beheer/", "/beheer/evenementen", "/beheer/kringen"):
        assert "Kenniskring HR" in words(client.get(path))
        assert "Kenniskring ICT" not in client.get(path).text


def test_a_role_is_given_from_the_event_and_ends_with_the_next_page(make_app) -> None:
    app = make_app()
    made(app, lambda: make_event(slug="eigen-dag").id)
    office = signed_in(app, Role.SECRETARIAAT)
    page = f"{MINE}/rollen"

    def give(**more: str):
        data = {"address": HELPER, "name": "Hilde Helper", "role": "deurvrijwilliger", "ends_on": ""}
        return office.post(page, data=data | more | {"csrf_token": csrf_token(office, page)})

    assert give().status_code == 303
    assert give(ends_on="2027-02-01").status_code == 303
    [[grant_id, role, ends_on]] = rows(app, sa.select(StaffGrant.id, StaffGrant.role, StaffGrant.ends_on))
    assert (role, ends_on) == (Role.DEURVRIJWILLIGER, date(2027, 2, 1))
    assert rows(app, sa.select(StaffMember.role).where(StaffMember.address == HELPER)) == [(None,)]
    helper = client_of(app, HELPER)
    before = helper.get(f"{MINE}/deur").status_code
    office.post(f"{page}/{grant_id}/einde", data={"csrf_token": csrf_token(office, page)})
    again = office.post(f"{page}/{grant_id}/einde", data={"csrf_token": csrf_token(office, page)})

    assert (before, helper.get(f"{MINE}/deur").status_code, again.status_code) == (200, 302, 404)
    acts = sa.select(AuditEntry.act).where(AuditEntry.act.like("role%")).order_by(AuditEntry.id)
    assert rows(app, acts) == [("role_given",), ("role_given",), ("role_taken_back",)]


def test_an_account_that_ended_gets_no_role_and_no_role_is_given_that_does_not_exist(make_app) -> None:
    app = make_app()

    def ended() -> int:
        make_event(slug="eigen-dag")
        old = StaffMember(address=HELPER, name="Oud", role=Role.LEZER, created_at=NOW, ends_on=date(2027, 1, 1))
        db.session.add(old)
        db.session.commit()
        return make_circle().id

    circle_id = made(app, ended)
    keeper = signed_in(app, Role.BEHEERDER)
    [[own_id]] = rows(app, sa.select(StaffMember.id).where(StaffMember.role == Role.BEHEERDER))
    page = f"{MINE}/rollen"

    given = keeper.post(page, data={"address": HELPER, "role": "lezer", "csrf_token": csrf_token(keeper, page)})
    staff = "/beheer/instellingen/medewerkers"
    data = {"staff": own_id, "thing": f"kring-{circle_id}", "csrf_token": csrf_token(keeper, staff)}
    wrong = keeper.post(f"{staff}/rollen", data=data | {"one_role": "coordinator"})
    kept = rows(app, sa.select(StaffGrant.id))
    right = keeper.post(f"{staff}/rollen", data=data | {"one_role": "lezer"})

    assert (given.status_code, wrong.status_code, kept, right.status_code) == (422, 422, [], 303)
    assert "Dit account is beëindigd" in words(given)
    assert "Lezer voor Kenniskring HR" in words(keeper.get(staff))


@pytest.mark.parametrize(
    ("starts", "ends", "seen"),
    [(0, 0, 200), (1, None, 302), (None, -1, 302), (None, 1, 200)],
)
def test_an_account_lasts_from_its_first_to_its_last_day(make_app, starts, ends, seen) -> None:
    app: Flask = make_app()
    client = signed_in(app, Role.LEZER)
    today = TestConfig.NOW.date()
    days = {
        name: None if off is None else today + timedelta(days=off)
        for name, off in (("starts_on", starts), ("ends_on", ends))
    }

    made(app, lambda: db.session.execute(sa.update(StaffMember).values(**days)).rowcount)

    assert client.get("/beheer/").status_code == seen


def test_a_role_for_an_event_lasts_two_weeks_after_it_even_when_it_moves(make_app) -> None:
    app = make_app()
    made(app, lambda: two_days(Role.LEZER))
    seen = []
    for days in (-15, -14, 30):
        moved = sa.update(Event).where(Event.slug == "eigen-dag")
        at = NOW + timedelta(days=days)
        change = moved.values(starts_at=at, ends_at=at + timedelta(hours=2))
        made(app, lambda change=change: db.session.execute(change).rowcount)
        seen.append(signing_in_works(app))

    assert seen == [False, True, True]


def signing_in_works(app: Flask) -> bool:
    """Whether the office knows this address as somebody who works there now."""
    return made(app, lambda: staff_actor(HELPER, now=NOW) is not None)


def test_what_belongs_to_another_event_is_not_reached_through_ones_own(make_app) -> None:
    app = make_app(WTF_CSRF_ENABLED=False)

    def parts() -> tuple[int, ...]:
        _, registration_id = two_days()
        other = db.session.scalars(sa.select(Event).where(Event.slug == "andere-dag")).one()
        in_round = make_round(other)
        make_breakout(in_round).slug = "bouwen"
        device_id = make_token(Scope.CHECKIN, event=other)[0].id
        grant_id = make_grant(Role.LEZER, event=other, address="ander@kindcentra.example").id
        db.session.commit()
        return registration_id, in_round.id, device_id, grant_id

    registration_id, round_id, device_id, grant_id = made(app, parts)
    client = client_of(app, HELPER)
    paths = (
        f"inloop/{registration_id}/controle",
        f"inloop/{registration_id}/betaling",
        f"bewijzen/{registration_id}/uitgifte",
        f"programma/rondes/{round_id}",
        f"programma/rondes/{round_id}/verwijdering",
        "programma/deelsessies/bouwen",
        "programma/deelsessies/bouwen/verwijdering",
        f"deur/{device_id}/afsluiting",
        f"deur/{device_id}/koppelcode",
        f"rollen/{grant_id}/einde",
    )

    statuses = {path: client.post(f"{MINE}/{path}").status_code for path in paths}

    assert statuses == dict.fromkeys(paths, 404) | {f"rollen/{grant_id}/einde": 403}
    keeper = signed_in(app, Role.BEHEERDER)
    assert keeper.post(f"{MINE}/rollen/{grant_id}/einde").status_code == 404


def test_who_runs_a_circle_reads_no_mail_about_another_one(make_app) -> None:
    app = make_app()

    def mailed() -> int:
        own, other = make_circle(), make_circle(slug="kenniskring-ict", name="Kenniskring ICT")
        make_grant(Role.KRINGCOORDINATOR, circle_id=own.id, address=f"{Role.KRINGCOORDINATOR.value}@kindcentra.example")
        person = make_person(address="bram@elders.example")
        told = [("eigen", make_meeting(own).id, "confirmed"), ("ander", make_meeting(other).id, "confirmed")]
        told += [("dag", make_event().id, "confirmed"), ("lid", None, "circle_joined"), ("inlog", None, "sign_in")]
        for subject, event_id, kind in told:
            text = {"to_address": "bram@elders.example", "text": "", "html": "", "message_id": f"<{subject}@x.example>"}
            db.session.add(
                OutboxMail(
                    purpose=subject, kind=kind, event_id=event_id, subject=f"Over {subject}", created_at=NOW, **text
                )
            )
        db.session.commit()
        return person.id

    runner = signed_in(app, Role.KRINGCOORDINATOR)
    person_id = made(app, mailed)
    reader = signed_in(app, Role.LEZER)

    seen = [re.findall(r"Over (\w+)", client.get(f"/beheer/mensen/{person_id}").text) for client in (runner, reader)]

    assert seen == [["inlog", "dag", "eigen"], ["inlog", "lid", "dag", "ander", "eigen"]]


def test_who_gets_an_account_again_begins_without_roles_of_before(app: Flask) -> None:
    two_days()
    member = db.session.scalars(sa.select(StaffMember).where(StaffMember.address == HELPER)).one()
    keeper = Actor("staff", "Bea", 999, frozenset({Role.BEHEERDER}))

    housekeeping.end_staff(member.id, by=keeper, now=NOW)
    housekeeping.add_staff(HELPER, name="", role=None, by=keeper, now=NOW)

    actor = staff_actor(HELPER, now=NOW)
    assert actor is None or not actor.anywhere
    assert "role_taken_back" in db.session.scalars(sa.select(AuditEntry.act)).all()
