"""The words people use for days, times and lengths, as patterns. What they mean is in `moments`.

Patterns are bounded: each looks a few words around itself, so a long text costs its length and no more.
"""

import re

WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip

WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
ORDINAL = r"(?:st|nd|rd|th)?"
_MERIDIEM = r"[ap]\.?m\b\.?"
DAY = re.compile(
    rf"""(?<![^\W_])(?:on\s+)?(?:
        (?P<iso>\d{{4}}(?:-\d{{1,2}}-|/\d{{1,2}}/)\d{{1,2}})
      | (?:(?P<dated>{WEEKDAY})\.?,?\s+(?:the\s+)?)?(?:
            (?P<month>{MONTH})\.?\s+(?P<day>\d{{1,2}}){ORDINAL}(?![\d:.]*\d)(?!\s*{_MERIDIEM})
            (?:,?\s+(?P<year>20\d\d)(?!:))?
          | (?P<day2>\d{{1,2}}){ORDINAL}\s+(?:of\s+)?(?P<month2>{MONTH})\b\.?
            (?:,?\s+(?P<year2>20\d\d)(?!:))?
          | (?P<us>\d{{1,2}}/\d{{1,2}}(?:/(?:20)?\d\d)?|\d{{1,2}}-\d{{1,2}}-20\d\d)
        )
      | (?:(?P<which>this|next|coming|every|a\s+week\s+(?:from|on))\s+(?:week\s+)?)?
        (?P<weekday>{WEEKDAY})\b\.?(?P<week>\s+next\s+week)?
      | this\s+(?P<half>morning|afternoon)
      | (?P<relative>today|tomorrow|tomorow|tmrw|(?:the\s+)?day\s+after\s+tomorrow)
      | in\s+(?P<ahead>\d{{1,3}}|an?|{"|".join(list(NUMBERS)[2:])})\s+(?P<unit>days?|weeks?)
    )(?!(?!T\d)[^\W_]|/\d|-[^\W_])""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK = (
    rf"\d{{1,2}}(?:[:.]\d{{2}})?\s*{_MERIDIEM}|\d{{1,2}}[:.h]\d{{2}}(?::\d{{2}})?(?!\d)"
    r"|(?:[01]\d|2[0-3])[0-5]\d(?![\w-])|noon\b|midday\b|\d{1,2}\s*o'?clock\b"
)
TIME = re.compile(
    rf"""(?P<lead>\b(?:at|from|around)\s+|@\s*)?(?:(?<![\w:./-])|(?<=\dT))(?:
        (?P<clock>{_CLOCK}) | (?P<bare>\d{{1,2}})(?![\w:/%])
      )(?:\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b)\s*(?P<until>{_CLOCK}|\d{{1,2}}(?![\w:/%])))?""",
    re.IGNORECASE | re.VERBOSE,
)
UNIT = re.compile(r"\s*-?(?:min|minutes?|mins|hours?|hrs?|h)\b", re.IGNORECASE)
NUMBER = re.compile(r"\s+\d")
COUNTED_THING = re.compile(
    r"\s+(?!(?:about|with|for|in|to|at|on|re|and|or|morning|afternoon|noon)\b)[a-z]", re.IGNORECASE
)
LISTED = re.compile(r"\s*(?:and|or|/|&|,|\+)\s*", re.IGNORECASE)
HALF = re.compile(r"\b(?:in\s+the\s+)?(?P<half>morning|afternoon|am|pm)\b", re.IGNORECASE)
DURATION = re.compile(
    r"""(?:\bfor\s+)?(?<![\w.:])(?:
        (?P<halfhour>half\s+an\s+hour|half\s+hour)
      | (?P<hourhalf>(?:an|one)\s+hour\s+and\s+a\s+half|one\s+and\s+a\s+half\s+hours?)
      | (?P<h>\d{1,2})\s?h(?:ours?|rs?)?\s*(?:and\s+)?(?P<hm>\d{1,2})(?:\s?m(?:in(?:ute)?s?)?)?
      | (?P<hours>\d{1,2}(?:\.\d{1,2})?|an|one|two|three|four)[\s-]?(?:hours?|hrs?|h)
      | (?P<minutes>\d{1,3})[\s-]?(?:minutes?|mins?|m|')
      | (?P<quarters>(?:(?P<three>three)\s+quarters|a\s+quarter)\s+of\s+an\s+hour)
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
JOIN = re.compile(
    rf"(?:[\s,;]*{DURATION.pattern}(?=\s+(?:at|from)\b))?[\s,;]*(?:T|on|in\s+the|-)?[\s,]*".replace(
        "?P<", "?P<join_"
    ),
    re.IGNORECASE | re.VERBOSE,
)
