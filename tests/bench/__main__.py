"""``make bench``: every benchmark in turn, as tables while it runs and as ``docs/benchmarks.md`` at the end.

``python -m tests.bench NAME…`` runs those alone and writes no page. With ``--data FOLDER`` years are planned on the
school calendar that is kept there.
"""

import argparse
import sys
import time
from pathlib import Path

from tests.bench.benches import BENCHES
from tests.bench.ground import Ground
from tests.bench.page import ROOT, page, this_machine
from tests.bench.tables import Report

PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="python -m tests.bench", description=(__doc__ or "").partition("\n")[0]
    )
    asked.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHES)}; none: all of them"
    )
    asked.add_argument(
        "--data", type=Path, default=None, help="a folder with calendars/, kept outside the project"
    )
    said = asked.parse_args()
    if unknown := [name for name in said.names if name not in BENCHES]:
        asked.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    machine, report, began = this_machine(), Report(), time.monotonic()
    report.say(str(machine))
    with Ground(said.data) as ground:
        for name in said.names or BENCHES:
            one = BENCHES[name]
            with report.section(one.title, one.about):
                one.run(report, ground)
    minutes = (time.monotonic() - began) / 60
    report.say(f"\n{minutes:.1f} minutes in all.")
    if not said.names:  # the page stands for a whole run
        PAGE.write_text(page(machine, report, minutes=minutes), encoding="utf-8")
        report.say(f"Written: {PAGE.relative_to(ROOT)}")
    return int(any(one.failed for one in report.sections))


if __name__ == "__main__":
    sys.exit(main())
