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

## What to do when

- **Somebody asks what is kept about them.** They write `export my data` and get it as a file whose link opens for
  a day. For somebody who has left, `throughline export person EMAIL FOLDER` does the same at the terminal. Other
  people's words are in it only where that person reads them in the chat; a conversation that was handed over is closed
  to whoever handed it over, and counted.
- **Somebody has left.** Let the roster end their roles, hand their open conversations over, then `forget EMAIL` in
  chat, or `throughline forget EMAIL`. Name, addresses, accounts, own calendar, settings and the words of messages to
  them go; the row stays as *Former principal 12*, so that visits and assignments still count. It is refused while they
  hold a role, stand in the roster, or are under hold. What others wrote about them, and memos, are not searched for
  the name.
- **A lawyer or a reporter asks for records.** First the hold: `legal hold on Lincoln Middle, grace@district.org from 1
  September because of a records request`. Then `throughline export records --from DAY --to DAY FOLDER` writes what is a
  public record and counts what is not, each with its ground: coaching, words between named people, working papers,
  people's own settings, answers without names, keys and logs. Which of these grounds your state's law knows is for the
  records officer and counsel to say. `release hold 2 because …` when it is over.
- **The district's schedule says otherwise.** `keep coaching 2 years` in chat; `retention` shows what holds and what the
  last night let go. A term that was made shorter takes effect at the next pass, from 1:00 in the district's zone.

Each act is in the audit log, in ids and counts, and these lines of it are kept for good. On SQLite the room of what was
let go is used again, and overwritten then; `VACUUM` writes the file anew at once.

## The schedule

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
