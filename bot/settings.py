"""The deployment's settings, read from the environment. Whatever is wrong is said at once, in plain sentences.

Nothing is read on import; ``read_settings`` is called once, by ``bot/bootstrap.py``. Secrets never show in a
``repr`` or an error. Which way Slack delivers is decided by what is set: ``SLACK_APP_TOKEN`` opens a socket
(nothing to reach from outside), else Slack posts to ``BASE_URL`` and every request's signature is checked.
"""

import ipaddress
import os
import re
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.sealing import read_key

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
APP_TYPES = ("SingleTenant", "MultiTenant")
"""Kinds of an app's registration: who issues its tokens, the district's organisation or Microsoft's own."""
_WHOLE_NUMBERS = {"PORT": (0, 65_535), "IMAP_PORT": (1, 65_535), "MOST_PER_MINUTE": (0, 100_000)}
DEFAULT_DATABASE = "sqlite:///throughline.sqlite"


class SettingsError(Exception):
    """Names that are missing or malformed; ``faults`` holds one sentence each, in the order of the settings."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """Every name the product reads. An empty value counts as not set. ``None`` means the feature is off."""

    model_config = SettingsConfigDict(
        extra="ignore", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    database_url: str = DEFAULT_DATABASE
    host: str = "127.0.0.1"
    port: int = Field(default=3978, ge=0, le=65_535)  # 0: any free one
    base_url: str | None = None  # the public address, without a slash at its end
    district_timezone: str | None = None
    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    microsoft_app_id: str | None = None
    microsoft_app_password: SecretStr | None = None
    microsoft_app_type: str | None = None
    microsoft_app_tenant_id: str | None = None
    teams_openid_metadata_url: str | None = None
    teams_unauthenticated_development: bool = False
    llm_base_url: str | None = None
    llm_api_key: SecretStr | None = None
    llm_model: str | None = None
    translate_url: str | None = None
    imap_host: str | None = None
    imap_port: int = Field(default=993, ge=1, le=65_535)
    imap_user: str | None = None
    imap_password: SecretStr | None = None
    imap_folder: str = "INBOX"
    address_key: SecretStr | None = None  # several with commas, the newest first
    protocols_dir: str | None = None
    most_per_minute: int = Field(default=120, ge=0, le=100_000)  # of one person; 0: no limit
    log_level: str = "INFO"

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
            raise ValueError("begins with sqlite:/// (a file) or postgresql:// (a server)")
        return value

    @field_validator(
        "base_url", "slack_api_url", "teams_openid_metadata_url", "llm_base_url", "translate_url"
    )
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            is_address = False
        if not is_address:
            raise ValueError("is an address that begins with http:// or https://")
        return value

    @field_validator("base_url")
    @classmethod
    def _has_no_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @field_validator("district_timezone")
    @classmethod
    def _is_zone(cls, value: str | None) -> str | None:
        try:
            return ZoneInfo(value).key if value else value
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a continent's name is a folder
            raise ValueError("is a zone's name such as America/Chicago") from None

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _is_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        prefix = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"  # xoxe.xoxb-: a rotated one
        if value is not None and not value.get_secret_value().removeprefix("xoxe.").startswith(prefix):
            raise ValueError(f"is the token that begins with {prefix}")
        return value

    @field_validator("microsoft_app_type")
    @classmethod
    def _is_app_type(cls, value: str | None) -> str | None:
        if value is None:
            return None
        found = next((one for one in APP_TYPES if one.lower() == value.lower()), None)
        if found is None:
            raise ValueError(f"is one of {' and '.join(APP_TYPES)}")
        return found

    @field_validator("imap_host")
    @classmethod
    def _is_host(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[\w.:-]{1,253}", value):
            raise ValueError("is the name of a mail server, without an address in front")
        return value

    @field_validator("address_key")
    @classmethod
    def _are_keys(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            for one in value.get_secret_value().split(",") if value is not None else ():
                read_key(one)
        except ValueError:
            raise ValueError("is what `throughline seal --new-key` prints, or several with commas") from None
        return value

    @field_validator("protocols_dir")
    @classmethod
    def _is_folder(cls, value: str | None) -> str | None:
        if value is not None and not Path(value).is_dir():
            raise ValueError("is a folder that is there")
        return value

    @field_validator("log_level")
    @classmethod
    def _is_level(cls, value: str) -> str:
        if value.upper() not in LOG_LEVELS:
            raise ValueError(f"is one of {', '.join(LOG_LEVELS)}")
        return value.upper()

    @property
    def address_keys(self) -> tuple[str, ...]:
        """The keys that seal addresses, the newest first."""
        return tuple(self.address_key.get_secret_value().split(",")) if self.address_key is not None else ()

    @property
    def has_slack(self) -> bool:
        return self.slack_bot_token is not None

    @property
    def has_teams(self) -> bool:
        return self.microsoft_app_id is not None

    @property
    def is_teams_open(self) -> bool:
        """Whether Teams' requests are answered unchecked: in development, on this machine, without an app."""
        return self.teams_unauthenticated_development and not self.has_teams

    @property
    def is_on_loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def is_llm_in_clear(self) -> bool:
        """Whether what is put to the language model travels over public networks for everybody to read."""
        parts = urlsplit(self.llm_base_url or "")
        return (
            parts.scheme == "http" and not is_loopback(host := parts.hostname or "") and not _is_private(host)
        )

    @property
    def is_public(self) -> bool:
        """Whether ``base_url`` is one that a platform's servers can fetch pictures from."""
        if self.base_url is None:
            return False
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        return parts.scheme == "https" and "." in host and not _is_private(host)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a socket on ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host.endswith((".local", ".internal", ".localhost", ".test", ".example"))


