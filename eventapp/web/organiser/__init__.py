"""The back office: events, registrations, organisations, lists, the door and the settings."""

from typing import Any

from flask import Blueprint, request

from eventapp import wording
from eventapp.domain.actors import Actor, Role
from eventapp.web.access import current_staff, guard

blueprint = Blueprint("organiser", __name__, url_prefix="/beheer")
guard(blueprint)


@blueprint.context_processor
def _frame() -> dict[str, Any]:
    """Who is at work, and the places of the back office that exist for them."""
    actor = current_staff()
    if actor is None:
        return {}
    return {"current_staff": _Shown(actor), "office_nav": _places(actor), "may": _may(actor)}


class _Shown:
    """What the head of a page shows of somebody."""

    def __init__(self, actor: Actor) -> None:
        self.name = actor.name
        self.role_word = ", ".join(wording.ROLES[Role(role)] for role in sorted(actor.here or actor.anywhere))


def _places(actor: Actor) -> list[tuple[str, str, bool]]:
    path = request.path
    places = [("/beheer/", "Vandaag", path == "/beheer/")]
    if actor.has_somewhere(*READERS):
        in_events = path.startswith(("/beheer/evenementen", "/beheer/aanmeldingen"))
        places.append(("/beheer/evenementen", "Evenementen", in_events))
    if actor.has_everywhere(*READERS):
        places.append(("/beheer/mensen", "Mensen", path.startswith("/beheer/mensen")))
        places.append(("/beheer/organisaties", "Organisaties", path.startswith("/beheer/organisaties")))
    if sees_circles(actor):
        places.append(("/beheer/kringen", "Kringen", path.startswith("/beheer/kringen")))
    if actor.has_everywhere(*EDITORS):
        places.append(("/beheer/berichten", "Berichten", path.startswith("/beheer/berichten")))
        places.append(("/beheer/koppelen", "Koppelen", path.startswith("/beheer/koppelen")))
    if actor.has_everywhere(*MONEY):
        places.append(("/beheer/geld", "Geld", path.startswith("/beheer/geld")))
    if actor.has_everywhere(*ACCOUNT):
        places.append(("/beheer/verantwoording", "Verantwoording", path.startswith("/beheer/verantwoording")))
    if actor.has_everywhere(*MONEY):
        places.append(("/beheer/logboek", "Logboek", path.startswith("/beheer/logboek")))
    if actor.has():
        places.append(("/beheer/instellingen", "Instellingen", path.startswith("/beheer/instellingen")))
    return places


def _may(actor: Actor) -> dict[str, bool]:
    """What a page may offer; the views check it again. `edit` and `door` are about what is looked at, all else about
    the house: pages of people and organisations (`people`), acts for many (`office`), money, the log, settings.
    """
    return {
        "edit": actor.has(*EDITORS),
        "door": actor.has(*AT_DOOR),
        "search": actor.has_somewhere(*READERS),
        "people": actor.has_everywhere(*READERS),
        "office": actor.has_everywhere(*EDITORS),
        "money": actor.has_everywhere(*MONEY),
        "log": actor.has_everywhere(*MONEY),
        "settings": actor.has(),
    }


def door_only(actor: Actor) -> bool:
    """Whether somebody is at what they look at for the door alone; at the house as a whole, whether they are at all."""
    return (actor.here or actor.anywhere) == {Role.DEURVRIJWILLIGER}


def sees_circles(actor: Actor) -> bool:
    """Whether there are circles for this member of staff."""
    own = actor.own(*READERS)
    return own is None or bool(own.circle_ids)


EDITORS = (Role.COORDINATOR, Role.SECRETARIAAT)
MONEY = (*EDITORS, Role.PENNINGMEESTER)
ACCOUNT = (*MONEY, Role.LEZER)
READERS = (*MONEY, Role.KRINGCOORDINATOR, Role.LEZER)
DOOR = (*READERS, Role.DEURVRIJWILLIGER)
AT_DOOR = (*EDITORS, Role.DEURVRIJWILLIGER)

from eventapp.web.organiser import (  # noqa: E402, F401
    account,
    accounts,
    answers,
    badges,
    bank_refunds,
    breakouts,
    bulk,
    certificates,
    circle_series,
    circles,
    closing,
    contacts,
    copying,
    corrections,
    dividing,
    door,
    door_file,
    emergency_list,
    erasing,
    evaluation,
    event_changes,
    event_editor,
    events,
    filters,
    imports,
    invitations,
    invoice_changes,
    invoices,
    jobs,
    journal,
    lapses,
    linking,
    lists,
    live,
    logbook,
    looks,
    mail_texts,
    mailing_out,
    mailings,
    matrix,
    merging,
    money,
    new_event,
    organisation_sections,
    organisations,
    outbox,
    partner_list,
    people,
    person_notes,
    presence,
    programme,
    programme_lists,
    proposals,
    questions,
    refunds,
    register,
    registration_files,
    registration_lists,
    registrations,
    revenue,
    roles,
    search,
    settings,
    settlements,
    standing,
    style_guide,
    teams_list,
    ticks,
    today,
    visibility,
    waiting,
    walk_ins,
    year_closing,
)
