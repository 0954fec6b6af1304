"""What people wrote in Teams, from its plain text and its HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.teams_words import Words, read_plain, read_rich

BOT = ("Throughline",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("help", "help"),
        ("<at>Throughline</at> help\n", "help"),
        ("<at>Throughline</at>", ""),
        ("log visit with <at>Grace</at>", "log visit with Grace"),
        ('<at id="0">Throughline</at>&nbsp;help', "help"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("one\r\ntwo", "one\ntwo"),
        ("one\u00a0two ", "one two"),
        ("", ""),
        ("<at>unclosed", "<at>unclosed"),
    ],
)
def test_plain_text_is_read_as_it_was_typed(text: str, words: str) -> None:
    assert read_plain(text, called=BOT) == words


@pytest.mark.parametrize(
    ("content", "own", "sent_on"),
    [
        pytest.param("<p>help</p>", "help", "", id="a word"),
        pytest.param("<p>one</p><p>two</p>", "one\n\ntwo", "", id="two paragraphs"),
        pytest.param("one<br>two", "one\ntwo", "", id="two lines"),
        pytest.param("<p>a &lt;b&gt; &amp; c&nbsp;d</p>", "a <b> & c d", "", id="letters that HTML needs"),
        pytest.param("<ul><li>seats</li><li>dates</li></ul>", "• seats\n• dates", "", id="a list"),
        pytest.param("<p><b>Due</b> <i>Fri</i> 4 Dec</p>", "Due Fri 4 Dec", "", id="bold and italic"),
        pytest.param(
            '<p><span itemtype="http://schema.skype.com/Mention" itemid="0">Throughline</span>&nbsp;help</p>',
            "help",
            "",
            id="the bot is called",
        ),
        pytest.param(
            '<p>with <span itemtype="http://schema.skype.com/Mention">Grace</span> today</p>',
            "with Grace today",
            "",
            id="somebody else is named",
        ),
        pytest.param('<p><at id="0">Throughline</at> help</p>', "help", "", id="the bot is called, in short"),
        pytest.param(
            '<blockquote itemtype="http://schema.skype.com/Reply"><p>Which one?</p></blockquote><p>Lincoln</p>',
            "Lincoln",
            "",
            id="what is replied to is not said again",
        ),
        pytest.param(
            '<blockquote itemtype="http://schema.skype.com/Forward"><p>By Fri 4 Dec</p></blockquote>',
            "",
            "By Fri 4 Dec",
            id="sent on without a word",
        ),
        pytest.param(
            '<blockquote itemtype="http://schema.skype.com/Forward"><p>Seats</p></blockquote><p>see</p>',
            "see",
            "Seats",
            id="sent on with a word",
        ),
        pytest.param("<blockquote><p>a quote</p></blockquote>", "a quote", "", id="somebody's own quote"),
        pytest.param('<p>ok <emoji alt="🙂"></emoji></p>', "ok 🙂", "", id="a smile"),
        pytest.param('<attachment id="1"></attachment>', "", "", id="a file's place"),
        pytest.param("", "", "", id="nothing"),
        pytest.param("<p>unclosed", "unclosed", "", id="unclosed"),
    ],
)
def test_html_is_read_as_it_looks(content: str, own: str, sent_on: str) -> None:
    assert read_rich(content, called=BOT) == Words(own, sent_on)


@pytest.mark.parametrize(
    "content", ["<p>" * 60_000, "<div>" * 5_000 + "deep" + "</div>" * 5_000], ids=["many", "deep"]
)
def test_what_no_chat_writes_is_left_to_the_plain_text(content: str) -> None:
    assert read_rich(content) is None


@given(st.text(max_size=200), st.text(max_size=40))
def test_whatever_comes_is_read_without_a_fault(content: str, name: str) -> None:
    read_plain(content, called=(name,))
    read_rich(content, called=(name,))
    read_rich(
        f"<p><at>{name}</at>{content}<blockquote itemtype='x/Skype.com/Reply'>{content}", called=(name,)
    )
