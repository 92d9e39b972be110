"""What of people is kept where, for what, and for how long? One table; pages are drawn from it and a test completes it.

Every column that can hold text, JSON or a file stands here once: with what it is kept for, or among those that say
nothing of a person.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Ground(StrEnum):
    """On which ground of article 6 (and 9) of the AVG."""

    AGREEMENT = "agreement"
    CONSENT = "consent"
    LAW = "law"
    INTEREST = "interest"


class Processing(NamedTuple):
    """One thing for which we keep something of people. `terms` are names of `retention.TERMS`, or of `OWN_TERMS`.

    `columns` has a line per table. `shown` is whether the page for visitors names it; the register names all.
    """

    code: str
    ground: Ground
    terms: tuple[str, ...]
    columns: str
    shown: bool = True

    @property
    def where(self) -> frozenset[str]:
        return frozenset(named(self.columns))


# Terms that are no fixed length: each has words of its own.
OWN_TERMS = frozenset(
    {"care_days", "question", "invoice_years", "while_known", "published", "for_good", "while_member", "only_added"}
)


def named(columns: str) -> Iterable[str]:
    """ "table: a b" line by line as "table.a", "table.b"."""
    for line in filter(None, map(str.strip, columns.splitlines())):
        table, _, names = line.partition(":")
        yield from (f"{table}.{name}" for name in names.split())


PROCESSINGS = (
    Processing(
        "registering",
        Ground.AGREEMENT,
        ("registrations", "withdrawn"),
        """
        people: given_name infix family_name sort_key
        person_addresses: address name_key
        registrations: address mail_domain organisation_name function reason claimed_organisation
        orders: address
        registration_labels: label
        """,
    ),
    Processing(
        "asking_others",
        Ground.AGREEMENT,
        ("invitations",),
        """
        invitations: address given_name infix family_name message
        hand_overs: address given_name infix family_name
        """,
    ),
    Processing(
        "standing",
        Ground.INTEREST,
        ("while_known",),
        """
        person_statuses: region
        organisation_contacts: address added_by
        organisation_people: named_by
        link_dismissals: domain dismissed_by
        seen_lapses: ground seen_by
        """,
    ),
    Processing("presence", Ground.INTEREST, ("registrations",), "presence_corrections: reason by_name"),
    Processing("answers", Ground.AGREEMENT, ("question",), "answers: value"),
    Processing(
        "care", Ground.CONSENT, ("care_days",), "care_answers: diets diet_other access access_other consent_text"
    ),
    Processing("sharing", Ground.CONSENT, ("registrations",), "partner_consents: text_version"),
    Processing(
        "proposing",
        Ground.AGREEMENT,
        ("proposals",),
        """
        event_proposals: address title place for_whom text
        proposal_remarks: text written_by
        """,
    ),
    Processing("photos", Ground.CONSENT, ("registrations",), "photo_choices: text_version"),
    Processing("evaluation", Ground.INTEREST, ("remarks", "links"), "evaluation_texts: text"),
    Processing(
        "circles",
        Ground.AGREEMENT,
        ("registrations", "invitations"),
        """
        circle_members: organisation_name address
        circle_requests: given_name infix family_name address message visitor_key decided_by
        circle_answers: reason
        """,
    ),
    Processing(
        "mail",
        Ground.AGREEMENT,
        ("mails",),
        """
        outbox: to_address to_name subject text html attachments last_error to_domain
        mailing_recipients: address organisation_name
        mailbox_messages: to_address subject message
        dead_addresses: address reason noted_by
        """,
    ),
    Processing("announcing", Ground.INTEREST, ("mailings",), "mailings: choice subject text written_by"),
    Processing(
        "signing_in",
        Ground.AGREEMENT,
        ("sessions", "links", "identities", "visitors"),
        """
        user_sessions: address
        one_time_links: address visitor_key
        external_identities: issuer subject tenant_id address
        calendar_feeds: address
        orders: visitor_key
        """,
    ),
    Processing(
        "invoicing",
        Ground.LAW,
        ("invoice_years",),
        """
        invoices: buyer buyer_name snapshot reason
        invoice_lines: detail
        invoice_files: pdf ubl
        invoice_matches: bank_line reason created_by undone_by undone_reason
        orders: invoice_buyer
        refund_proposals: reason decided_by
        closed_months: closed_by reopened_by reopened_reason
        """,
    ),
    Processing("books", Ground.LAW, ("only_added",), "settlement_lines: description booked_by", shown=False),
    Processing("paying_back", Ground.LAW, ("bank_details",), "bank_refunds: iban holder reason settled_by"),
    Processing(
        "invoice_details",
        Ground.AGREEMENT,
        ("while_member",),
        """
        organisation_invoicing: legal_name attention department street house_number addition postcode city address
        """,
        shown=False,
    ),
    Processing(
        "certificates",
        Ground.AGREEMENT,
        ("certificates",),
        "certificates: given_name infix family_name revoked_by revoke_reason",
    ),
    Processing("notes", Ground.INTEREST, ("notes",), "person_notes: text written_by"),
    Processing("log", Ground.INTEREST, ("audit",), "audit_log: actor_name facts"),
    Processing("looking", Ground.LAW, ("looks",), "list_looks: hour_key"),
    Processing(
        "long_work",
        Ground.INTEREST,
        ("job_files", "jobs", "answers"),
        """
        job_files: name content
        job_lines: facts
        jobs: parameters result refusal last_error actor_name
        idempotent_answers: body
        """,
        shown=False,
    ),
    Processing(
        "office",
        Ground.INTEREST,
        ("staff", "saved_views"),
        """
        staff: address name
        saved_views: name query
        api_tokens: name created_by
        mail_texts: written_by
        year_closings: closed_by reopened_by reopened_reason
        events: presence_fixed_by
        pending_details: changed_by
        """,
        shown=False,
    ),
    Processing(
        "published",
        Ground.AGREEMENT,
        ("published",),
        """
        events: contact description summary
        pending_details: base details
        breakouts: speakers description
        circles: contact description summary
        """,
        shown=False,
    ),
    Processing("refusing", Ground.LAW, ("for_good",), "erasures: mark\nmail_preferences: address_digest off"),
)

# Codes, secrets that are random, and what the house says of itself and of organisations.
IMPERSONAL = frozenset(
    named(
        """
        api_tokens: token_digest scopes app_release rehearsal_failed
        audit_log: actor_kind act subject
        badge_print_lines: digest
        badge_prints: sheet
        breakouts: slug title topic room for_whom materials_url
        calendar_feeds: token
        capacities: kind ref
        certificate_terms: goals register_name register_number points
        certificates: code scope facts
        circle_members: token
        circles: slug name season
        due_credits: reason missing
        evaluation_counts: item value
        evaluation_invites: token_digest
        evaluation_texts: key item
        evaluations: questions
        event_prices: kinds
        event_reminders: days
        event_slugs: slug
        event_visibility: contribution
        events: slug title external_id external_url venue street postcode city route online_url
        events: calendar_uid cancel_reason
        hand_overs: token
        heartbeats: name
        idempotent_answers: key request_digest
        invitations: token answer_token
        invoice_files: ubl_lacks
        invoice_lines: description reason ledger_account cost_centre
        invoice_series: prefix
        invoices: token number
        job_files: role content_type
        job_lines: outcome
        jobs: actor_kind claim
        mail_preferences: token
        mail_texts: kind subject opening closing
        money_movements: ref
        one_time_links: token_digest purpose
        orders: token pay_token submission_key
        organisation_domains: domain
        organisation_invoicing: country kvk btw_id oin reference
        organisation_tenants: tenant_id
        organisations: name city region
        outbox: purpose kind message_id
        payment_attempts: token idempotency_key provider_id mode method checkout_url
        periodic_tasks: name last_error
        pools: name categories function_groups
        presence_corrections: session
        presences: session
        questions: label help options categories depends_values
        refunds: reason idempotency_key provider_id
        registrations: terms source calendar_uid
        revenue_rules: reason ledger_account cost_centre
        rounds: title
        scans: scan_id session code_digest undoes shown list_version
        school_holidays: name region source
        settings: name value
        settlement_lines: settlement key provider_id payment_id
        sign_in_codes: request_digest code_digest
        sweep_reports: counts
        tickets: code code_digest token
        user_sessions: token_digest
        waiting_entries: token
        year_totals: row column
        """
    )
)
