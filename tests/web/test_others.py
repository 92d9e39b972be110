"""What does somebody see or change of somebody else? Every address for visitors, with whatever is of others."""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask

from eventapp.extensions import db
from eventapp.web.access import Audience
from tests.traces import Traces, leave_traces
from tests.web.office import csrf_token, made
from tests.web.test_mine import browser

MINE, THEIRS = "kwikstaart", "xylofoon"
WALKED = frozenset({Audience.PUBLIC, Audience.VISITOR, Audience.LINK, Audience.MEMBER})
# Which of somebody's secrets open which pages. Every other one is tried there and has to be worth nothing.
OPENS = {
    "/aanmelden/bevestigen/": {"proof"},
    "/adres/bevestigen/": {"change"},
    "/bestelling/<pay_token>/betalen": {"pay"},
    # Whoever was forwarded the page to pay on may pay.
    "/bestelling/<token>/betaling": {"order", "paid order", "pay"},
    "/bestelling/<token>/betaalcontrole": {"order", "paid order", "pay"},
    "/bestelling/": {"order", "paid order"},
    "/bewijs/": {"certificate"},
    "/deelnemen/": {"ticket", "past ticket"},
    "/deur/koppelen/": set(),
    "/evaluatie/": {"evaluation"},
    "/factuur/": {"invoice"},
    "/inloggen/": {"sign in"},
    "/kringen/bevestigen/": {"joining"},
    "/kringen/lid/": {"member"},
    "/mijn/agenda/": {"calendar"},
    "/overdracht/": {"hand over"},
    "/ticket/": {"ticket", "past ticket"},
    "/uitnodiging/<answer_token>/": {"answer"},
    "/uitnodiging/": {"invitation"},
    "/voorkeuren/": {"wishes"},
    "/wachtlijst/": {"waiting"},
}
# Numbers of theirs, for whatever a path or a form calls them.
NUMBERS = {
    "registration_id": ("registration", "paid registration", "given registration", "past registration"),
    "organisation_id": ("organisation",),
    "naming_id": ("naming",),
    "person_id": ("person",),
    "proposal_id": ("proposal",),
}
# What a form may be sent with: enough for most buttons, and their numbers where forms carry numbers.
BUTTON = {"confirm": "y", "agree": "y", "email": "nieuw@elders.example", "address": "nieuw@elders.example"}


def opens(rule: str) -> set[str]:
    return next(kinds for start, kinds in OPENS.items() if rule.startswith(start))


class Both:
    """Two people with traces everywhere, the browser of the one, and all that the database holds."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.mine, self.theirs = made(app, lambda: (leave_traces(MINE), leave_traces(THEIRS)))
        for left in (self.mine, self.theirs):
            left.ids |= made(app, lambda left=left: _rows_by_number(left))
        self.client = browser(app, self.mine.address)
        self.stranger = app.test_client()
        self.form = BUTTON | {"csrf_token": csrf_token(self.client, "/mijn/gegevens")}
        self.form |= {"account": str(self.theirs.ids["identity"]), "registration": str(self.theirs.ids["registration"])}

    def everything(self) -> dict[str, list[str]]:
        with self.app.app_context():
            tables = db.metadata.sorted_tables
            return {table.name: sorted(map(str, db.session.execute(sa.select(table)))) for table in tables}


def _rows_by_number(left: Traces) -> dict[str, int]:
    wanted = {
        "identity": "SELECT id FROM external_identities WHERE address = :address",
        "naming": "SELECT id FROM organisation_people WHERE person_id = :person",
    }
    values = {"address": left.address, "person": left.ids["person"]}
    return {name: db.session.scalar(sa.text(query), values) for name, query in wanted.items()}


def walked_rules(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address with something of somebody in it, by method."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        if view.audience in WALKED and rule.arguments - {"slug", "extension", "filename", "chosen"}:
            yield from ((method, rule.rule) for method in sorted(rule.methods & {"GET", "POST"}))


def tried(both: Both, rule: str) -> Iterator[str]:
    """The paths of this rule with what is somebody else's in it."""
    names = re.findall(r"<(?:[^:>]+:)?(\w+)>", rule)
    numbers = [name for name in names if name in NUMBERS]
    slug = both.theirs.slugs["meeting"]
    if not set(names) - set(NUMBERS) - {"slug", "extension"}:
        yield from _with_numbers(both, rule, {"slug": slug})
        return
    right = opens(rule)
    wrong = [secret for kind, secret in both.theirs.secrets.items() if kind not in right]
    # Numbers of rows are no secrets, and must open nothing.
    wrong += [str(both.theirs.ids["registration"]), both.theirs.address]
    token = next(name for name in names if name not in NUMBERS and name not in ("slug", "extension"))
    given = {"slug": slug, "extension": "pdf"} | {name: str(both.theirs.ids[NUMBERS[name][0]]) for name in numbers}
    for secret in wrong:
        yield _filled(rule, given | {token: secret})
    # With one's own secret, somebody else's numbers or slug beside it.
    if numbers or "slug" in names:
        for kind in sorted(right):
            yield from _with_numbers(both, rule, given | {token: both.mine.secrets[kind]})


