"""On how many examples a property is tried: a share of what it names, each run on others; all in `make faults`."""

from hypothesis import settings

ALL = "thorough"
SHARES = {"quick": 25, ALL: 100}
"""Percent of the examples that a property names, by profile; and how many where it names none."""


def register() -> None:
    """Make the profiles known, with the quick one in force until ``--hypothesis-profile`` says otherwise."""
    for profile, share in SHARES.items():
        settings.register_profile(profile, max_examples=share)
    settings.load_profile("quick")


def tried(examples: int, **more: object) -> settings:
    """The settings of a property that is tried on so many examples where there is time for all."""
    share = settings().max_examples
    return settings(max_examples=max(1, examples * share // SHARES[ALL]), **more)  # type: ignore[arg-type]  # hypothesis knows them
