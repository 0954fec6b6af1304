"""The people whom most conversations are between, in the chat that each file sets up."""

import pytest

from tests.chat import Chat, Speaker
from tests.district import email


@pytest.fixture
def imani(chat: Chat) -> Speaker:
    return chat.person(email("imani.brooks"))


@pytest.fixture
def tomas(chat: Chat) -> Speaker:
    return chat.person(email("tomas.rivera"))


@pytest.fixture
def grace(chat: Chat) -> Speaker:
    return chat.person(email("grace.lindqvist"))
