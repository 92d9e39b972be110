"""`eventapp staff`: a way in for when mail does not work yet."""

import sqlalchemy as sa

from eventapp.cli import staff
from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.models import StaffMember
from eventapp.services import signing_in


def test_new_account_gets_a_link_that_signs_in(app, now):
    run = app.test_cli_runner()

    answer = run.invoke(staff.group, ["add", "Kees@Kindcentra.example", "--role", "beheerder", "--name", "Kees"])

    assert answer.exit_code == 0
    base, _, token = answer.output.strip().rpartition("/")
    assert base == "http://127.0.0.1:8000/inloggen"
    assert signing_in.sign_in(token, now=now).actor.roles == {Role.BEHEERDER}


def test_adding_again_changes_the_role_and_keeps_the_name(app):
    run = app.test_cli_runner()
    run.invoke(staff.group, ["add", "kees@kindcentra.example", "--role", "lezer", "--name", "Kees"])

    run.invoke(staff.group, ["add", "kees@kindcentra.example", "--role", "coordinator"])

    rows = db.session.execute(sa.select(StaffMember.name, StaffMember.role)).all()
    assert rows == [("Kees", Role.COORDINATOR)]


def test_link_for_a_stranger_is_refused(app):
    answer = app.test_cli_runner().invoke(staff.group, ["link", "wie@elders.example"])

    assert answer.exit_code == 1
    assert answer.output == "Error: wie@elders.example has no account in the back office\n"


def test_role_and_address_are_checked(app):
    run = app.test_cli_runner()

    codes = [
        run.invoke(staff.group, ["add", "kees@kindcentra.example", "--role", "koning"]).exit_code,
        run.invoke(staff.group, ["add", "kees", "--role", "lezer"]).exit_code,
    ]

    assert codes == [2, 2]
    assert db.session.scalar(sa.select(sa.func.count(StaffMember.id))) == 0
