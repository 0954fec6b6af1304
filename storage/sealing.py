"""Sealing single values at rest: what a database holds and must use, and a copy of it should not give away.

AES-SIV (RFC 5297) seals the same value alike under one key, so a table's unique key still sees that an address is there
already. Several keys may open; the first one seals. Which keys a process has is known by the dialect of its engine,
for that is what a column's type is given (``Sealed`` in ``storage/tables/columns.py``).
"""

import base64
import secrets
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect

PREFIX = "sealed:"
KEY_BYTES = 64
"""Two AES-256 keys, as AES-SIV takes them."""


class SealedError(Exception):
    """A value that none of the keys opens. The text says what to do."""


class Keys:
    """``keys`` as ``new_key`` makes them, the newest first; none: values are kept as they are."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._ciphers = []
        if keys:
            # Loaded where it is used: a district without a key need not wait for it at every command.
            from cryptography.hazmat.primitives.ciphers.aead import AESSIV

            self._ciphers = [AESSIV(read_key(one)) for one in keys]

    def __bool__(self) -> bool:
        return bool(self._ciphers)

    def seal(self, value: str) -> str:
        """The value sealed with the first key; itself where there is none, or nothing in it."""
        if not self._ciphers or not value:
            return value
        return PREFIX + base64.urlsafe_b64encode(self._ciphers[0].encrypt(value.encode(), None)).decode()

    def open(self, kept: str) -> str:
        """The value of what is kept, sealed or not. Raises ``SealedError`` where no key fits."""
        if not kept.startswith(PREFIX):
            return kept
        if self._ciphers:
            from cryptography.exceptions import InvalidTag

            for cipher in self._ciphers:
                try:
                    sealed = base64.urlsafe_b64decode(kept.removeprefix(PREFIX))
                    return cipher.decrypt(sealed, None).decode()
                except (InvalidTag, ValueError):  # ValueError: cut short, or no base64
                    continue
        raise SealedError(
            "An address is sealed with a key that ADDRESS_KEY does not hold. Run `throughline seal`."
        )


def new_key() -> str:
    """A key, to be kept where the database is not."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def read_key(text: str) -> bytes:
    """The bytes of a key. Raises ``ValueError`` for what is none."""
    try:
        key = base64.b64decode(text.strip() + "=" * (-len(text.strip()) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise ValueError("no base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError("of another length")
    return key


_KEYS: WeakKeyDictionary[Dialect, Keys] = WeakKeyDictionary()
_NONE = Keys()


def use_keys(dialect: Dialect, keys: Keys) -> None:
    """From now on, what goes through this dialect's engine is sealed and opened with these keys."""
    _KEYS[dialect] = keys


def keys_of(dialect: Dialect) -> Keys:
    return _KEYS.get(dialect, _NONE)
