"""Where is an example of each page that a person can see?

The house is walked through as people would: from the first pages and from every link in every mail, signed in and not,
along all links and forms that only ask (GET), until each address of the URL map was found. Where no link leads stands
in small tables.
"""

import html
import json
import re
import urllib.error
import urllib.request
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from eventapp.domain.actors import Role
from eventapp.extensions import db
from eventapp.services import signing_in
from eventapp.web.access import Audience
from tests.browser.house import House, until

# Who looks: the first of these that a page is for. Nobody signs in for a page that does not ask it.
STRANGER, MEMBER = "", "jan-willem.vandermeulen@zonnevlinder.example"
STAFF = {role: f"{role.value}@kindcentra.example" for role in (Role.COORDINATOR, Role.BEHEERDER, Role.PENNINGMEESTER)}
_BEGINNINGS = (
    "/beheer/evenementen/themadag-2027",
    "/agenda/themadag-2027",
    "/",
    "/kringen",
    "/beheer/",
    "/mijn",
    "/deur",
    "/deur/koppelen",
    "/postvak",
    "/embed/agenda",
    "/inloggen",
)
_TRIES = 6
# Pages that look different from one example to the next, and lead elsewhere: of these many are looked at.
_CROSSROADS = {
    "demo.mail": 20,
    "member.order": 25,
    "member.ticket": 25,
    "organiser.event": 40,
    "organiser.evaluation": 10,
    "organiser.invoice": 10,
    "organiser.organisation": 15,
    "organiser.person": 10,
    "organiser.programme": 5,
    "organiser.questions": 5,
    "organiser.registration": 10,
    "organiser.year_report": 5,
    "organiser.job": 10,
}
# Where no link led in the demo, or only from the hundredth row: what stands in the address.
_ELSEWHERE = {
    "member.on_invoice": "SELECT o.token FROM orders o JOIN registrations r ON r.order_id = o.id "
    "JOIN events e ON e.id = r.event_id WHERE e.invoice_allowed AND o.on_invoice_at IS NULL "
    "AND r.state = 'awaiting_payment' AND r.price_cents > 0",
    "member.order_cancellation": "SELECT o.token FROM orders o JOIN registrations r ON r.order_id = o.id "
    "JOIN events e ON e.id = r.event_id WHERE e.state = 'published' AND r.state = 'confirmed' "
    "GROUP BY o.id HAVING count(*) > 1 ORDER BY max(e.starts_at) DESC LIMIT 9",
    "member.ticket_attends": "SELECT token FROM tickets JOIN registrations r ON r.id = registration_id "
    "JOIN events e ON e.id = r.event_id WHERE e.form = 'hybrid' AND r.state = 'confirmed' AND tickets.state = 'valid'",
    "member.waiting": "SELECT token FROM waiting_entries WHERE state = 'waiting'",
    "organiser.certificate_revocation": "SELECT e.slug, c.id FROM certificates c JOIN certificate_meetings m "
    "ON m.certificate_id = c.id JOIN registrations r ON r.id = m.registration_id JOIN events e ON e.id = r.event_id",
    "organiser.closing_preview": "SELECT substr(min(starts_at), 1, 7) FROM events",
    "organiser.contact_end": "SELECT organisation_id, id FROM organisation_contacts",
    "organiser.naming_end": "SELECT person_id, id FROM organisation_people",
    "organiser.new_refund": "SELECT id FROM payment_attempts WHERE status = 'paid' ORDER BY id DESC LIMIT 9",
    "organiser.organisation_merge": "SELECT 1, 2",
    "organiser.person_merge": "SELECT 1, 2",
    "organiser.person_erasing": "SELECT id FROM people WHERE erased_at IS NULL ORDER BY id LIMIT 5",
    "organiser.pool": "SELECT slug, pools.id FROM pools JOIN events ON events.id = event_id",
    "organiser.reopening": "SELECT substr(month, 1, 7) FROM closed_months",
    "organiser.status_end": "SELECT person_id, id FROM person_statuses",
    "public.invoice": "SELECT token FROM invoices",
    "public.certificate": "SELECT code FROM certificates",
}
# Which of these a page is there for depends on the day of the demo: of addresses that begin so, one of each kind. The
# first that fits counts.
_OF_EACH_KIND = {
    "/beheer/aanmeldingen/<int:registration_id>/mail/": "SELECT registration_id, max(id) FROM outbox "
    "WHERE registration_id IS NOT NULL GROUP BY kind",
    "/beheer/aanmeldingen/<int:registration_id>": "SELECT max(id) FROM registrations GROUP BY event_id, state",
    "/beheer/geld/facturen/<int:invoice_id>": "SELECT max(id) FROM invoices GROUP BY kind, number IS NULL, due_on",
    "/beheer/mensen/<int:person_id>": "SELECT max(person_id) FROM registrations GROUP BY event_id, state",
    "/bestelling/<pay_token>": "SELECT max(o.pay_token) FROM orders o JOIN registrations r ON r.order_id = o.id "
    "GROUP BY r.event_id, r.state",
    "/bestelling/<token>": "SELECT o.token, max(r.id) FROM orders o JOIN registrations r ON r.order_id = o.id "
    "GROUP BY r.event_id, r.state, (SELECT count(*) > 1 FROM registrations c WHERE c.order_id = o.id)",
    "/kringen/lid/<token>/<slug>": "SELECT m.token, e.slug FROM circle_members m JOIN events e USING (circle_id)",
    "/kringen/lid/<token>": "SELECT token FROM circle_members",
    "/ticket/<token>": "SELECT max(t.token) FROM tickets t JOIN registrations r ON r.id = t.registration_id "
    "GROUP BY r.event_id, r.state, t.state",
    "/uitnodiging/<answer_token>": "SELECT max(answer_token) FROM invitations GROUP BY event_id, state",
    "/uitnodiging/<token>": "SELECT max(token) FROM invitations GROUP BY event_id, state",
}
# Pages that only follow an act, or a state that the demo does not hold: tests of those acts look at them.
AFTER_AN_ACT = {
    "demo.mail_attachment": "a file",
    "door.coupling": "its link is shown once, when a phone is invited",
    "member.evaluation": "its link is mailed once presence is fixed, and kept as a digest",
    "member.microsoft_account": "comes back from another house",
    "member.microsoft_return": "comes back from another house",
    "member.new_proposal": "for ambassadors, of whom nobody looks here",
    "member.proposal": "for ambassadors, of whom nobody looks here",
    "member.sign_in_link": "its link is good once",
    "member.sign_in_sent": "after asking for a link",
    "member.ticket_date": "after an event went to another day",
    "organiser.evaluation_closing": "while an evaluation is open, which a demo of today is not",
    "organiser.import_preview": "after a file was sent",
    "organiser.invoice_buyer": "an invoice that lacks what an e-invoice needs",
    "organiser.job_file": "a file",
    "organiser.live_part": "a part of a page",
    "organiser.refund_by_bank": "after a refund failed",
    "organiser.settlement_preview": "after a file was sent",
    "organiser.walk_in_arrival": "after somebody walked in",
    "organiser.year_reopening": "after a year was closed",
    "public.joining_proof": "its link is good once",
    "public.joining_sent": "after asking to join",
    "public.new_address": "its link is good once",
    "public.proof": "its link is good once",
    "public.sent": "after registering",
}
_FILE = re.compile(r"\.(<[^/]*>|[a-z]+)$")
_LINK = re.compile(r"""(?:href|action|src)="([^"]*)\"""")


