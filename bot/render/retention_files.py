"""The page of the retention schedule, written anew: ``python -m bot.render.retention_files FILE``."""

import sys
from pathlib import Path

from protocols.keeping.page import write_page


def main() -> None:
    """Writes the page to the file that is named."""
    Path(sys.argv[1]).write_text(write_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
