"""NIK and KK at rest: sealed with AES-256-GCM bound to their row, found again by a keyed index.

A NIK has little entropy, so the index is an HMAC whose key is never in the database; both keys come from one master key by HKDF.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lending.database import master_key

_VERSION = b"\x01"
_NONCE_BYTES = 12


@lru_cache(maxsize=8)
def _key(root: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=b"maju-bersama", info=purpose.encode()).derive(root.encode())


def seal(number: str, kind: str, owner: str) -> bytes:
    """Seal a number of this kind (`nik`, `kk`) so that it opens only as that kind for that owner: a swapped ciphertext is noticed."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key(master_key(), "seal")).encrypt(nonce, number.encode(), f"{kind}:{owner}".encode())
    return _VERSION + nonce + sealed


def unseal(sealed: bytes, kind: str, owner: str) -> str:
    """Open what `seal` made; raises `cryptography.exceptions.InvalidTag` when key, kind or owner are not the same."""
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    return AESGCM(_key(master_key(), "seal")).decrypt(nonce, rest, f"{kind}:{owner}".encode()).decode()


def blind_index(number: str, kind: str) -> str:
    """The keyed fingerprint by which an equal number is found, without the number."""
    return hmac.new(_key(master_key(), "index"), f"{kind}:{number}".encode(), hashlib.sha256).hexdigest()


def check_code(loan_id: int, version: int) -> str:
    """The code behind a card's QR: 32 letters of base32 that stand for a loan and cannot be guessed from any other card."""
    digest = hmac.new(_key(master_key(), "check-code"), f"{loan_id}:{version}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()


def phone_key(user_id: int) -> bytes:
    """The key that seals what this person's phone keeps: hers at every sign-in, so that what she has not sent yet opens to her again."""
    return hmac.new(_key(master_key(), "phone"), str(user_id).encode(), hashlib.sha256).digest()
