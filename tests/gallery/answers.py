"""One screen for each kind of answer, and for each side of the centre's mirror, as the sample district shows them."""

from tests.gallery.scenes import DARNELL, DEV, GRACE, IMANI, RUTH, Stage

QUESTIONS = {
    "answer-by-ild": "visits since September by ILD",
    "answer-over-time": "visits since September",
    "answer-compared": "visits this semester against last semester by network",
    "answer-spread": "visits this semester by school",
    "answer-not-visited": "schools not visited for three weeks",
    "answer-longest-gap": "longest gap this semester in North Network",
    "answer-intervals-kept": "intervals kept this semester by network",
    "answer-evenness": "evenness of visits this semester by ILD",
    "answer-time-in-schools": "share of time in schools since September by ILD",
    "answer-cancelled": "visits cancelled since September by reason",
    "answer-made-good": "how many cancelled visits were made good since September",
    "answer-cycles": "cycles of inquiry by phase",
    "answer-protected-kept": "protected time kept this semester by month",
    "answer-protected-lost": "who took protected time since September",
    "answer-next-steps": "visits that ended in a next step since September by level",
    "answer-usefulness": "how useful were visits to principals this semester by network",
    "answer-refused": "what was said at Lincoln Middle",
    "answer-asked-back": "visits every Monday in the moon",
    "answer-small-group": "how useful were visits at Lincoln Middle this semester",
}
"""What an executive asks, by the name of the picture."""
AFTER_THE_DIGEST = {
    "answer-mandates": "mandates since February by office",
    "answer-minutes-asked": "minutes asked of principals this month",
    "answer-taken-off": "demands taken off plates this month",
}
"""Asked once the sample's week has been sorted and its digest has gone out."""


def questions(stage: Stage) -> None:
    for name, words in QUESTIONS.items():
        stage.says(RUTH, words)
        stage.keeps(name, RUTH)


def later_questions(stage: Stage) -> None:
    for name, words in AFTER_THE_DIGEST.items():
        stage.says(RUTH, words)
        stage.keeps(name, RUTH)


def subscription(stage: Stage) -> None:
    """An answer that comes by itself, and what its subject sees of it."""
    stage.says(RUTH, "visits this month by network")
    stage.presses(RUTH, "Send me this regularly")
    stage.keeps("subscription-offered", RUTH)
    stage.presses(RUTH, "Every first Monday")
    stage.says(RUTH, "my subscriptions")
    stage.keeps("subscriptions", RUTH)
    stage.says(IMANI, "who looked at my figures")
    stage.keeps("who-looked", IMANI)


def units(stage: Stage) -> None:
    """A request at the unit, its answer at the school, and how units answer."""
    stage.says(DEV, "request 34")
    stage.keeps("service-request", DEV)
    stage.presses(DEV, "Take it")
    stage.keeps("service-promise", DEV)
    stage.presses(DEV, "Promise it", day="2027-03-12", words="A retired colleague can begin on the 15th.")
    stage.says(DARNELL, "service requests")
    stage.keeps("service-requests", DARNELL)
    stage.says(RUTH, "scorecard facilities")
    stage.keeps("scorecard", RUTH)
    stage.says(RUTH, "scorecards")
    stage.keeps("scorecards", RUTH)


def pulse(stage: Stage) -> None:
    stage.says(GRACE, "pulse")
    stage.keeps("pulse", GRACE)
    stage.presses(GRACE, "Facilities")
    stage.keeps("pulse-form", GRACE)
    stage.says(RUTH, "pulse")
    stage.keeps("pulse-results", RUTH)
    stage.presses(RUTH, "Open")
    stage.keeps("pulse-result", RUTH)


def theory_and_ties(stage: Stage) -> None:
    stage.says(RUTH, "theory of action")
    stage.keeps("theory", RUTH, having="The district's theory")
    stage.presses(RUTH, "Revisions")
    stage.keeps("theory-revisions", RUTH, having="revisions")
    stage.says(RUTH, "who works with whom")
    stage.keeps("ties", RUTH)
