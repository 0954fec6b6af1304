"""Whom to ask: the office or person, telephone and address that a memo gives for questions."""

import re

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,24}){1,4}")
_PHONE = re.compile(
    r"(?<![\d-])(?:\(\d{3}\)\s?|\d{3}[-.\s])\d{3}[-.]\d{4}(?:\s*(?:x|ext\.?)\s*\d{1,5})?(?!\d)|"
    r"(?<!\d)0\d{2,4}\s\d{3,4}\s\d{3,4}(?!\d)"
)
_FAX = re.compile(r"(?i)\bfax\b[^\r\n]{0,40}")
_FIELD = re.compile(
    r"(?im)(?:^[ \t]*|(?<=[.!?] )(?=questions\b))(?P<key>owner|name|contact(?:\s+person)?|department|office|"
    r"prepared\s+by|questions(?:\s+to)?|who\s+answers\s+questions\??)[ \t]*:"
    r"(?![ \t]*(?:please|contact|call|e-?mail|ask|write)\b)[ \t]*(?P<value>[^\r\n]{2,90})"
)
_ASK = re.compile(
    r"(?i)\b(?:questions?|more\s+information|further\s+information|for\s+help|assistance|"
    r"queries)\b[^.\n]{0,80}?\b(?:contact|call|e-?mail|directed\s+to|reach)\s*:?\s*(?P<who>[^\n]{3,140})"
)


def contact_in(passage: str) -> str:
    """The address, else the telephone number, that one sentence gives; empty where it gives none."""
    found = _EMAIL.search(passage) or _PHONE.search(_FAX.sub("", passage))
    return found[0].rstrip(".") if found else ""


def find_contact(text: str) -> str | None:
    """One line such as "Owner, Department, 617-555-0142, office@example.org"; None where the memo names nobody."""
    head = text[-6000:] if len(text) > 12_000 else text
    parts: list[str] = []
    for field in _FIELD.finditer(head):
        value = field["value"].strip(" .,")
        if value and value not in parts and len(parts) < 2:
            parts.append(value)
    ask = _ASK.search(head)
    near = head[ask.start() : ask.end() + 160] if ask else head
    if ask and not parts:
        who = re.split(
            r"[.;](?:\s|$)|\s+(?:at|or by|by)\s+(?=[\w.+-]+@|\(?\d)|(?=\b[\w.+-]+@)|(?=\(?\d{3}\)?[-. ])",
            ask["who"],
        )[0]
        who = re.sub(r"(?i)\s+(?:on|at|or|by)$", "", who.strip()).strip(" ,.:(").removeprefix("the ")
        if 2 < len(who) <= 80:
            parts.append(who)
    near, head = _FAX.sub("", near), _FAX.sub("", head)
    for pattern in (_PHONE, _EMAIL):
        found = pattern.search(near) or (pattern.search(head) if parts or pattern is _EMAIL else None)
        if found and found[0] not in " ".join(parts):
            parts.append(found[0].rstrip("."))
    return ", ".join(parts) if parts else None