def read_settings() -> Settings:
    """The settings of this process's environment. Raises ``SettingsError`` with every fault there is."""
    faults: list[str] = []
    settings: Settings | None = None
    try:
        settings = Settings()
    except ValidationError as error:
        faults = [_sentence(one) for one in error.errors()]
    given = {name.upper() for name in Settings.model_fields if os.environ.get(name.upper(), "").strip()}
    faults += _missing_partners(given)
    if settings is not None:
        faults += _open_faults(settings)
    if settings is None or faults:
        raise SettingsError(faults)
    return settings


def demo_faults(settings: Settings) -> list[str]:
    """What keeps the playground from starting: it knows no passwords, so only this machine may reach it."""
    faults = []
    for has_it, name in ((settings.has_slack, "SLACK_*"), (settings.has_teams, "MICROSOFT_*")):
        if has_it:
            faults.append(
                f"The playground does not start together with {name}: anybody there may speak as anybody. "
                "Unset them, or run `throughline web`."
            )
    if not settings.is_on_loopback:
        faults.append(f"HOST is {settings.host}, but the playground listens on 127.0.0.1 only. Unset HOST.")
    return faults


def _open_faults(settings: Settings) -> list[str]:
    """What keeps the bot from starting with Teams' requests unchecked: anybody could be anybody."""
    name = "TEAMS_UNAUTHENTICATED_DEVELOPMENT"
    if not settings.teams_unauthenticated_development:
        return []
    faults = []
    if settings.has_teams:
        faults.append(
            f"{name} is set together with MICROSOFT_APP_ID. Unset it: with an app, requests are checked."
        )
    if not settings.is_on_loopback:
        faults.append(
            f"{name} is set and HOST is {settings.host}: anybody could be anybody. Unset one of them."
        )
    return faults


def _sentence(fault: ErrorDetails) -> str:
    name = str(fault["loc"][0]).upper()
    reason = fault.get("ctx", {}).get("error") if fault["type"] == "value_error" else None
    if reason is not None:
        return f"{name} is malformed: it {reason}."
    if name in _WHOLE_NUMBERS:
        least, most = _WHOLE_NUMBERS[name]
        return f"{name} is malformed: it is a whole number from {least} to {most}."
    return f"{name} is malformed: {fault['msg'].lower()}."


def _missing_partners(given: set[str]) -> list[str]:
    """Names that others need beside them."""
    faults = []
    slack = given & {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"}
    if slack and "SLACK_BOT_TOKEN" not in given:
        faults.append(f"SLACK_BOT_TOKEN is missing: {' and '.join(sorted(slack))} is nothing without it.")
    if slack and not slack & {"SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"}:
        faults.append(
            "SLACK_SIGNING_SECRET is missing: Slack's requests cannot be checked without it. "
            "(Or set SLACK_APP_TOKEN for Socket Mode.)"
        )
    teams = ("MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID")
    if given & set(teams):
        faults += [
            f"{name} is missing: Teams needs all of {', '.join(teams)}."
            for name in teams
            if name not in given
        ]
    mail = ("IMAP_HOST", "IMAP_USER", "IMAP_PASSWORD")
    if given & {*mail, "IMAP_PORT", "IMAP_FOLDER"}:
        faults += [
            f"{name} is missing: a mailbox needs all of {', '.join(mail)}."
            for name in mail
            if name not in given
        ]
    if given & {"LLM_API_KEY", "LLM_MODEL"} and "LLM_BASE_URL" not in given:
        faults.append("LLM_BASE_URL is missing: LLM_API_KEY and LLM_MODEL need the address of the model.")
    if "LLM_BASE_URL" in given and "LLM_MODEL" not in given:
        faults.append("LLM_MODEL is missing: LLM_BASE_URL needs the name of the model to ask for.")
    return faults
