"""Settings: every fault at once, in sentences, without a secret."""

import pytest

from bot.settings import Settings, SettingsError, demo_faults, read_settings

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def _read(monkeypatch: pytest.MonkeyPatch, **names: str) -> Settings:
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_nothing_set_is_a_district_on_one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _read(monkeypatch)
    assert settings.database_url.startswith("sqlite:///")
    assert settings.is_on_loopback
    assert not settings.has_slack


@pytest.mark.parametrize("name", ["America", "../../etc/localtime", "/etc/localtime", "Chicago"])
def test_what_is_no_zone_is_a_fault_whatever_file_it_would_be(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(SettingsError, match="DISTRICT_TIMEZONE is malformed"):
        _read(monkeypatch, DISTRICT_TIMEZONE=name)


def test_every_fault_is_named_at_once_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        _read(
            monkeypatch,
            DATABASE_URL="mysql://hidden",
            PORT="many",
            BASE_URL="hidden",
            DISTRICT_TIMEZONE="Mars/hidden",
            SLACK_APP_TOKEN="hidden",
            ADDRESS_KEY="hidden",
            PROTOCOLS_DIR="hidden",
            MOST_PER_MINUTE="hidden",
            LOG_LEVEL="hidden",
            MICROSOFT_APP_ID="hidden",
            LLM_API_KEY="hidden",
            IMAP_HOST="imaps://hidden",
            IMAP_PORT="hidden",
        )
    named = [fault.split()[0] for fault in caught.value.faults]
    assert named == [
        "DATABASE_URL",
        "PORT",
        "BASE_URL",
        "DISTRICT_TIMEZONE",
        "SLACK_APP_TOKEN",
        "IMAP_HOST",
        "IMAP_PORT",
        "ADDRESS_KEY",
        "PROTOCOLS_DIR",
        "MOST_PER_MINUTE",
        "LOG_LEVEL",
        "SLACK_BOT_TOKEN",
        "MICROSOFT_APP_PASSWORD",
        "MICROSOFT_APP_TENANT_ID",
        "IMAP_USER",
        "IMAP_PASSWORD",
        "LLM_BASE_URL",
    ]
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        pytest.param(
            {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET", id="a token and nothing to check with"
        ),
        pytest.param({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN", id="a secret and no token"),
        pytest.param(
            {"IMAP_USER": "memos", "IMAP_PASSWORD": "x"}, "IMAP_HOST", id="a mailbox without its server"
        ),
        pytest.param({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN", id="a socket and no token"),
        pytest.param(
            {"LLM_BASE_URL": "http://127.0.0.1:1/v1"}, "LLM_MODEL", id="a model's address and no name"
        ),
    ],
)
def test_a_name_without_its_partner_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str], missing: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{missing} is missing"):
        _read(monkeypatch, **names)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(SLACK, id="over HTTP"),
        pytest.param({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, id="by socket, no secret"),
        pytest.param(SLACK | {"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}, id="with a rotated token"),
        pytest.param({"SLACK_BOT_TOKEN": "", "MICROSOFT_APP_ID": ""}, id="empty is not set"),
    ],
)
def test_these_are_whole(monkeypatch: pytest.MonkeyPatch, names: dict[str, str]) -> None:
    _read(monkeypatch, **names)


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "xoxb-1" not in repr(_read(monkeypatch, **SLACK))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        pytest.param(SLACK, "SLACK", id="with Slack"),
        pytest.param(
            {"MICROSOFT_APP_ID": "a", "MICROSOFT_APP_PASSWORD": "b", "MICROSOFT_APP_TENANT_ID": "c"},
            "MICROSOFT",
            id="with Teams",
        ),
        pytest.param({"HOST": "0.0.0.0"}, "127.0.0.1", id="where others can reach it"),
    ],
)
def test_the_playground_does_not_start(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str], words: str
) -> None:
    (fault,) = demo_faults(_read(monkeypatch, **names))
    assert words in fault


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_the_playground_starts_on_loopback(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    assert demo_faults(_read(monkeypatch, HOST=host)) == []


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("https://bot.district.org", True),
        ("https://bot.district.org/", True),
        ("http://bot.district.org", False),
        ("https://127.0.0.1:3978", False),
        ("https://10.0.0.4", False),
        ("https://localhost", False),
        ("https://bot.local", False),
    ],
)
def test_pictures_can_be_fetched_from_public_https_only(
    monkeypatch: pytest.MonkeyPatch, address: str, is_public: bool
) -> None:
    assert _read(monkeypatch, BASE_URL=address).is_public is is_public


@pytest.mark.parametrize(
    ("address", "is_in_clear"),
    [
        ("https://llm.district.edu/v1", False),
        ("http://localhost:11434/v1", False),
        ("http://127.0.0.1:8080/v1", False),
        ("http://10.2.0.7:8000/v1", False),
        ("http://llm.internal/v1", False),
        ("http://llm.district.edu/v1", True),
        ("http://8.8.8.8/v1", True),
    ],
)
def test_a_model_over_public_networks_needs_https(
    monkeypatch: pytest.MonkeyPatch, address: str, is_in_clear: bool
) -> None:
    settings = _read(monkeypatch, LLM_BASE_URL=address, LLM_MODEL="small")
    assert settings.is_llm_in_clear is is_in_clear
    assert not _read(monkeypatch, LLM_BASE_URL="", LLM_MODEL="").is_llm_in_clear


TEAMS = {"MICROSOFT_APP_ID": "app", "MICROSOFT_APP_PASSWORD": "s", "MICROSOFT_APP_TENANT_ID": "tenant"}
OPEN = {"TEAMS_UNAUTHENTICATED_DEVELOPMENT": "true"}


def test_teams_needs_its_three_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, **TEAMS).has_teams


@pytest.mark.parametrize(
    ("given", "kept"), [("singletenant", "SingleTenant"), ("MultiTenant", "MultiTenant")]
)
def test_the_apps_type_is_read_in_any_letter_case(
    monkeypatch: pytest.MonkeyPatch, given: str, kept: str
) -> None:
    assert _read(monkeypatch, **TEAMS, MICROSOFT_APP_TYPE=given).microsoft_app_type == kept


def test_an_app_of_another_type_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        _read(monkeypatch, **TEAMS, MICROSOFT_APP_TYPE="UserAssignedMSI")
    assert caught.value.faults == [
        "MICROSOFT_APP_TYPE is malformed: it is one of SingleTenant and MultiTenant."
    ]


def test_teams_is_open_in_development_on_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _read(monkeypatch).is_teams_open
    assert _read(monkeypatch, **OPEN).is_teams_open


@pytest.mark.parametrize("more", [{"HOST": "0.0.0.0"}, {"HOST": "10.0.0.4"}, TEAMS])
def test_teams_does_not_start_open_to_others_or_beside_an_app(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        _read(monkeypatch, **OPEN, **more)
    (fault,) = caught.value.faults
    assert "TEAMS_UNAUTHENTICATED_DEVELOPMENT" in fault
