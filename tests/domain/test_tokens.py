"""Secrets: long enough, safe in an address, and not to be read back from what is kept."""

import re

from eventapp.domain.tokens import digest, new_token


def test_a_token_is_long_and_safe_in_an_address():
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())
    assert new_token() != new_token()


def test_the_digest_is_stable_and_another_for_another_token():
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("abc") != digest("abd")
