"""Sign-in by mail: ask, follow the link and press its one button, or type the code here; and sign out again."""

from urllib.parse import urlsplit

from flask import Response, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp import wording
from eventapp.domain.errors import (
    CodeBlocked,
    DomainError,
    ExpiredLink,
    NotAllowed,
    TooManyRequests,
    UnknownLink,
    UsedLink,
    WrongCode,
)
from eventapp.domain.sign_in_codes import typed_code
from eventapp.queries import office
from eventapp.services import signing_in
from eventapp.services.signing_in import SignedIn
from eventapp.web.access import SESSION_KEY, Audience, audience, current_address, current_staff
from eventapp.web.clock import now
from eventapp.web.errors import STATUSES
from eventapp.web.forms import AddressField, DutchForm, StrippedString, checks_own_csrf
from eventapp.web.member import blueprint
from eventapp.web.member.away import account_to_tie
from eventapp.web.openid import configured
from eventapp.web.visitor import visitor_key

Answer = str | tuple[str, int] | AnyResponse
_ASKED = "sign_in_address"
_REQUEST = "sign_in_request"
# What is for everybody who signed in: whoever has a session and asks for more needs another address.
_OWN_PAGES = ("/mijn", "/mijn/gegevens")


class SignInForm(DutchForm):
    address = AddressField(
        "E-mailadres",
        validators=[DataRequired(wording.OWN_ADDRESS_MISSING), Length(max=320, message="Dit is te lang.")],
    )


class CodeForm(DutchForm):
    code = StrippedString("Code uit de mail", validators=[DataRequired("Vul de code uit de mail in.")])

    def validate_code(self, field: StrippedString) -> None:
        """What cannot be a code is no try."""
        if not typed_code(field.data):
            raise ValidationError("De code heeft acht cijfers.")


@blueprint.route("/inloggen", methods=["GET", "POST"])
@audience(Audience.VISITOR)
@checks_own_csrf
def sign_in() -> Answer:
    """Ask for a link. The answer is the same whether or not we know the address."""
    next_path = local_path(request.args.get("volgende", ""))
    if request.method == "GET" and (elsewhere := _already_in(next_path)):
        return redirect(elsewhere)
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            secret = signing_in.request_link(
                form.address.data, visitor_key=visitor_key(), next_path=next_path, now=now()
            )
        except TooManyRequests as refusal:
            form.refuse(refusal)
            status = 429
        else:
            return asked(form.address.data, secret, next_path)
    elif form.is_submitted():
        status = 422
    return _ask_page(form, next_path), status


def _already_in(next_path: str) -> str:
    """Where somebody who is signed in goes instead of asking again, if they may go there; '' for everybody else."""
    if current_staff():
        return next_path or url_for("organiser.today")
    if current_address() and urlsplit(next_path).path in ("", *_OWN_PAGES):
        return next_path or _OWN_PAGES[0]
    return ""


def _ask_page(form: SignInForm, next_path: str) -> str:
    today = now().date()
    demo_staff = [m for m in office.staff() if m.active(today)] if current_app.config["DEMO"] else []
    return render_template(
        "member/sign_in.html",
        form=form,
        next_path=next_path,
        demo_staff=demo_staff,
        signed_in_as=current_address(),
        microsoft=configured(),
    )


def asked(address: str, secret: str, next_path: str) -> AnyResponse:
    """A mail is on its way: this browser keeps the secret that makes the mail's code work here."""
    session[_ASKED], session[_REQUEST] = address, secret
    return redirect(url_for("member.sign_in_sent", volgende=next_path or None), 303)


@blueprint.get("/inloggen/verstuurd")
@audience(Audience.VISITOR)
def sign_in_sent() -> Answer:
    """What happens next, with the address large so that a slip is seen, and room for the code."""
    if not session.get(_ASKED):
        return redirect(url_for("member.sign_in"))
    return _sent_page(CodeForm())


@blueprint.post("/inloggen/code")
@audience(Audience.VISITOR)
@checks_own_csrf
def sign_in_code() -> Answer:
    """Sign in here with the code of the mail, which may have been opened anywhere."""
    if not session.get(_REQUEST):
        return redirect(url_for("member.sign_in"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _sent_page(form), 422
    try:
        signed_in = _by_code(form.code.data)
    except (WrongCode, CodeBlocked) as refusal:
        form.refuse(refusal)
        return _sent_page(form), STATUSES[refusal.code]
    except (UnknownLink, UsedLink, ExpiredLink, NotAllowed) as refusal:
        return _refused(refusal)
    return enter(signed_in, local_path(request.args.get("volgende", "")))


def _by_code(typed: str) -> SignedIn:
    return signing_in.sign_in_with_code(session[_REQUEST], typed_code(typed), account=account_to_tie(), now=now())


def _sent_page(form: CodeForm) -> str:
    next_path = local_path(request.args.get("volgende", ""))
    return render_template("member/sign_in_sent.html", address=session[_ASKED], form=form, next_path=next_path)


@blueprint.get("/inloggen/<token>")
@audience(Audience.LINK)
def sign_in_link(token: str) -> Answer:
    """One large button. Following the link alone signs nobody in: mail filters follow links too."""
    try:
        lives = signing_in.check_link(token, now=now())
    except (UnknownLink, UsedLink, ExpiredLink) as refusal:
        return _refused(refusal)
    next_path = local_path(request.args.get("volgende", ""))
    return render_template("member/sign_in_link.html", token=token, next_path=next_path, days=lives.days)


@blueprint.post("/inloggen/<token>")
@audience(Audience.LINK)
def sign_in_with_link(token: str) -> Answer:
    """Use the link up and start a fresh session: what the browser had before signing in does not survive it."""
    try:
        signed_in = signing_in.sign_in(token, account=account_to_tie(), now=now())
    except (UnknownLink, UsedLink, ExpiredLink, NotAllowed) as refusal:
        return _refused(refusal)
    return enter(signed_in, local_path(request.args.get("volgende", "")))


def enter(signed_in: SignedIn, next_path: str) -> AnyResponse:
    """Give this browser its new session; what it had before, an earlier session included, ends here."""
    if earlier := session.get(SESSION_KEY):
        signing_in.sign_out(earlier, now=now())
    session.clear()
    session[SESSION_KEY] = signed_in.session_token
    if not signed_in.staff:
        session.permanent = True
    home = "organiser.today" if signed_in.staff else "member.mine"
    return redirect(next_path or url_for(home), 303)


def _refused(refusal: DomainError) -> tuple[str, int]:
    sentence = wording.refusal(refusal) if not isinstance(refusal, NotAllowed) else "Dit account is beëindigd."
    return render_template("member/sign_in_refused.html", sentence=sentence), STATUSES[refusal.code]


@blueprint.post("/uitloggen")
@audience(Audience.VISITOR)
def sign_out() -> Response | AnyResponse:
    """End the session here and in the database."""
    if token := session.get(SESSION_KEY):
        signing_in.sign_out(token, now=now())
    session.clear()
    return redirect(url_for("member.sign_in"), 303)


def local_path(path: str) -> str:
    """The path when it leads to a page of this site, else ''. Browsers read a backslash as a slash."""
    parts = urlsplit(path) if path.isprintable() and "\\" not in path else None
    if parts is None or parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//"):
        return ""
    return path
