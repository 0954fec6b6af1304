"""One's own language: what a digest asks is read in it, with the original one tap away.

Texts are translated by the clock, between transactions, and kept by the hash of the original; a card only ever looks
them up. What is not translated yet, or came back with a day, a number or a form's name touched, is shown as it was
written.
"""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import audit_trail
from handlers.cards import Card, Text, plain
from handlers.digest.digest_building import coming_week, plan_week, readers_on, sections_of
from handlers.digest.digest_entry import Entry, templates_of
from handlers.district import load_district
from handlers.errors import UserError
from handlers.turn import Cards, Command, Topic, Turn
from protocols.buffer.fixed_words import LANGUAGES, hold, keep_marks, put_back, read_language
from storage import digests, languages, record
from storage.database import Store, Tx
from storage.digests import GivenItem
from storage.tables import DemandRow, MandateRow

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Texts of one tick."""
SETTING = "translates"
NOTE = "Translated by a machine; what counts is the original."
FAR = timedelta(days=366)

Translate = Callable[[str, str], str | None]
"""Text, language code -> translation; None where there is none now. May take seconds, and never raises."""


def note_translator(tx: Tx, *, has_one: bool) -> None:
    """Remember whether this deployment can translate, which conversations say."""
    if (record.get_setting(tx, SETTING) or {}).get("has_one", False) != has_one:
        record.put_setting(tx, SETTING, {"has_one": has_one})


def translate_waiting(store: Store, now: datetime, *, translate: Translate) -> int:
    """Translate what people will read in their own language; how many texts. Asked outside any transaction."""
    with store.read() as tx:
        waiting = _waiting(tx, now)
    count = 0
    for text, code, is_template in waiting[:AT_ONCE]:
        held_text, held = (text, keep_marks(text)) if is_template else hold(text)
        said = translate(held_text, code)
        if said is None:  # later ticks try again
            break
        translated = put_back(said, held, original=text) or ""
        with store.begin() as tx:
            languages.keep_translation(tx, text, code, translated, at=now)
        count += bool(translated)
    if waiting:
        log.info("translations: %d of %d", count, len(waiting))
    return count


def _waiting(tx: Tx, now: datetime) -> list[tuple[str, str, bool]]:
    """What readers of another language have before them, or will with the next digest, and is not translated; each with
    its language, and whether its days, numbers and names are out already."""
    codes = languages.readers(tx)
    if not codes:
        return []
    district = load_district(tx)
    local = now.astimezone(district.zone)
    mine = [reader for reader in readers_on(tx, local.date()) if reader.principal.id in codes]
    wanted: dict[tuple[str, str, bool], None] = {}
    for one in plan_week(tx, mine, coming_week(local, district.calendar), with_reasons=True):
        code = codes[one.reader.principal.id]
        for section, item in sections_of(one.plan):
            _triage, demand, memo = one.sources[item.key]
            coming = GivenItem(0, 0, item.key, section, item.wording, item.minutes, item.due)
            wanted |= _texts(replace(coming, why=item.why, note=item.note), demand, memo, code)
    for person_id, code in codes.items():
        newest = digests.latest(tx, person_id)
        entries = digests.items_of(tx, newest.id or 0) if newest else []
        for given, demand, memo in [*entries, *digests.open_before(tx, person_id, local.date() + FAR)]:
            wanted |= _texts(given, demand, memo, code)
    known = {
        (text, code)
        for code in set(codes.values())
        for text in languages.translations(tx, [text for text, its, _is in wanted if its == code], code)
    }
    return [one for one in wanted if one[:2] not in known]


def _texts(
    item: GivenItem, demand: DemandRow, memo: MandateRow, code: str
) -> dict[tuple[str, str, bool], None]:
    """Its own words, and the sentences in which its facts are told."""
    words = dict.fromkeys((text, code, False) for text in (item.wording, item.why, item.note) if text)
    facts = templates_of((item, demand, memo))
    return words | dict.fromkeys((text, code, True) for text in facts if text)


def in_language(tx: Tx, person_id: int, entries: Sequence[Entry]) -> list[Entry]:
    """The entries in the person's own language, as far as they are translated."""
    return in_code(tx, languages.language_of(tx, person_id), entries)


def in_code(tx: Tx, code: str | None, entries: Sequence[Entry]) -> list[Entry]:
    """The entries in the language of that code; None: English."""
    if code is None:
        return list(entries)
    texts = {text for item, _d, _m in entries for text in (item.wording, item.why, item.note) if text}
    facts = {text for entry in entries for text in templates_of(entry)}
    known = languages.translations(tx, texts | facts, code)

    def say(text: str) -> str:
        return known.get(text) or text

    spoken = {text: known[text] for text in facts if known.get(text)}
    return [
        (
            replace(item, wording=say(item.wording), why=say(item.why), note=say(item.note), spoken=spoken),
            demand,
            memo,
        )
        for item, demand, memo in entries
    ]


def _set(turn: Turn, match: re.Match[str]) -> Cards:
    code = read_language(match["language"])
    if code is None:
        known = ", ".join(sorted(LANGUAGES.values()))
        raise UserError(f"I don't know “{match['language'].strip()}” as a language. There are: {known}.")
    languages.put_language(turn.tx, turn.person.id, None if code == "en" else code)
    audit_trail.write(turn, "language.set", f"person:{turn.person.id}", language=code)
    if code == "en":
        return [plain("Your digest comes in English, as it is written.")]
    if not (record.get_setting(turn.tx, SETTING) or {}).get("has_one", False):
        return [
            plain(
                f"Noted: {LANGUAGES[code]}. This deployment has no translation yet, so your digest stays in English "
                "until an administrator sets TRANSLATE_URL."
            )
        ]
    said = (
        f"What your digest asks comes in {LANGUAGES[code]} from now on, with days, numbers and names as they are "
        "written and the original one tap away."
    )
    return [Card("", (Text(said), Text(NOTE, quiet=True)))]


TOPIC = Topic(
    name="languages",
    commands=(
        Command(
            re.compile(r"(?:set )?my language(?: is| to|:)? (?P<language>[^\W\d_]+)\.?", re.IGNORECASE),
            _set,
            example="my language Spanish",
            what="What your digest asks, in your own language; the original stays one tap away.",
        ),
    ),
)
