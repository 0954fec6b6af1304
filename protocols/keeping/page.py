"""The page of the retention schedule, ``docs/retention.md``."""

from protocols.keeping.schedule import SCHEDULE, say_bounds, say_days

_ABOVE = """\
# How long what is kept is kept

Every kind of record, how long, from when, and why. This page is written by `make retention` from
`protocols/keeping/schedule.py`; the same table is what the clock goes by, and what `retention` shows the administrator
in chat. It is no legal advice: state law and the district's own schedule come first, and an administrator sets what
they say with `keep messages 2 years`, within the range given here.

- **Words go, figures stay.** What is let go are words, files and links. Visits, protected time and answers stay in
  numbers, so no count of an earlier year changes.
- **Never let go by age:** a conversation or next step that is open, a visit that is planned or not settled, a request
  that waits, a message that was not sent yet, and whatever is under hold.
- **A hold** (`legal hold on Lincoln Middle from 1 September because of a records request`) keeps everything about the
  people or schools it names, or everything, until it is released. Nothing under hold goes by age or by request.
- **Coaching is kept apart from evaluation.** The bot holds no evaluation. What is said in coaching is in no export but
  that of the two people who said it.
- **Student records.** The bot asks for classroom numbers, not names. Should a student's record get into it all the
  same, federal law forbids destroying it while somebody's request to see it is open: put it under hold first.

- **Messages** repeat what stands elsewhere, so they are never kept longer than coaching, visit reasons, digest answers
  and requests.
- **Backups** hold what was there when they were taken. Throw them away by a schedule of their own.

| Kind | Kept | The district may set | From when |
|---|---|---|---|
"""


def write_page() -> str:
    """The page in Markdown."""
    rows = [
        f"| {kind.value} | {say_days(term.days)} | {say_bounds(term)} | {term.since} |"
        for kind, term in SCHEDULE.items()
    ]
    parts = [_ABOVE + "\n".join(rows) + "\n"]
    for kind, term in SCHEDULE.items():
        parts.append(
            f"## {kind.value.capitalize()}\n\n{term.what}\n\n"
            f"- **Kept:** {say_days(term.days)}, from when {term.since}\n"
            f"- **Goes:** {term.goes}\n- **Stays:** {term.stays}\n- **Why:** {term.why}\n"
        )
    return "\n".join(parts)
