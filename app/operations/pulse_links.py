"""The link by which somebody answers a pulse: no account, and no token in the database."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

_PURPOSE = b"kickoff pulse invitation 1|"


def token_of(signing_key: bytes, invitation_id: str) -> str:
    """128 bits, made again whenever somebody is reminded."""
    digest = hmac.digest(signing_key, _PURPOSE + invitation_id.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def path_of(signing_key: bytes, told: Mapping[str, Any]) -> str:
    """Where a notice leads to."""
    return f"/pulse/{token_of(signing_key, told['invitation_id'])}"


def hashed(token: str) -> str:
    """What is stored of it: whoever reads the database cannot answer for anybody."""
    return hashlib.sha256(token.encode()).hexdigest()
