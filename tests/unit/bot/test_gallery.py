"""The gallery is for eyes, so only this of it is tested: without Node it says that nothing was drawn."""

import shutil
from pathlib import Path

import pytest

from tests.gallery.__main__ import main


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_without_node_the_gallery_says_loudly_that_it_was_skipped(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == missing else f"/bin/{name}")
    assert main(str(tmp_path)) == 0
    assert f"GALLERY SKIPPED: no {missing} found" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
