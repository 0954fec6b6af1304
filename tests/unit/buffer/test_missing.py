"""Attachments that are named and did not come: said where that is so, and only there."""

import pytest

from protocols.buffer.missing import say_missing

BODY = "Return Attachment A and the attached floor plan by December 4, 2026."
PAGES = " ".join(["Outlet by outlet, write down the room, the kind of tap and who has the key."] * 6)


@pytest.mark.parametrize(
    ("text", "came", "said"),
    [
        pytest.param("Return the list by Friday.", (), None, id="none is named"),
        pytest.param(BODY, ("Attachment A.pdf", "plan.pdf"), None, id="as many came as are named"),
        pytest.param(BODY, ("AttachmentA_outlets.pdf",), "“attached floor plan”", id="one of two came"),
        pytest.param(BODY, (), "“Attachment A” and “attached floor plan”, which did not", id="none came"),
        pytest.param(
            f"Return Attachment A by Friday.\n\nAttachment A: outlet list\n\n{PAGES}", (), None,
            id="it stands further down in the same file",
        ),
        pytest.param(
            "Return Attachment A by Friday.\n\nAttachment A: outlet list", (), "“Attachment A”",
            id="a list of attachments is not the attachments",
        ),
        pytest.param(
            "See Attachments 1, 2, 3, 4, 5 and 6.", ("x.pdf",), "It names 6 attachments that did not come",
            id="many",
        ),
    ],
)  # fmt: skip
def test_a_named_attachment_that_did_not_come_is_said(
    text: str, came: tuple[str, ...], said: str | None
) -> None:
    found = say_missing(text, came)
    if said is None:
        assert found is None
    else:
        assert found is not None
        assert said in found