def _with_numbers(both: Both, rule: str, given: dict[str, str]) -> Iterator[str]:
    """Each of their numbers, below one's own organisation and below theirs."""
    for organisation in (both.mine, both.theirs):
        for registration in NUMBERS["registration_id"]:
            number = {"registration_id": both.theirs.ids[registration], "naming_id": both.theirs.ids["naming"]}
            number |= {"proposal_id": both.theirs.ids["proposal"]}
            number |= {"organisation_id": organisation.ids["organisation"], "person_id": both.theirs.ids["person"]}
            if rule == "/mijn/organisatie/<int:organisation_id>" and organisation is both.mine:
                continue
            if rule.endswith("/opgaven") and organisation is both.mine:
                continue
            yield _filled(rule, given | {name: str(value) for name, value in number.items()})


def _filled(rule: str, values: dict[str, str]) -> str:
    return re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda found: values[found[1]], re.sub(r"any\([^)]*\):", "", rule))


def seen_of(both: Both, path: str, text: str) -> list[str]:
    """What of theirs an answer says, but for what was asked with."""
    told = text.lower().replace(path.lower(), "")
    hidden = [THEIRS, *(secret.lower() for secret in both.theirs.secrets.values() if secret not in path)]
    return [mark for mark in hidden if mark in told]


def opened_by_owner(both: Both) -> tuple[set[str], set[str]]:
    """Which secrets open a page to whoever has them, and which of those pages say who it is."""
    opened, telling = set(), set()
    for method, rule in walked_rules(both.app):
        names = re.findall(r"<(?:[^:>]+:)?(\w+)>", rule)
        if method == "POST" or set(names) - {"token", "code", "pay_token", "answer_token"}:
            continue
        for kind in opens(rule):
            path = _filled(rule, dict.fromkeys(names, both.theirs.secrets[kind]))
            answer = both.stranger.get(path)
            if answer.status_code == 200:
                opened.add(kind)
            if answer.mimetype == "text/html" and seen_of(both, path, answer.text):
                telling.add(kind)
    return opened, telling


def test_nothing_of_somebody_else_is_seen_or_changed_at_any_address(make_app):
    both = Both(make_app(PROPAGATE_BUGS=False))
    before = both.everything()
    opened, telling = opened_by_owner(both)
    found, asked = {}, 0

    for method, rule in walked_rules(both.app):
        for path in dict.fromkeys(tried(both, rule)):
            answer = both.client.open(path, method=method, data=both.form if method == "POST" else None)
            asked += 1
            page = answer.mimetype == "text/html"
            seen = seen_of(both, path, answer.text + (answer.location or "")) if page else [answer.mimetype]
            if seen or answer.status_code not in (303, 400, 403, 404, 405, 409, 410, 422):
                found[f"{method} {path}"] = (answer.status, seen)

    assert found == {}
    assert both.everything() == before
    # The walk is no walk past empty houses: each secret opens its page, and most pages say whose they are.
    assert {kind for kinds in OPENS.values() for kind in kinds} - opened == set()
    assert (len(telling) > 8, asked > 1000) == (True, True)
