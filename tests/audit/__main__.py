"""What the bot is made of, and whether any of it is known to be broken: make audit.

    python -m tests.audit TOOLS FOLDER

Writes a bill of materials (CycloneDX), a list of licences and the findings of pip-audit into FOLDER. TOOLS is where
pip-audit and cyclonedx-py are installed, apart from what they look at. Exit status 1 where a known vulnerability is
found. Where the list of known ones cannot be reached, that is said, and nothing is called sound.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.audit.bill import enrich, licence_of, licence_page, read_lock, to_look_at

SHIPPED, ALL = "requirements.txt", "requirements.lock"
SECONDS = 300


def main(tools: Path, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    lock = read_lock(Path(SHIPPED).read_text(encoding="utf-8"))
    licences = {one.name: licence_of(one.name) for one in lock}
    _write_bill(tools, folder / "sbom.cdx.json", lock, licences)
    (folder / "licences.md").write_text(licence_page(lock, licences), encoding="utf-8")
    say(f"{len(lock)} packages are shipped: {folder}/sbom.cdx.json (CycloneDX), {folder}/licences.md.")
    if odd := to_look_at(licences):
        say(f"Licences to look at: {', '.join(odd)}.")
    return _audit(tools, folder / "audit.json")


def _write_bill(tools: Path, target: Path, lock: list[Any], licences: dict[str, str]) -> None:
    run = [tools / "cyclonedx-py", "requirements", SHIPPED, "--pyproject", "pyproject.toml", "--of", "JSON"]
    run += ["--short-PURLs", "--output-reproducible"]
    made = subprocess.run(run, capture_output=True, text=True, timeout=SECONDS, check=True)
    text = json.dumps(enrich(json.loads(made.stdout), lock, licences), indent=2, ensure_ascii=False)
    check = (
        "import sys\nfrom cyclonedx.schema import SchemaVersion\n"
        "from cyclonedx.validation.json import JsonStrictValidator\n"
        "sys.exit(str(JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read()) or '') or 0)"
    )
    subprocess.run([tools / "python", "-c", check], input=text, text=True, timeout=SECONDS, check=True)
    target.write_text(text + "\n", encoding="utf-8")


def _audit(tools: Path, target: Path) -> int:
    run = [
        tools / "pip-audit",
        "--disable-pip",
        "--require-hashes",
        "-r",
        ALL,
        "-f",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(run, capture_output=True, text=True, timeout=SECONDS, check=False)
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        found = []
    target.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return tell(found)


def tell(found: list[dict[str, Any]]) -> int:
    """Say what pip-audit found of each package; the exit status."""
    looked = [one for one in found if "vulns" in one]
    passed_over = [one["name"] for one in found if "vulns" not in one]
    broken = [one for one in looked if one["vulns"]]
    for one in broken:
        for fault in one["vulns"]:
            mended = ", ".join(fault.get("fix_versions") or ()) or "none yet"
            say(f"{one['name']} {one['version']}: {fault['id']}, mended in {mended}.")
    if not looked:
        say(
            "NOT AUDITED: the list of known vulnerabilities cannot be reached from here. No package is called sound."
        )
    else:
        say(f"{len(looked)} packages looked up, {len(broken)} with a known vulnerability.")
        if passed_over:
            say(f"NOT AUDITED, for the list does not know them: {', '.join(passed_over)}.")
    return 1 if broken else 0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
