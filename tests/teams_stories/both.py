"""A district of which some live in Teams and the others in Slack: one server, both platforms, one database.

    async def scene(town: Both) -> None:
        imani, grace = town.member("imani.brooks"), town.member("grace.lindqvist")   # Teams, Slack
        await imani.says("walkthrough lincoln middle")
        grace.sees("One strength")

    tell(tmp_path, scene, where=living_in_teams("imani.brooks"))

Whoever lives in Teams can do there what ``Member`` can in Slack, so that a story can be told with either. Whatever a
story does, this holds: Teams would take every card, and nothing is said twice.
"""

import itertools
from pathlib import Path
from typing import Any, Self

from bot.bootstrap import Parts
from tests.contract import adaptive_card_rules, slack_bench
from tests.contract.fake_teams import FakeTeams, Posted
from tests.contract.teams_bench import MEMBERS, aad, teams_settings
from tests.contract.teams_bench import Bench as TeamsBench
from tests.slack_stories.workspace import Workspace


class Both(Workspace):
    """``in_teams`` are those who live there."""

    in_teams: frozenset[str] = frozenset()

    def __init__(self, folder: Path, *, at: str, **settings: Any) -> None:
        super().__init__(folder, at=at, **settings)
        self.teams = FakeTeams(members=dict(MEMBERS))
        for name in self.in_teams:  # they have no account in the Slack workspace
            self.slack.members.pop("U0" + name.partition(".")[0].upper(), None)
        self.activities = itertools.count(1)

    async def __aenter__(self) -> Self:
        await self.teams.start()
        more = teams_settings(self.teams).model_dump()
        names = [name for name in more if name.startswith(("microsoft_", "teams_"))]
        self.settings |= {name: getattr(teams_settings(self.teams), name) for name in names}
        return await super().__aenter__()

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        await self.teams.stop()
        for posted in self.teams.ledger:
            assert adaptive_card_rules.faults(posted.card) == []

    def _assemble(self, store: Any) -> Parts:
        parts = super()._assemble(store)
        assert sorted(parts.platforms) == ["slack", "teams"]
        return parts

    @property
    def to_teams(self) -> TeamsBench:
        bench: slack_bench.Bench = self.bench
        return TeamsBench(self.teams, self.parts, self.clocks, bench.url, bench.http, self.activities)

    def member(self, name: str) -> Any:
        if name not in self.in_teams:
            return super().member(name)
        return self._people.setdefault(name, Colleague(self, name))  # type: ignore[arg-type]  # does what a Member does


def living_in_teams(*names: str) -> type[Both]:
    """A district in which these people live in Teams."""
    return type("District", (Both,), {"in_teams": frozenset(names)})


