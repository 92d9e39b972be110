"""Calls from other programs: the payment provider, which brings an id and nothing to believe, and mail programs."""

import logging
import re

from flask import Blueprint, render_template, request

from eventapp.domain.errors import NotFound
from eventapp.payments.gateway import GatewayError, PaymentNotFound
from eventapp.services import mail_wishes, settling
from eventapp.web import money
from eventapp.web.access import Audience, audience, guard
from eventapp.web.clock import now

blueprint = Blueprint("webhooks", __name__)
guard(blueprint)
log = logging.getLogger(__name__)
_LARGEST = 4096
_ID = re.compile(r"tr_[A-Za-z0-9]{1,64}")


@blueprint.post("/webhooks/mollie/<token>")
@audience(Audience.PROVIDER)
def mollie(token: str) -> tuple[str, int]:
    """Fetch and apply. 200 whenever there is nothing to repeat, 503 when the provider did not answer us.

    An unknown token or a strange id gets the same empty 200 and no call to the provider: strangers learn nothing and
    cannot use us up.
    """
    if (request.content_length or 0) > _LARGEST:
        return "", 413
    attempt_id = settling.attempt_of_webhook(token)
    payment_id = request.form.get("id", "")
    provider = money.gateway()
    if attempt_id is None or provider is None or not _ID.fullmatch(payment_id):
        log.info("webhook ignored: %s", "unknown token" if attempt_id is None else "no usable id")
        return "", 200
    try:
        settling.settle(attempt_id, provider, now=now(), provider_id=payment_id)
    except (PaymentNotFound, NotFound):
        log.warning("webhook of attempt %s: the provider does not know that payment", attempt_id)
    except GatewayError as error:
        log.warning("webhook of attempt %s: %s", attempt_id, error)
        return "", 503
    return "", 200


@blueprint.post("/voorkeuren/<token>")
@audience(Audience.LINK)
def leave_announcements(token: str) -> str:
    """The button "Afmelden" of a mail program (RFC 8058), pressed for whoever reads the mail: without cookie or form.

    Who leaves by our own page has a form there. Refuses with UnknownLink.
    """
    mail_wishes.leave(token, now=now())
    return render_template("member/wishes_left.html")
