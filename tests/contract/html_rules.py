"""What every fragment of HTML must keep: well formed, no script or style, named controls, ids used once."""

from html.parser import HTMLParser

VOID = {"br", "img", "input"}
TEXTS = {"article", "h2", "h3", "p", "strong", "small", "span", "div", "a", "ol", "ul", "li"}
FIGURES = {"figure", "figcaption", "blockquote", "details", "summary"}
TABLES = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
CONTROLS = {"form", "fieldset", "legend", "label", "button", "textarea", "select", "option"}
ALLOWED = VOID | TEXTS | FIGURES | TABLES | CONTROLS


class Fragment(HTMLParser):
    """A parsed fragment: its faults, its letters, its form."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.letters: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self._area = ""
        self._select = ""
        self.pairs: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        self._check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {key: value or "" for key, value in attrs}
        self.tags.append((tag, named))
        if tag not in ALLOWED:
            self.faults.append(f"tag {tag}")
        self.faults += [f"attribute {key}" for key in named if key == "style" or key.startswith("on")]
        if tag not in VOID:
            self._open.append(tag)
        self.letters += [named[key] for key in ("alt",) if key in named]
        kind = named.get("type")
        if tag == "input" and (kind not in ("radio", "checkbox") or "checked" in named):
            self.pairs.append((named["name"], named["value"]))
        if tag == "textarea":
            self._area = named["name"]
        if tag == "select":
            self._select = named["name"]
            self.pairs.append((self._select, ""))
        if tag == "option" and "selected" in named:
            self.pairs.append((self._select, named["value"]))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"closing {tag}")

    def handle_data(self, data: str) -> None:
        self.letters.append(data)
        if self._open and self._open[-1] == "textarea":
            self.pairs.append((self._area, data.removeprefix("\n")))

    def handle_comment(self, data: str) -> None:
        self.faults.append("a comment")

    def _check(self) -> None:
        if self._open:
            self.faults.append(f"left open: {self._open}")
        ids = [named["id"] for _, named in self.tags if "id" in named]
        if len(ids) != len(set(ids)):
            self.faults.append("an id used twice")
        for tag, named in self.tags:
            for key in ("for", "aria-labelledby", "aria-describedby"):
                if key in named and named[key] not in ids:
                    self.faults.append(f"{key} points nowhere")
            if tag == "img" and not named.get("alt"):
                self.faults.append("a picture without words")
        labelled = {named["for"] for tag, named in self.tags if tag == "label"}
        for tag, named in self.tags:
            is_control = tag in ("select", "textarea") or (tag == "input" and named.get("type") != "hidden")
            if is_control and named.get("id") not in labelled:
                self.faults.append("a control without a label")
