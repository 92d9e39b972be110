"""What may a phone carry that only a scanned ticket opens? Facts under a key that follows from the ticket's code."""

import json
import secrets
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_INFO = b"door-seal"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class Sealed(NamedTuple):
    """What was sealed, and the nonce that opens it together with the code."""

    nonce: bytes
    box: bytes


def seal(facts: Mapping[str, object], *, code: str, event: str, row_id: str) -> Sealed:
    """Facts as JSON under AES-GCM; the key is HKDF-SHA256 of the code with the event as salt, the row's id bound to it.

    The nonce is random each time, so that the same facts are never sealed the same way twice.
    """
    key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=event.encode(), info=_INFO).derive(code.encode())
    nonce = secrets.token_bytes(_NONCE_BYTES)
    words = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return Sealed(nonce, AESGCM(key).encrypt(nonce, words, bytes.fromhex(row_id)))
