"""The domain of an address, what free mail proves (nothing), and which slips of the finger are recognised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.domain.addresses import FREE_MAIL, _one_slip, is_free_mail, likely_typo, mail_domain

KNOWN = ["zonnevlinder.example", "kc-het-kompas.example", "de-breg.example"]
domains = st.text("abcdeg-.", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("jan@zonnevlinder.example", "zonnevlinder.example"),
        ("JAN@ZonneVlinder.EXAMPLE", "zonnevlinder.example"),
        ("jan+themadag@zonnevlinder.example", "zonnevlinder.example"),
        ("jan@zonnevlinder.example.", "zonnevlinder.example"),
        ("jan@zonnevlinder.example ", "zonnevlinder.example"),
        ("jan@mail.zonnevlinder.example", "mail.zonnevlinder.example"),
        ('"a@zonnevlinder.example"@elders.example', "elders.example"),
        ("jan@brêge.example", "xn--brge-hpa.example"),
        ("jan@BRÊGE.example", "xn--brge-hpa.example"),
        ("jan@zonnevlınder.example", "xn--zonnevlnder-5zb.example"),
        ("jan@" + "a" * 64 + ".example", ""),
        ("jan@zonne..example", ""),
        ("jan@", ""),
        ("", ""),
    ],
)
def test_the_domain_is_ascii_lower_case_and_without_trailing_dot(address, domain):
    assert mail_domain(address) == domain


@pytest.mark.parametrize("domain", ["gmail.com", "hotmail.nl", "ziggo.nl", "telenet.be", "freemail.example"])
def test_free_mail_is_known(domain):
    assert is_free_mail(domain)


@pytest.mark.parametrize("domain", ["gmail.example", "mail.gmail.com", "gmail.com.example", "zonnevlinder.example", ""])
def test_what_only_looks_like_free_mail_is_not(domain):
    assert not is_free_mail(domain)


def test_free_mail_is_written_the_way_domains_are_compared():
    assert [domain for domain in FREE_MAIL if mail_domain(f"x@{domain}") != domain] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jan@gmial.com", "jan@gmail.com"),
        ("jan@gmail.co", "jan@gmail.com"),
        ("jan@gmaill.com", "jan@gmail.com"),
        ("jan@hotnail.nl", "jan@hotmail.nl"),
        ("jan@zonevlinder.example", "jan@zonnevlinder.example"),
        ("Jan.Jansen+vnk@zonnevlidner.example", "Jan.Jansen+vnk@zonnevlinder.example"),
        ("jan@zonnevlinder.exmple", "jan@zonnevlinder.example"),
        ("jan@kc-hetkompas.example", "jan@kc-het-kompas.example"),
        ("jan@gmial.com.", "jan@gmail.com"),
    ],
)
def test_one_slip_is_recognised(typed, meant):
    assert likely_typo(typed, KNOWN) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "jan@zonnevlinder.example",
        "jan@ZONNEVLINDER.example",
        "jan@gmail.com",
        "jan@hotmail.be",
        "jan@mail.zonnevlinder.example",
        "jan@zonnevlinders.nl",
        "jan@iets-heel-anders.example",
        "jan@a.nl",
        "jan@",
        "",
    ],
)
def test_what_is_right_or_far_off_is_left_alone(typed):
    assert likely_typo(typed, KNOWN) is None


@given(domains, domains)
def test_a_slip_is_a_slip_in_both_directions(a, b):
    assert _one_slip(a, b) == _one_slip(b, a)


@given(st.sampled_from(KNOWN), st.data())
def test_any_letter_left_out_of_a_known_domain_is_recognised(domain, data):
    gone = data.draw(st.integers(0, len(domain) - 1))

    typed = domain[:gone] + domain[gone + 1 :]

    assert _one_slip(typed, domain)
