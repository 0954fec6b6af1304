"""What people wrote, from what Slack hands over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack_words import read_text


@pytest.mark.parametrize(
    ("handed", "written"),
    [
        pytest.param("5 &lt; 6 &amp;&amp; 7 &gt; 6", "5 < 6 && 7 > 6", id="signs"),
        pytest.param("&amp;lt;b&amp;gt;", "&lt;b&gt;", id="signs that were typed as signs"),
        pytest.param("<https://a.example/x>", "https://a.example/x", id="an address"),
        pytest.param("<http://a.example|a.example>", "a.example", id="an address typed without its scheme"),
        pytest.param(
            "<https://a.example/f|the form>", "the form (https://a.example/f)", id="words over an address"
        ),
        pytest.param("<mailto:hr@a.example|hr@a.example>", "hr@a.example", id="a mail address"),
        pytest.param("ask <@U123|dana> or <@U456>", "ask @dana or @U456", id="people"),
        pytest.param("in <#C123|north-network>", "in #north-network", id="a channel"),
        pytest.param("<!channel> and <!date^1^{date}|Monday>", "@channel and Monday", id="special words"),
        pytest.param("<@UBOT> my week", "my week", id="the bot itself"),
        pytest.param("by <Friday", "by <Friday", id="a lone bracket"),
    ],
)
def test_the_words_come_out_as_they_were_written(handed: str, written: str) -> None:
    assert read_text(handed, bot_user="UBOT") == written


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_escaped_text_comes_back_unchanged(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert read_text(escaped) == text.strip()