class Colleague:
    """One person in Teams: their own chat with the bot, and what they can do there."""

    def __init__(self, town: Both, name: str) -> None:
        self.town = town
        self.name = name
        self.user = aad(name)
        self._seen: dict[str, int] = {}

    # ---------------------------------------------------------------- doing

    async def says(self, text: str) -> None:
        await self.sends(text)
        await self.town.bench.settle()

    commands = says

    async def sends(self, text: str, **more: Any) -> None:
        """Words in their own chat. The answer is not waited for."""
        self._did(text)
        bench = self.town.to_teams
        activity = bench.payload("message_personal", user=self.user, text=text, attachments=[], **more)
        assert (await bench.activity(activity)).status == 200

    async def forwards(self, text: str) -> None:
        """ "Send to the buffer" on somebody's message in a channel."""
        self._did(text)
        bench = self.town.to_teams
        activity = bench.payload("invoke_message_action", user=self.user)
        activity["value"]["messagePayload"]["body"] = {"contentType": "text", "content": text}
        activity["value"]["messagePayload"]["from"]["user"]["id"] = self.user
        assert (await bench.activity(activity)).status == 200
        await self.town.bench.settle()

    async def presses(self, label: str, /, fields: dict[str, str] | None = None, *, nth: int = 0) -> None:
        """The newest button of that label, with fields of its message filled in by their labels."""
        await self.presses_in(*self.button(label, nth=nth), fields)

    async def presses_in(
        self,
        posted: Posted,
        button: dict[str, Any],
        fields: dict[str, str] | None = None,
        *,
        settle: bool = True,
    ) -> None:
        """A button of a certain message, old ones too. ``settle`` False: do not wait for the answer."""
        self._did(*(fields or {}).values())
        bench = self.town.to_teams
        activity = bench.payload("invoke_action", user=self.user, replyToId=posted.id)
        data = adaptive_card_rules.filled_in(posted.card, button) | _typed(posted, fields or {})
        activity["value"]["action"] |= {"title": button["title"], "verb": button["verb"], "data": data}
        assert (await bench.activity(activity)).status == 200
        if settle:
            await self.town.bench.settle()

    # ---------------------------------------------------------------- seeing

    @property
    def messages(self) -> list[Posted]:
        return self.town.teams.said_to(self.user)

    @property
    def new(self) -> list[Posted]:
        """What came or was changed since this person last did something."""
        return [one for one in self.messages if self._seen.get(one.id) != id(one)]

    def button(self, label: str, *, nth: int = 0) -> tuple[Posted, dict[str, Any]]:
        found = [
            (posted, button)
            for posted in reversed(self.messages)
            for button in posted.buttons
            if button["title"].startswith(label)
        ]
        assert len(found) > nth, f"no button {label!r} for {self.name}; the last message:\n{self.last()}"
        return found[nth]

    def last(self) -> str:
        return "\n".join(screen(one) for one in self.new or self.messages[-1:])

    def sees(self, *expected: str) -> None:
        said = self.last()
        for words in expected:
            assert words.casefold() in said.casefold(), f"{words!r} is not in what {self.name} saw:\n{said}"

    def does_not_see(self, *unexpected: str) -> None:
        said = self.last()
        for words in unexpected:
            assert words.casefold() not in said.casefold(), f"{words!r} is in what {self.name} saw:\n{said}"

    def never_saw(self, *unexpected: str) -> None:
        said = "\n".join(screen(one) + one.text for one in self.messages).casefold()
        for words in unexpected:
            assert words.casefold() not in said, f"{words!r} reached {self.name}"

    def _did(self, *typed: str) -> None:
        self.town.typed += typed
        self._seen = {one.id: id(one) for one in self.messages}


def screen(posted: Posted) -> str:
    """A message as it reads on a screen: texts, fields as ``label: [value]``, buttons in brackets."""
    return "\n".join(_lines(posted.card["body"]))


def _lines(value: Any) -> list[str]:
    match value:
        case list():
            return [line for one in value for line in _lines(one)]
        case {"type": "TextBlock", "text": text}:
            return [f"# {text}"]
        case {"type": "RichTextBlock", "inlines": inlines}:
            return ["".join(one if isinstance(one, str) else one["text"] for one in inlines)]
        case {"type": "Image", "altText": text}:
            return [f"<picture: {text}>"]
        case {"type": "ActionSet", "actions": actions}:
            return ["  ".join(f"[{one['title']}]" for one in actions)]
        case {"type": "Input.ChoiceSet", "choices": choices}:
            return [f"{value.get('label', '')}: " + " / ".join(one["title"] for one in choices)]
        case {"type": str(kind)} if kind.startswith("Input."):
            return [f"{value.get('label', '')}: [{value.get('value', '')}]"]
        case dict():
            return [line for part in value.values() if isinstance(part, list) for line in _lines(part)]
        case _:
            return []


def _typed(posted: Posted, fields: dict[str, str]) -> dict[str, str]:
    """What comes back of fields filled in, found by the beginning of their labels."""
    data: dict[str, str] = {}
    for label, value in fields.items():
        named = [one for one in posted.inputs if str(one.get("label", "")).startswith(label)]
        assert named, f"no field {label!r} in\n{screen(posted)}"
        (field, chosen) = (named[0], value)
        if field["type"] == "Input.ChoiceSet":
            choices = {one["title"]: one["value"] for one in field["choices"]}
            wanted = value.split("\n") if value else []
            found = [choices[title] for one in wanted for title in choices if title.startswith(one)]
            assert len(found) == len(wanted), f"{wanted} are not all among {list(choices)}"
            chosen = ",".join(found)
        data[field["id"]] = chosen
    return data
