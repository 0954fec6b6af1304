"""Personal calendars in iCalendar form, written for tests in the manner of the programs that publish them."""

WINDOWS_EASTERN = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def calendar(*events: str, zones: str = "") -> bytes:
    """A calendar of these events, each the lines between BEGIN and END, as bytes with the line ends of the format."""
    bodies = [f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT" for event in events]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tests//EN", zones, *bodies, "END:VCALENDAR", ""]
    return "\n".join(line for line in lines if line or line is lines[-1]).replace("\n", "\r\n").encode()


def event(start: str, end: str, *more: str, uid: str = "1@tests") -> str:
    """``start`` and ``end`` as they stand after the property's name: ":20261201T090000", ";VALUE=DATE:20261201"."""
    return "\n".join([f"UID:{uid}", f"DTSTART{start}", f"DTEND{end}", *more])
