"""What every whole page must keep: well formed, nothing from elsewhere, no script or style in it, named controls."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "img", "input", "meta", "link", "path", "circle"}
ADDRESSES = {"href", "src", "action"}


@dataclass
class Form:
    """A form as a browser would send it: its address, the pairs it always sends, its buttons by their words."""

    action: str
    method: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """A parsed page: ``faults``, ``words`` (what can be read), ``forms``."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self._open: list[str] = []
        self._letters: list[str] = []
        self._button: tuple[str, str] | None = None
        self._button_words = ""
        self.feed(html)
        self.close()
        self._check()

    @property
    def words(self) -> str:
        return " ".join("".join(self._letters).split())

    def form(self, button: str) -> Form:
        """The last form with a button whose words begin so."""
        found = [one for one in self.forms if any(words.startswith(button) for words in one.buttons)]
        assert found, f"no button {button!r} on the page:\n{self.words}"
        return found[-1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {key: value or "" for key, value in attrs}
        self.tags.append((tag, named))
        if tag not in VOID:
            self._open.append(tag)
        self.faults += [f"attribute {key}" for key in named if key == "style" or key.startswith("on")]
        for key in ADDRESSES & named.keys():
            if not named[key].startswith(("/", "#")) or named[key].startswith("//"):
                self.faults.append(f"an address elsewhere: {named[key]}")
        if tag == "form":
            self.forms.append(Form(named.get("action", ""), named.get("method", "get")))
        if tag == "input" and self.forms and named.get("type") not in ("radio", "checkbox"):
            self.forms[-1].pairs.append((named["name"], named.get("value", "")))
        if tag == "button" and "name" in named and "hidden" not in named:
            self._button, self._button_words = (named["name"], named["value"]), ""
        elif tag == "button":
            self._button, self._button_words = ("", ""), ""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"closing {tag}")
        if tag == "button" and self._button is not None:
            self.forms[-1].buttons[" ".join(self._button_words.split())] = self._button
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style") and data.strip():
            self.faults.append("a script or style in the page")
        self._letters.append(data)
        self._button_words += data

    def _check(self) -> None:
        if self._open:
            self.faults.append(f"left open: {self._open}")
        names = [tag for tag, _ in self.tags]
        if names.count("h1") != 1 or names.count("main") != 1:
            self.faults.append("not one h1 and one main")
        ids = [named["id"] for _, named in self.tags if "id" in named]
        if len(ids) != len(set(ids)):
            self.faults.append("an id used twice")
        for tag, named in self.tags:
            for key in ("for", "aria-labelledby", "aria-describedby"):
                self.faults += [
                    f"{key} points nowhere: {one}" for one in named.get(key, "").split() if one not in ids
                ]
            if named.get("href", "").startswith("#") and named["href"][1:] not in ids:
                self.faults.append(f"a link to nowhere: {named['href']}")
            if tag == "img" and not named.get("alt"):
                self.faults.append("a picture without words")
        labelled = {named["for"] for tag, named in self.tags if tag == "label"}
        for tag, named in self.tags:
            is_control = tag in ("select", "textarea") or (tag == "input" and named.get("type") != "hidden")
            if is_control and named.get("id") not in labelled:
                self.faults.append(f"a control without a label: {named.get('name')}")