@dataclass(frozen=True)
class Seen:
    """An example of a page: who looks, where, and what came."""

    who: str
    path: str
    text: str


def _filled(rule: str, values: Iterable[object]) -> str:
    """An address of this rule with these values in it, in order."""
    left = iter(values)
    return re.sub(r"<[^>]+>", lambda _: str(next(left)), rule)


def _of_each_kind(rule: str) -> str | None:
    """The statement that finds examples for an address by how it begins."""
    return next((statement for beginning, statement in _OF_EACH_KIND.items() if rule.startswith(beginning)), None)


def looker(view: Any) -> str:
    """The address of whoever sees this page in these tests; empty for a stranger."""
    if view.audience == Audience.STAFF:
        return next(address for role, address in STAFF.items() if not view.roles or role in view.roles)
    return MEMBER if view.audience == Audience.MEMBER else STRANGER


def pages(app: Flask) -> dict[str, Rule]:
    """Every endpoint that shows a page to a person. Files, programs' addresses and probes are none."""
    found = {}
    for rule in app.url_map.iter_rules():
        audience = app.view_functions[rule.endpoint].audience  # type: ignore[attr-defined]
        for_people = audience not in (Audience.TOKEN, Audience.OPERATOR, Audience.PROVIDER)
        for_programs = rule.endpoint.startswith("api.") and rule.endpoint != "api.docs"
        if "GET" in (rule.methods or ()) and for_people and not for_programs and not _FILE.search(rule.rule):
            found[rule.endpoint] = rule
    return found


