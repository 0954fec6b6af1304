"""Sample cards for every renderer: each block, each length, each kind of text that breaks things."""

from dataclasses import fields, is_dataclass

from handlers.actions import Action, act
from handlers.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    ChartKind,
    Download,
    Emphasis,
    Field,
    FieldKind,
    Item,
    Items,
    Option,
    Quote,
    Series,
    Table,
    Text,
)

MARKUP = "*bold* _it_ ~no~ `code` ```pre``` <b>tag</b> &amp; <!channel> <@U1> @here <https://x.example|x> </form> ' \""
RIGHT_TO_LEFT = "مدرسة المدينة: שלום, עברית"
EMOJI = "Visit 👩🏽‍🏫 held 🎉 :tada: é"
SENTENCE = "Students in the second group explained how they had checked their answer. "
LONG = SENTENCE * 140
ENDLESS = "unbroken" * 900
OPEN = act("visit.open", visit=12)
SEND = Button("Send", act("run.answer", run=3, step=2, v=7), Emphasis.PRIMARY)
SKIP = Button("Skip", act("run.skip", run=3, step=2, v=7))


def options(count: int, label: str = "Room") -> tuple[Option, ...]:
    return tuple(Option(str(number), f"{label} {number}") for number in range(1, count + 1))


def choice(count: int, kind: FieldKind = FieldKind.CHOICE, label: str = "Room") -> Card:
    return Card(
        "Which room?",
        (Field("room", "Room visited", kind, value="2", options=options(count, label)), Buttons((SEND,))),
    )


def everywhere(text: str) -> Card:
    """The same text in every place of a card that people's words can reach."""
    button = Button(text, OPEN, Emphasis.DANGER)
    return Card(
        text,
        (
            Text(text, lead=text),
            Text(text, quiet=True),
            Quote(text, source=text),
            Items(
                (Item(text, lead=text, detail=text, buttons=(button,)), Item(text)), title=text, numbered=True
            ),
            Items((Item(text, lead=text, detail=text), Item(text)), title=text),
            Field("line", text, FieldKind.LINE, value=text.replace("\n", " "), hint=text),
            Field("long", text, FieldKind.LONG, value=text, required=True),
            Field("one", text, FieldKind.CHOICE, value="a", options=(Option("a", text), Option("b", text))),
            Field(
                "many", text, FieldKind.CHOICES, value="a\nb", options=(Option("a", text), Option("b", text))
            ),
            Table((text, text), ((text, text), (text, "4")), caption=text),
            _chart(title=text, alternative=text, label=text),
            Download("visits.csv", text, "school,visits\n"),
            Buttons((button, SEND)),
        ),
    )


def _chart(
    *, title: str = "Visits", alternative: str = "Lincoln 4, Adams not known.", label: str = "Lincoln"
) -> Chart:
    values = (Series("Autumn", (4, None)),)
    return Chart(ChartKind.BARS, title, (label, "Adams"), values, "visits", alternative, 5, "rhythm")


def _demands(
    count: int, *, has_buttons: bool, numbered: bool = True, text: str = "Enter three dates"
) -> Items:
    return Items(
        tuple(
            Item(
                f"{text} {number}",
                lead=f"Demand {number}",
                detail=f"by Fri {number} Dec",
                buttons=(
                    Button("Done", act("demand.done", demand=number)),
                    Button("Ask", act("demand.ask", demand=number)),
                )
                if has_buttons
                else (),
            )
            for number in range(1, count + 1)
        ),
        title="This week",
        numbered=numbered,
    )


NOTE = Field("note", "Your line", FieldKind.LONG, value="Read the first one today.")

