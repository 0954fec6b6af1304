"""The forms, systems and attachments that a memo names: what must be to hand before anybody can do what it asks."""

import re

FORM_KINDS = (
    r"Form|Survey|Portal|Template|Log|Application|Checklist|System|Report|Plan|Policy|Handbook|Compact|Spreadsheet|"
    r"Questionnaire|Register|Return|Worksheet|Tracker|Dashboard|Vault|Declaration|Certificate|Agreement"
)
"""Last words of names that are forms or systems when every word before them has a capital."""

_FORM = re.compile(
    rf"\b(?P<named>(?:[A-Z][\w&'’/-]*\s+){{1,5}}(?:{FORM_KINDS})\b)(?!\s+(?:[A-Z]{{0,5}}-?\d|[A-Z]\b))"
    r"|\b(?P<numbered>[Ff]orm\s+(?:[A-Z]{1,5}[-\s]?)?\d{0,5}(?:-?[A-Z]?\d{1,4})?[A-Z]?)(?=[\s,.;:)]|$)"
    r"|(?:\b(?:in|into|on|via|using|through|from)\s+)(?P<system>[A-Z][a-z]+[A-Z]\w*)\b"
    r"|\bthe\s+(?P<plain>(?:(?:online|attached|enclosed|google|standard|paper|electronic|completed|annual)\s+){1,2}"
    r"(?:form|portal|template|survey|spreadsheet|pro\s?forma|checklist|application|questionnaire)|portal)\b"
)
_LEADING = re.compile(
    r"^(?:The|A|An|Each|Every|All|Submit|Complete|Use|Enter|Return|Sign|Send|File|Upload|See|Update|Attach|Please|Your|"
    r"This|These|Log|Review|Download|Fill|Print|Keep|Any|No|Principals?|Schools?|Teachers?)\s+"
)
_ATTACHED = re.compile(
    r"\b(?P<lettered>(?:Attachment|Appendix|Annex(?:ure)?|Enclosure|Exhibit|ATTACHMENT|APPENDIX|ANNEX|ENCLOSURE|EXHIBIT)s?"
    r"(?:\s+(?:No\.?\s*)?(?:[A-Z]|\d{1,2}|[IVX]{1,4})(?:[-.]?\d{1,2})?\b(?!['’]))"
    r"(?:(?:\s*,\s*|\s*(?:,\s*)?(?:and|&|or|to)\s+)(?:[A-Z]|\d{1,2}|[IVX]{1,4})(?:\d)?\b(?![\w'’]))*)"
    r"|\b(?i:the\s+)?(?P<plain>(?i:attached|enclosed|accompanying)\s+(?!(?i:to|as|is|are|herewith|by|please|with|and|for|in)\b)"
    r"(?:[\w'’-]+\s+){0,3}?(?i:forms?|templates?|spreadsheets?|lists?|letters?|flyers?|schedules?|rosters?|documents?|"
    r"pro\s?formas?|checklists?|tables?|guidelines?|guidance|memo|files?|worksheets?|surveys?|agreements?|charts?|calendars?|"
    r"brochures?|posters?|samples?|reports?|sheets?|circulars?|policy|plans?|maps?|logs?|applications?)\b)"
    r"|\b(?P<heading>(?i:attachments?|enclosures?|encl?s?\.?)\s*(?:\(\d{1,2}\))?:[ \t]*(?P<title>[^\r\n]{3,80}))"
    r"|\b(?:(?i:is|are)\s+(?P<said>(?i:attached|enclosed)))\b"
)
_MORE = re.compile(r"(?:[A-Z]|\d{1,2}|[IVX]{1,4})(?:[-.]?\d{1,2})?\b")
_SUBJECT = re.compile(r"(?P<words>(?:(?:[Tt]he|[Aa]n?|[Yy]our|[Oo]ur)\s+)?(?:[\w'’-]+\s+){1,5})$")


def forms_named(passage: str) -> tuple[str, ...]:
    """Forms and systems by their names ("Form TS-4", "StaffLink", "the attached template"), once each."""
    found: list[str] = []
    for m in _FORM.finditer(passage):
        name = next(words for words in m.groups() if words)
        if m["named"]:
            name = _without_opening(name)
        if m["numbered"] and not re.search(r"\d|\s[A-Z]$", name):
            continue
        name = " ".join(name.split())
        if " " in name or m["system"] or m["plain"]:
            found.append(name)
    return _once(found)


def attachments_named(text: str) -> tuple[str, ...]:
    """What the memo says comes with it: "Attachment A", "attached spreadsheet", once each in the order of the text.

    "Attachments 2 and 3" are two. Whether they did come is for whoever holds the files to say.
    """
    found: list[str] = []
    for m in _ATTACHED.finditer(text):
        if m["lettered"]:
            kind = m["lettered"].split()[0].capitalize()
            singular = kind if kind == "Annex" else kind.removesuffix("s")
            singular = "Appendix" if singular in ("Appendixe", "Appendice") else singular
            marks = _MORE.findall(m["lettered"][len(kind) :])
            found.extend(f"{singular} {mark}" for mark in marks)
        elif m["plain"]:
            found.append(" ".join(m["plain"].lower().split()))
        elif m["title"]:
            found.append(" ".join(m["title"].split()).strip(" .;"))
        elif m["said"]:
            what = _SUBJECT.search(
                text[max(0, m.start() - 60) : m.start()].rsplit("\n", 1)[-1].rsplit(". ", 1)[-1]
            )
            if what:
                found.append(" ".join(what["words"].split()).lower())
    return _once(found)


def _without_opening(name: str) -> str:
    """The name without a word that only opens its sentence: "Submit Culture Survey"."""
    previous = ""
    while previous != name:
        previous, name = name, _LEADING.sub("", name)
    return name


def _once(names: list[str]) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(name.casefold(), name)
    return tuple(known.values())