class Walk:
    """A walk through the house. `seen` has the first example of each page, `broken` the addresses that are an error."""

    def __init__(self, app: Flask, house: House) -> None:
        self._app, self._house = app, house
        self._routes = app.url_map.bind(urlsplit(house.url).netloc)
        self._jars = {address: CookieJar() for address in (STRANGER, MEMBER, *STAFF.values())}
        self._visitors = {address: self._visitor(address) for address in self._jars}
        self._tried: Counter[str] = Counter()
        self._queued: set[str] = set()
        self._wanted = pages(app)
        self.seen: dict[str, Seen] = {}
        self.broken: list[str] = []

    def cookies(self, who: str) -> list[dict[str, str]]:
        """What a browser needs to be signed in as who walked here."""
        return [{"name": one.name, "value": one.value or "", "url": self._house.url} for one in self._jars[who]]

    def from_everywhere(self) -> dict[str, Seen]:
        """Walk until there is nothing new."""
        mails = json.loads(self._house.get("/postvak.json"))
        links = {link for mail in (mails["mails"] if isinstance(mails, dict) else mails) for link in mail["links"]}
        for beginnings in ([*_BEGINNINGS, *sorted(links)], self._without_links()):
            for beginning in beginnings:
                self._along(beginning)
        return self.seen

    def _along(self, beginning: str) -> None:
        """From here along all links."""
        ahead = deque([beginning])
        while ahead:
            ahead.extend(self._step(urljoin(self._house.url, ahead.popleft())))

    def _without_links(self) -> Iterator[str]:
        """Addresses of pages that were not seen, made of what the database holds."""
        with self._app.app_context(), db.engine.connect() as database:
            slugs = [tuple(row) for row in database.execute(sa.text("SELECT slug FROM events ORDER BY starts_at"))]
            for endpoint, rule in self._wanted.items():
                if endpoint in self.seen or endpoint in AFTER_AN_ACT:
                    continue
                usual = {frozenset(): [()], frozenset({"slug"}): slugs, frozenset({"year"}): [(2025,)]}
                found = usual.get(frozenset(rule.arguments), [])
                if statement := _ELSEWHERE.get(endpoint) or _of_each_kind(rule.rule):
                    found = [tuple(row) for row in database.execute(sa.text(statement))]
                for values in found:
                    if endpoint not in self.seen:
                        self._tried[endpoint] = 0
                        yield _filled(rule.rule, values)

    def _step(self, address: str) -> list[str]:
        """Look at an address, unless its page was seen; answer where it leads."""
        path = address.removeprefix(self._house.url).partition("#")[0]
        endpoint = self._endpoint(path)
        if endpoint not in self._wanted or path in self._queued:
            return []
        if self._tried[endpoint] >= _CROSSROADS.get(endpoint, 1 if endpoint in self.seen else _TRIES):
            return []
        self._queued.add(path)
        self._tried[endpoint] += 1
        who = looker(self._app.view_functions[endpoint])
        text, at = self._get(who, path)
        if text is None:
            return []
        if self._endpoint(at) == endpoint:
            self.seen.setdefault(endpoint, Seen(who, path, text))
        return [urljoin(address, html.unescape(link)) for link in _LINK.findall(text)]

    def _endpoint(self, path: str) -> str | None:
        try:
            return self._routes.match(path.partition("?")[0])[0]
        except (HTTPException, RequestRedirect):
            return None

    def _get(self, who: str, path: str) -> tuple[str | None, str]:
        """The page at an address and where it really was; None for what is no page of ours."""
        try:
            with self._visitors[who].open(self._house.url + path, timeout=30) as answer:
                is_page = answer.headers["Content-Type"].startswith("text/html")
                return answer.read().decode() if is_page else None, urlsplit(answer.url).path
        except urllib.error.HTTPError as refusal:
            refusal.close()
            if refusal.code >= 500:
                self.broken.append(path)
            return None, path

    def _visitor(self, address: str) -> urllib.request.OpenerDirector:
        cookies = urllib.request.HTTPCookieProcessor(self._jars[address])
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        if address:
            self._press(opener, self._link(opener, address))
        return opener

    def _link(self, opener: urllib.request.OpenerDirector, address: str) -> str:
        """A link to sign in with: from the command line for staff, else asked for by mail."""
        if address in STAFF.values():
            with self._app.app_context():
                return f"{self._house.url}/inloggen/{signing_in.make_link(address, now=datetime.now(UTC))}"
        before = len(self._house.mails(address))
        self._press(opener, "/inloggen", address=address)
        (latest, *_) = until(lambda: self._house.mails(address)[: -before or None])
        return self._house.link(latest, "/inloggen/")

    def _press(self, opener: urllib.request.OpenerDirector, path: str, **fields: str) -> None:
        """Send the form of a page, filled in so."""
        address = urljoin(self._house.url, path)
        with opener.open(address) as page:
            token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.read().decode())
        assert token
        opener.open(address, data=urlencode({"csrf_token": token[1], **fields}).encode()).close()
