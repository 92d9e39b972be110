"""What may a proxy or a browser keep? Every address, asked by who may see what is there."""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from eventapp.domain.actors import Role
from eventapp.domain.jobs import JobKind, JobState
from eventapp.extensions import db
from eventapp.models import Circle, Job, JobFile
from eventapp.web.access import Audience
from tests.factories import NOW, make_event, make_registration
from tests.traces import Traces, leave_traces
from tests.web.office import made, rows, signed_in
from tests.web.test_mine import browser
from tests.web.test_others import NUMBERS, opens

NOBODY_KEEPS = "private, no-store"
# Calendars ask whether they changed, and a browser keeps the door's program, in which there is nobody.
ASKED_AGAIN = {".ics": "private, no-cache", "/deur/sw.js": "no-cache"}


def looked_at(app: Flask) -> Iterator[tuple[Rule, Audience]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        audience = app.view_functions[rule.endpoint].audience
        if "GET" in rule.methods and audience not in (Audience.DEMO, Audience.OPERATOR):
            yield rule, audience


def paths(rule: Rule, left: Traces) -> Iterator[str]:
    """This address with what is theirs in it: each secret that opens it, their numbers, and else anything."""
    slug = left.slugs["circle" if "/kringen/" in rule.rule else "meeting"]
    given: dict[str, object] = dict.fromkeys(rule.arguments, 1) | {"slug": slug, "code": "x", "kind": "confirmed"}
    given |= {name: left.ids[kinds[0]] for name, kinds in NUMBERS.items() if kinds[0] in left.ids}
    for name in rule.arguments:
        if chosen := re.search(rf"<any\(\"?([^,\")]+)[^>]*\):{name}>", rule.rule):
            given[name] = chosen[1]
    keys = rule.arguments & {"token", "code", "pay_token", "answer_token"}
    secrets = [left.secrets[kind] for kind in sorted(opens(rule.rule))] if keys and "/beheer" not in rule.rule else []
    for secret in secrets or ["x"]:
        built = rule.build(given | dict.fromkeys(keys, secret), append_unknown=False)
        if built:
            yield built[1]


def expected(path: str, audience: Audience, status: int) -> str:
    if status != 200:
        return NOBODY_KEEPS
    if audience == Audience.PUBLIC:
        return "public"
    return next((said for end, said in ASKED_AGAIN.items() if path.endswith(end)), NOBODY_KEEPS)


def test_only_what_is_the_same_for_everybody_may_be_kept(make_app) -> None:
    app: Flask = make_app(PROPAGATE_BUGS=False)
    left = made(app, lambda: leave_traces("xylofoon"))
    left.slugs["circle"] = rows(app, sa.select(Circle.slug))[0][0]
    office, person = signed_in(app, Role.BEHEERDER), browser(app, left.address)
    wrong, shown = {}, 0

    for rule, audience in looked_at(app):
        client: FlaskClient = office if audience == Audience.STAFF else person
        for path in paths(rule, left):
            answer = client.get(path)
            said, wanted = answer.headers["Cache-Control"], expected(path, audience, answer.status_code)
            ours = "Set-Cookie" in answer.headers or "Cookie" in answer.headers.get("Vary", "")
            if not said.startswith(wanted) or (wanted == "public" and ours):
                wrong[path] = (said, ours)
            shown += answer.status_code == 200

    assert wrong == {}
    # The walk is no walk past empty houses.
    assert shown > 100


def test_papers_with_names_and_files_of_jobs_are_kept_by_nobody(make_app) -> None:
    app: Flask = make_app()

    def known() -> tuple[str, int]:
        event = make_registration(make_event()).event
        job = Job(kind=JobKind.LIST, parameters={}, actor_kind="staff", actor_name="", created_at=NOW)
        job.state, job.finished_at = JobState.DONE, NOW
        db.session.add(job)
        db.session.flush()
        text = {"role": "result", "name": "namen.csv", "content_type": "text/csv", "content": b"Anna"}
        db.session.add(JobFile(job_id=job.id, **text))
        db.session.commit()
        return event.slug, job.id

    slug, job_id = made(app, known)
    office = signed_in(app, Role.BEHEERDER)

    papers = [f"/beheer/evenementen/{slug}/{paper}.pdf" for paper in ("borden", "tickets")]
    answers = [office.get(path) for path in (*papers, f"/beheer/taken/{job_id}/bestanden/result")]

    assert [(answer.status_code, answer.headers["Cache-Control"]) for answer in answers] == [(200, NOBODY_KEEPS)] * 3


def test_the_api_does_not_believe_the_cookie_of_who_signed_in(make_app) -> None:
    app: Flask = make_app()
    left = made(app, lambda: leave_traces("xylofoon"))
    client, statuses = signed_in(app, Role.BEHEERDER), []

    for rule in app.url_map.iter_rules():
        if app.view_functions[rule.endpoint].audience == Audience.TOKEN:
            (path,), (method,) = paths(rule, left), (rule.methods or set()) & {"GET", "POST"}
            statuses.append(client.open(path, method=method).status_code)

    assert set(statuses) == {401}
    assert len(statuses) > 10