CARDS: dict[str, Card] = {
    "an empty card": Card(""),
    "a title alone": Card("Nothing is waiting for you"),
    "a paragraph": Card("", (Text("Next: Riverside, Wed 9:00.", lead="Nothing is waiting for you."),)),
    "small print": Card("", (Text("Counted: visits held.", lead="43 of 46.", quiet=True),)),
    "a quotation": Card("", (Quote("Ratings are due.\nSee the calendar.", source="Memo of 4 December"),)),
    "a quotation without a source": Card("", (Quote("Ratings are due."),)),
    "buttons of each emphasis": Card("", (Buttons((SEND, SKIP, Button("Delete", OPEN, Emphasis.DANGER))),)),
    "a row of no buttons": Card("Visit", (Buttons(()),)),
    "a list of no items": Card("", (Items((), title="Waiting for you"),)),
    "an empty item": Card("", (Items((Item(""), Item("Adams"))),)),
    "every kind of field": Card(
        "Debrief",
        (
            Field("who", "Who", value="Amara"),
            Field(
                "what",
                "What did you see?",
                FieldKind.LONG,
                value="Two pairs\ncompared drafts.",
                hint="Facts first",
            ),
            Field("room", "Room", FieldKind.CHOICE, value="3", options=options(4), required=True),
            Field("rooms", "Rooms", FieldKind.CHOICES, value="1\n3", options=options(4)),
            Field("day", "Day", FieldKind.DATE, value="2026-12-08"),
            Field("at", "Time", FieldKind.TIME, value="09:30"),
            Buttons((SKIP, SEND)),
        ),
    ),
    "fields left empty": Card(
        "Debrief",
        (
            Field("who", "Who"),
            Field("what", "What", FieldKind.LONG),
            Field("room", "Room", FieldKind.CHOICE, options=options(4)),
            Field("rooms", "Rooms", FieldKind.CHOICES, options=options(4)),
            Field("day", "Day", FieldKind.DATE),
            Field("at", "Time", FieldKind.TIME),
            Buttons((SEND,)),
        ),
    ),
    "a field with no button": Card("", (Field("who", "Who"),)),
    "one choice of 7": choice(7),
    "one choice of 30": choice(30),
    "several choices of 30": choice(30, FieldKind.CHOICES),
    "one choice of 120": choice(120),
    "several choices of 120": choice(120, FieldKind.CHOICES),
    "choices with labels of 300 letters": choice(12, label=SENTENCE * 4),
    "no options, one choice": choice(0),
    "no options, several choices": choice(0, FieldKind.CHOICES),
    "an option without a value": Card(
        "", (Field("a", "A", FieldKind.CHOICE, options=(Option("", "None"),)),)
    ),
    "a table that fits a phone": Card(
        "", (Table(("School", "Visits"), (("Lincoln", "4"), ("Adams", "12")), "Visits"),)
    ),
    "a wide table": Card(
        "",
        (
            Table(
                ("School", "Visits held", "Longest gap", "Why"),
                (("Lincoln", "4", "21 school days", "testing"), ("Adams", "", "9", "")),
                "October",
            ),
        ),
    ),
    "a table of 120 rows": Card(
        "", (Table(("School", "Visits"), tuple((f"School {n}", str(n)) for n in range(120)), "All"),)
    ),
    "a wide table of 120 rows": Card(
        "",
        (Table(("School", "What was agreed"), tuple((f"School {n}", SENTENCE) for n in range(120)), "All"),),
    ),
    "a table without rows": Card("", (Table(("School", "Visits"), (), "October"),)),
    "a table with ragged rows": Card(
        "", (Table(("School", "Visits"), (("Lincoln",), ("Adams", "1", "extra"))),)
    ),
    "a chart": Card("", (_chart(),)),
    "a chart with a long alternative": Card("", (_chart(alternative=LONG[:5000], title=LONG[:2500]),)),
    "a download": Card("", (Download("visits.csv", "Take the figures along", "a,b\n"),)),
    "60 items": Card("Week", (_demands(60, has_buttons=False),)),
    "60 items with buttons": Card("Week", (_demands(60, has_buttons=True),)),
    "60 long items": Card("Week", (_demands(60, has_buttons=False, numbered=False, text=SENTENCE * 8),)),
    "60 items with buttons, then a field": Card(
        "Week", (_demands(60, has_buttons=True), NOTE, Buttons((SEND,)))
    ),
    "a field before 20 long items with buttons": Card(
        "Week", (NOTE, _demands(20, has_buttons=True, text=SENTENCE * 8), Buttons((SEND,)), Text("The end"))
    ),
    "a long memo before a field": Card(
        "Memo", (Quote(LONG), NOTE, Text(LONG, lead="Then"), Buttons((SEND,)))
    ),
    "80 buttons": Card(
        "Schools", (Buttons(tuple(Button(f"School {n}", act("school.open", school=n)) for n in range(80))),)
    ),
    "80 buttons and a field": Card(
        "Schools",
        (NOTE, Buttons(tuple(Button(f"School {n}", act("school.open", school=n)) for n in range(80)))),
    ),
    "buttons with long labels": Card(
        "", (Buttons((SEND, Button(SENTENCE * 3, OPEN), Button(LONG[:7000], OPEN), SKIP)),)
    ),
    "an action of full length": Card("", (Buttons((Button("Open", Action("a.b", {"k": "x" * 144})),)),)),
    "a title of 1,000 letters": Card(SENTENCE * 13, (Text("Next"),)),
    "a card that can be shown anew": Card("Where we are", (Text("Step 4 of 9."),), refresh=OPEN),
    "a title with a mark in it": Card("Room 0# and 3", (choice(3, label="No. #").blocks[0],)),
    "a title of two lines": Card("Week\nof 7 December"),
    "long texts": everywhere(LONG[:9000]),
    "text without a space": everywhere(ENDLESS),
    "markup in every field": everywhere(MARKUP),
    "right to left in every field": everywhere(RIGHT_TO_LEFT),
    "emoji in every field": everywhere(EMOJI),
    "emoji by the thousand": everywhere("👩🏽‍🏫" * 700),
    "lines in every field": everywhere("one\ntwo\n\nthree"),
    "only ampersands": everywhere("&" * 2500),
}


def values_of(card: Card) -> dict[str, str]:
    """What the fields of a card hold, where there is anything to fill in."""
    return {
        block.name: block.value
        for block in card.blocks
        if isinstance(block, Field)
        and (block.options or block.kind not in (FieldKind.CHOICE, FieldKind.CHOICES))
    }


def strings_of(card: Card) -> list[str]:
    """Every text that a reader must find, line by line. A chart's figures are in the picture and its alternative."""
    found: list[str] = []

    def walk(value: object) -> None:
        match value:
            case str():
                found.append(value)
            case tuple():
                for one in value:
                    walk(one)
            case Card():
                walk((value.title, value.blocks))
            case Chart():
                walk((value.title, value.alternative))
            case Download():
                has_plain_name = value.name.casefold().endswith(f".{value.label.casefold()}")
                walk(value.label if has_plain_name else (value.name, value.label))
            case Field():
                walk((value.label, value.hint, tuple(option.label for option in value.options)))
            case Button():
                walk(value.label)
            case _ if is_dataclass(value):
                for one in fields(value):
                    walk(getattr(value, one.name))

    walk(card)
    return [line for text in found for line in text.split("\n") if line.strip()]


def actions_of(card: Card) -> list[str]:
    """The encoded action of every button, in order."""
    rows = [
        row
        for block in card.blocks
        for row in (
            [block.buttons]
            if isinstance(block, Buttons)
            else [item.buttons for item in block.items]
            if isinstance(block, Items)
            else []
        )
    ]
    return [button.action.encode() for row in rows for button in row]
