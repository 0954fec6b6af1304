"""A digest in one's own language: what is fixed stays as it was written, and the original is one tap away."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.services.language_model import LanguageModel
from bot.services.translation import ModelTranslator, Translator
from handlers.digest.digest_sending import send_digests
from handlers.digest.languages import note_translator, translate_waiting
from protocols.buffer.fixed_words import LANGUAGES
from storage.database import Store
from tests.chat import Chat, Speaker
from tests.district import email
from tests.model_server import ModelServer, Reply, model_server, says

MEMO = (
    "memo Schools must return Form K-3 by December 14, 2026. Your clerk may do it.\n\n"
    "Schools must send the roster by December 18, 2026."
)
MONDAY = "2026-12-07 06:30"


WORDS = {
    "Return": "Devuelva",
    "Send the roster": "Envíe la lista",
    "By [[0]], [[1]] min, required.": "Para el [[0]], [[1]] min, obligatorio.",
    "Questions:": "Preguntas:",
    "Your clerk may do it": "Puede hacerlo su secretario",
}


def answers(words: str) -> Reply:
    return Reply(json.dumps({"translatedText": words}).encode())


def spanish(body: dict[str, Any]) -> Reply:
    """A service that knows two sentences; it asks for what LibreTranslate asks for."""
    assert body.keys() == {"q", "source", "target", "format"}
    assert (body["source"], body["target"], body["format"]) == ("en", "es", "text")
    said = body["q"]
    for english, own in WORDS.items():
        said = said.replace(english, own)
    return answers(said)


@pytest.fixture
def chat(store: Store) -> Chat:
    with store.begin() as tx:
        note_translator(tx, has_one=True)
    chat = Chat(store, at="2026-12-01 14:00")
    chat.person(email("grace.lindqvist")).says("my language Spanish")
    chat.person(email("dev.patel")).says(MEMO)
    chat.person(email("imani.brooks")).says("pass on all suggested")
    return chat


@pytest.fixture
def serve() -> Iterator[Callable[[Any], ModelServer]]:
    with model_server(says({})) as server:

        def begin(play: Any) -> ModelServer:
            server.play = play if callable(play) else lambda _body: play
            return server

        yield begin


def read_on_monday(chat: Chat, name: str = "grace.lindqvist") -> Speaker:
    chat.move_to(MONDAY)
    send_digests(chat.store, chat.now)
    return chat.person(email(name))


def test_a_digest_comes_in_the_readers_language_with_what_is_fixed_untouched(
    chat: Chat, serve: Callable[[Any], ModelServer]
) -> None:
    server = serve(spanish)
    translator = Translator(server.base_url)
    count = translate_waiting(chat.store, chat.now, translate=translator)
    assert count == len(server.asked) < 10
    assert translate_waiting(chat.store, chat.now, translate=translator) == 0
    assert {path.rsplit("/", 1)[1] for path in server.paths} == {"translate"}
    assert not any(
        character.isdigit() for body in server.asked for character in re.sub(r"\[\[\d\]\]", "", body["q"])
    )
    grace = read_on_monday(chat)
    grace.sees("Devuelva Form K-3", "Envíe la lista", "[Original]")
    grace.sees("Para el Mon 14 Dec, 20 min, obligatorio.", "Para el Fri 18 Dec, 30 min, obligatorio.")
    grace.sees("Preguntas: Human Resources.", "Puede hacerlo su secretario.")
    grace.does_not_see("required", "Questions:")
    grace.presses("Original")
    grace.sees("Schools must return Form K-3 by December 14, 2026.")
    farid = chat.person(email("farid.haddad"))
    farid.sees("Return Form K-3")
    translator.close()


@pytest.mark.parametrize(
    "said",
    [
        "Para el [[0]], obligatorio.",
        "Para el [[0]], [[1]] min, 5 veces.",
        "[[0]] [[0]], [[1]] min, obligatorio.",
    ],
)
def test_facts_whose_translation_lost_or_made_a_number_stay_as_they_are(chat: Chat, said: str) -> None:
    def translate(text: str, _code: str) -> str:
        return said if text.startswith("By [[0]], ") else text

    translate_waiting(chat.store, chat.now, translate=translate)
    read_on_monday(chat).sees("By Mon 14 Dec, 20 min, required.", "By Fri 18 Dec, 30 min, required.")


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(
            Reply(json.dumps({"translatedText": "Devuelva el 15 de diciembre"}).encode()),
            id="a day of its own",
        ),
        pytest.param(Reply(json.dumps({"translatedText": ""}).encode()), id="nothing"),
        pytest.param(Reply(json.dumps({"error": "no"}).encode()), id="another shape"),
        pytest.param(Reply(b"<html>"), id="no JSON"),
        pytest.param(Reply(status=429), id="refused"),
        pytest.param(Reply(drops=True), id="no answer"),
        pytest.param(answers("x" * 90_000), id="far too long"),
    ],
)
def test_whatever_cannot_be_trusted_is_shown_as_it_was_written(
    chat: Chat, serve: Callable[[Any], ModelServer], reply: Reply
) -> None:
    translator = Translator(serve(reply).base_url)
    translate_waiting(chat.store, chat.now, translate=translator)
    grace = read_on_monday(chat)
    grace.sees("Return Form K-3", "by Mon 14 Dec")
    grace.does_not_see("diciembre", "xxx")
    translator.close()


def test_a_service_that_hangs_is_left_after_its_time(chat: Chat, serve: Callable[[Any], ModelServer]) -> None:
    translator = Translator(serve(Reply(hangs=True)).base_url, patience=0.2)
    assert translate_waiting(chat.store, chat.now, translate=translator) == 0
    translator.close()


def test_without_a_service_the_language_model_translates(
    chat: Chat, serve: Callable[[Any], ModelServer]
) -> None:
    def play(body: dict[str, Any]) -> Reply:
        asked = json.loads(body["messages"][-1]["content"])
        assert asked["into"] == "Spanish"
        return says({"translation": asked["text"].replace("Return", "Devuelva")})

    model = LanguageModel(serve(play).base_url, "small", patience=30.0)
    assert translate_waiting(chat.store, chat.now, translate=ModelTranslator(model, LANGUAGES)) > 2
    read_on_monday(chat).sees("Devuelva Form K-3")
    model.close()


def test_english_again_and_languages_that_nobody_knows(chat: Chat) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my language Klingon")
    grace.sees("I don't know “Klingon” as a language", "Spanish")
    grace.says("my language English")
    grace.sees("as it is written")


def test_where_nothing_translates_it_is_said(store: Store) -> None:
    chat = Chat(store, at="2026-12-01 14:00")
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my language Spanish")
    grace.sees("Noted: Spanish", "no translation yet")
