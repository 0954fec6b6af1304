"""The sample district's memos, in the form real ones have; every name and number in them is invented."""

from importlib import resources

from bot.sample.people import UNIT_STAFF

IN_THE_BUFFER = (  # memo, who sent it, when (local time)
    ("english_learners", UNIT_STAFF[1], "2027-03-08 15:40"),
    ("evaluation_conferences", UNIT_STAFF[0], "2027-03-08 15:50"),
    ("state_testing", UNIT_STAFF[1], "2027-03-10 12:10"),
    ("boiler_inspections", UNIT_STAFF[2], "2027-03-10 12:20"),
    ("substitutes", UNIT_STAFF[0], "2027-03-10 12:40"),
)
"""Five memos that wait for the ILDs when the clock starts."""


def read_sample(name: str) -> str:
    """The text of a sample memo."""
    return resources.files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
