"""The playground's addresses: the page, and the three things one can do on it (say, press, move the clock).

Each of them answers with a redirect to the page, so reloading never does a thing twice; and every form carries a key
of the page it stands on, so that a double click is one event. Without JavaScript everything works; with it, Enter
sends and the page notices news from another window.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime
from importlib.resources import files
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.own_calendars import read_own_calendars
from bot.platforms.base import Take
from bot.playground import backstage, transcript
from bot.playground.cast import load_cast, mark_read
from bot.playground.clock import (
    FAULTS,
    ClockFault,
    Jump,
    PlaygroundClock,
    read_clock,
    read_target,
    say_moment,
    target_of,
)
from bot.playground.forms import number_of, one_of, read_form
from bot.playground.guard import Handler, guarded
from bot.playground.uploads import Upload
from bot.render.html import read_values
from handlers import clock as clock_work
from handlers.calendars.own_calendar_reading import due
from handlers.cards import Card
from handlers.district import District, load_district, zone_of
from handlers.intake.sent_files import called
from handlers.reception import Inbound, Pressed, Said, Sender
from handlers.topics import TOPICS, commands_for
from handlers.turn import Turn
from protocols.cadence.feed_addresses import redact
from protocols.cadence.moments import say_day, say_time
from protocols.documents.document import MAX_TEXT
from storage import originals, outbox, people, places, playground, record
from storage.database import Store, Tx
from storage.playground import PLATFORM

SUGGESTED = 5
SELDOM = frozenset({"my_data"})  # topics with which nobody begins
LONG_SUGGESTION = 30
"""Characters from which an example goes behind the others, which a phone would not show for it."""
SETTLED_WITHIN = 20.0
"""Seconds that a page waits for the sender; then it shows what has come so far."""
_LOOK_EVERY = 0.01
_NOTES = {
    "empty": "Write something first; then press Send.",
    "large": f"That is too large to read at once. I read up to {MAX_TEXT:,} characters; send it in parts.",
    "nobody": "I know nobody by that name here. Try a name, a school or an e-mail address.",
    "busy": "I am busy with something large, and nothing was changed. Try again in a minute.",
    **FAULTS,
}
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><rect width="28" height="28" rx="7" fill="#1d5b52"/>'
    '<path d="M5 19C10 19 10 10 14 10s4 9 9 9" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>'
    '<circle cx="14" cy="10" r="3" fill="#fff"/></svg>'
)
_JUMPS = {
    Jump.HOUR: "An hour on",
    Jump.DAY: "A day on",
    Jump.MORNING: "Next school morning",
    Jump.MONDAY: "Next Monday",
}


class Pages:
    """Serves the playground. ``take`` and ``nudge`` are set when the bot starts."""

    take: Take
    nudge: Callable[[], None]

    def __init__(self, store: Store, clock: PlaygroundClock) -> None:
        self._store = store
        self._clock = clock
        self._moving = asyncio.Lock()
        self._reading: set[asyncio.Task[None]] = set()
        templates = Environment(
            loader=PackageLoader("bot.playground", "."),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._page = templates.get_template("page.html")
        self._nobody = templates.get_template("nobody.html")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", guarded(self._show)),
            web.get("/news", guarded(self._news)),
            web.get("/playground.css", guarded(_sends(_read("page.css"), "text/css"))),
            web.get("/playground.js", guarded(_sends(_read("page.js"), "text/javascript"))),
            web.get("/playground.svg", guarded(_sends(_ICON, "image/svg+xml"))),
            web.post("/say", guarded(self._say)),
            web.post("/press", guarded(self._press)),
            web.post("/clock", guarded(self._move)),
        ]

    # ---------------------------------------------------------------- looking

    async def _show(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        if "who" in query or "as" not in query:
            return _see_other(await asyncio.to_thread(self._choose, query))
        status, page = await asyncio.to_thread(self._draw, query)
        return web.Response(status=status, text=page, content_type="text/html")

    async def _news(self, request: web.Request) -> web.Response:
        """How much was sent to the person so far, for pages that stay open."""

        def count() -> int:
            with self._store.read() as tx:
                return playground.count_messages(tx).get(number_of(request.query.get("as", "")) or 0, 0)

        return web.json_response({"count": await asyncio.to_thread(count)})

    def _choose(self, query: Mapping[str, str]) -> str:
        """The address of the page of whoever was looked for, or of the first person there is."""
        with self._store.read() as tx:
            cast = load_cast(tx, _today(load_district(tx), read_clock(tx)))
        if "who" in query:
            found = cast.find(query["who"])
            return (
                _address(found.id) if found else _address(number_of(query.get("as", "")) or 0, note="nobody")
            )
        return _address(next(iter(cast.everybody), 0))

    def _draw(self, query: Mapping[str, str]) -> tuple[int, str]:
        """The page, and its HTTP status."""
        with self._store.read() as tx:
            now, district = read_clock(tx), load_district(tx)
            cast = load_cast(tx, _today(district, now))
            member = cast.everybody.get(number_of(query["as"]) or 0)
            key = secrets.token_urlsafe(9)
            shared: dict[str, Any] = {
                "cast": cast,
                "member": member,
                "district": district.name,
                "clock": _clock_view(district, now),
                "note": _NOTES.get(query.get("note", ""), ""),
                "key": key,
            }
            if member is None:
                return 404 if cast.everybody else 200, self._nobody.render(**shared)
            person = people.get_person(tx, member.id, on=_today(district, now))
            show = min(max(number_of(query.get("show", "")) or 0, transcript.PAGE), transcript.MOST)
            said = transcript.load_transcript(
                tx,
                person.id,
                show=show,
                unread=member.unread,
                hidden={"as": str(person.id), "key": key},
                zone=zone_of(person, district),
                today=_today(district, now),
                changed=number_of(query.get("changed", "")) or 0,
            )
            moved = self._clock.last_move() if "moved" in query else None
            seen = playground.count_messages(tx).get(person.id, 0)
            page = self._page.render(
                **shared,
                said=said,
                changed="changed" in query,
                show_more=show + 2 * transcript.PAGE,
                seen=seen,
                suggestions=_suggestions(Turn(tx=tx, person=person, now=now, district=district, key=key)),
                backstage=backstage.load_backstage(tx, district, person, now),
                waiting=backstage.say_waiting(tx, now, district.zone),
                moved=backstage.say_move(tx, moved, district.zone) if moved else "",
            )
        if member.unread:
            with self._store.begin() as tx:
                mark_read(tx, member.id, seen)
        return 200, page

    # ---------------------------------------------------------------- doing

    async def _say(self, request: web.Request) -> web.Response:
        uploads: list[Upload] = []
        form = await read_form(request, uploads)
        if form is None:
            return _see_other(_address(number_of(request.query.get("as", "")) or 0, note="large"))
        text = one_of(form, "say").replace("\r\n", "\n").replace("\x00", "").strip()
        person_id = number_of(one_of(form, "as")) or 0
        if len(text) > 2 * MAX_TEXT:
            return _see_other(_address(person_id, note="large"))
        if not text and not uploads:
            return _see_other(_address(person_id, note="empty"))
        key = one_of(form, "key")
        said = Said(text, files=tuple(one.sent(person_id, key) for one in uploads))

        def note(tx: Tx) -> str:
            # Kept with the line that says so, before the front desk hears of it.
            now = read_clock(tx)
            for one, file in zip(uploads, said.files, strict=True):
                originals.receive_original(tx, one.arrival(file, now))
            return "\n".join(filter(None, (redact(text), *(f"File: {called(file)}" for file in said.files))))

        return await self._receive(person_id, key, said, note)

    async def _press(self, request: web.Request) -> web.Response:
        form = await read_form(request)
        if form is None:
            return _see_other(_address(number_of(request.query.get("as", "")) or 0, note="large"))
        person_id, message_id = number_of(one_of(form, "as")) or 0, number_of(one_of(form, "message")) or 0
        line = one_of(form, "action")
        values = {name: value.replace("\x00", "") for name, value in read_values(form).items()}
        key = f"{one_of(form, 'key')}:{message_id}"
        return await self._receive(
            person_id,
            key,
            Pressed(line, values, message=await asyncio.to_thread(self._reference, message_id)),
            lambda tx: transcript.say_press(tx, person_id, message_id, line, values),
        )

    async def _receive(
        self, person_id: int, key: str, what: Said | Pressed, words: Callable[[Tx], str]
    ) -> web.Response:
        """Note what was said, hand it to the front desk, wait for the answers, show the page."""
        key = f"playground:{person_id}:{key}:{_digest(repr(what))}"
        noted = await asyncio.to_thread(self._note_line, person_id, key, what, words)
        if noted is None:
            return _see_other(_address(person_id))
        email, line_id = noted
        unheard: list[Card] = []

        async def answer(card: Card) -> None:
            unheard.append(card)

        sender = Sender(PLATFORM, "", str(person_id), email=email)
        await (await self.take(Inbound((key,), sender, what), answer, None))
        await self._settle()
        await self._read_calendars()
        is_bare = isinstance(what, Pressed) and not any(what.values.values())
        changed = await asyncio.to_thread(self._settle_press, person_id, key, line_id if is_bare else 0)
        where = {"changed": str(changed)} if changed else {}
        return _see_other(_address(person_id, **where, **({"note": "busy"} if unheard else {})))

    def _reference(self, message_id: int) -> str:
        """What the playground calls the message that a form stands in."""
        with self._store.read() as tx:
            row = outbox.get(tx, message_id)
            return next(iter(places.parts_of(row)), "") if row else ""

    def _settle_press(self, person_id: int, key: str, line_id: int) -> int | None:
        """The place that a press changed, if that is all it did; then a press with nothing filled in beside it needs no
        line of its own (``line_id`` 0 for any other)."""
        with self._store.begin() as tx:
            changed = playground.changed_place(tx, person_id, key)
            if changed is not None and line_id:
                playground.forget_line(tx, line_id)
        return changed

    def _note_line(
        self, person_id: int, key: str, what: Said | Pressed, words: Callable[[Tx], str]
    ) -> tuple[str, int] | None:
        """Write down, once, what the person said; their e-mail address and the line (0 where it was there before), or
        None where there is no such person."""
        with self._store.begin() as tx:
            now = read_clock(tx)
            found = people.get_people(tx, [person_id], on=_today(load_district(tx), now)).get(person_id)
            if found is None or not found.active:
                return None
            line_id = 0
            if record.is_first_time(tx, (f"{key}:line",), at=now):
                is_press = isinstance(what, Pressed)
                line_id = playground.write_line(
                    tx, person_id=person_id, text=words(tx), at=now, is_press=is_press
                )
            return found.email, line_id

    async def _move(self, request: web.Request) -> web.Response:
        form = await read_form(request) or []
        person_id = number_of(one_of(form, "as")) or 0
        async with self._moving:
            try:
                target = await asyncio.to_thread(self._target, one_of(form, "key"), form)
                if target is not None:
                    await self._clock.move(target, work=self._work, send=self._send)
            except ClockFault as fault:
                return _see_other(_address(person_id, note=fault.code))
        await self._read_calendars()
        return _see_other(_address(person_id, moved="1"))

    def _target(self, key: str, form: list[tuple[str, str]]) -> datetime | None:
        """Where the form asks the clock to go; None where this form was sent before. Raises ``ClockFault``."""
        jump, to = one_of(form, "jump"), one_of(form, "to")
        with self._store.begin() as tx:
            now, district = read_clock(tx), load_district(tx)
            if jump in list(Jump):
                target = target_of(Jump(jump), now, district.zone, district.calendar)
            else:
                target = read_target(to, district.zone)
            is_first = record.is_first_time(tx, (f"playground:clock:{key}:{jump or to}",), at=now)
        return target if is_first else None

    async def _work(self, at: datetime) -> None:
        await asyncio.to_thread(clock_work.run_due, self._store, at)

    async def _send(self, at: datetime) -> None:
        await self._settle()

    async def _read_calendars(self) -> None:
        """Read people's own calendars that are due, beside the page: a host may take its time, and what it says then
        comes as news. Once a move, not once each step of it: the hosts are real."""
        now = self._clock.now()
        if not await asyncio.to_thread(due, self._store, now, limit=1):
            return

        async def read() -> None:
            await asyncio.to_thread(read_own_calendars, self._store, now)
            self.nudge()

        task = asyncio.create_task(read())
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _settle(self) -> None:
        """Wait until the sender has sent all that is due, so that the page shows it."""

        def is_settled() -> bool:
            with self._store.read() as tx:
                return not outbox.waiting(tx, now=read_clock(tx))[0]

        for _ in range(round(SETTLED_WITHIN / _LOOK_EVERY)):
            if await asyncio.to_thread(is_settled):
                return
            self.nudge()
            await asyncio.sleep(_LOOK_EVERY)


def _clock_view(district: District, now: datetime) -> dict[str, Any]:
    """The clock as the page shows it, with where each button leads."""
    local = now.astimezone(district.zone)
    jumps = []
    for jump, label in _JUMPS.items():
        try:
            target = target_of(jump, now, district.zone, district.calendar)
        except ClockFault:
            continue
        jumps.append(
            {"name": jump.value, "label": label, "to": say_moment(target, district.zone, local.date())}
        )
    return {
        "day": f"{say_day(local.date(), local.date())} {local.year}",
        "time": say_time(local.time()),
        "zone": district.zone.key.rpartition("/")[2].replace("_", " "),
        "machine": local.strftime("%Y-%m-%dT%H:%M"),
        "jumps": jumps,
    }


def _suggestions(turn: Turn) -> list[str]:
    """A few things this person can write, as they would write them: the first of each topic, then the second."""
    allowed = {command.example for command in commands_for(turn)} - {""}
    offered = (topic for topic in TOPICS if topic.name not in SELDOM)
    by_topic = [[one.example for one in topic.commands if one.example in allowed] for topic in offered]
    in_turn = [example for row in zip_longest(*by_topic) for example in row if example is not None]
    return sorted(in_turn[:SUGGESTED], key=lambda words: len(words) > LONG_SUGGESTION)


def _today(district: District, now: datetime) -> date:
    return now.astimezone(district.zone).date()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _address(person_id: int, **more: str) -> str:
    return "/?" + urlencode({"as": person_id, **more}) + "#newest"


def _see_other(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


def _read(name: str) -> str:
    return files("bot.playground").joinpath(name).read_text(encoding="utf-8")


def _sends(body: str, media_type: str) -> Handler:
    async def send(_request: web.Request) -> web.Response:
        return web.Response(text=body, content_type=media_type)

    return send
