"""A theory of action: written, tied to figures that would refute it, revised with a reason, told to everybody."""

from datetime import date, timedelta

import pytest

from handlers.actions import act
from protocols.cadence.calendar import Half
from storage import people, theories, visits
from storage.database import Store
from storage.tables import PromiseRow
from tests.chat import Chat, Speaker
from tests.district import NOW, email

TODAY = date(2026, 11, 24)
WORDS = (
    "theory of action: if ILDs are in every school every two weeks, then next steps are looked at again, so that "
    "principals find visits of use"
)


@pytest.fixture
def chat(store: Store) -> Chat:
    """A visit to every school every ten days since September; of ten next steps that came due, four were looked at."""
    with store.begin() as tx:
        schools = people.schools_on(tx, TODAY)
        day = date(2026, 9, 8)
        while day < TODAY:
            for school in schools:
                visits.record_held(
                    tx,
                    school_id=school.id,
                    ild_id=school.ild_id or 0,
                    day=day,
                    half=Half.AM,
                    kind="walkthrough",
                    minutes=60,
                    at=NOW,
                )
            day += timedelta(days=10)
        for number in range(10):
            tx.add(
                PromiseRow(
                    school_id=schools[number % 5].id,
                    owner_id=schools[number % 5].principal_id or 0,
                    what="a step that nobody but its school may read",
                    by_when=date(2026, 10, 1) + timedelta(days=number),
                    evidence="notes",
                    looked_at=NOW if number < 4 else None,
                    created_at=NOW - timedelta(days=80),
                )
            )
    return Chat(store, at="2026-11-24 09:00")


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


def test_it_is_written_tied_and_stands_beside_its_figures(ruth: Speaker) -> None:
    ruth.says("theory of action")
    ruth.sees("There is no theory of action for the district yet")
    ruth.says(WORDS)
    ruth.sees(
        "ILDs are in every school every two weeks",
        "Tied to no figure",
        "say nothing about the theory yet",
        "Revision 1",
    )
    ruth.says("tie if to days between visits at most 10")
    ruth.sees("Days between visits, at most 10 school days. Speaks for it", "Whether what was to follow does")
    ruth.says("tie then to next steps looked at again at least 80%")
    ruth.sees("Speaks against it: 40%, from 10 next steps", "That speaks against the first step")
    ruth.does_not_see("nobody but its school")
    ruth.says("tie so that to usefulness at least 3")
    ruth.sees("Not yet known: 0 principals so far, too few to say.")


def test_a_line_moves_only_with_a_reason_and_every_change_is_a_revision(ruth: Speaker) -> None:
    ruth.says(WORDS)
    ruth.says("tie then to next steps looked at again at least 80%")
    ruth.says("tie then to next steps looked at again at least 30%")
    ruth.sees("Say why it moves")
    ruth.says("tie then to next steps looked at again at least 30% because it is the first year")
    ruth.sees("Speaks for it: 40%, from 10 next steps", "Revision 3", "it is the first year")
    ruth.says("untie then")
    ruth.sees("Say why, so that it can be read later")
    ruth.presses("Revisions")
    ruth.sees("Revision 3", "Ruth Castellanos: it is the first year", "at least 80%", "Revision 1")
    ruth.presses("Back")
    ruth.sees("at least 30%")
    ruth.says("untie then because we look elsewhere")
    ruth.sees("Revision 4", "Tied to no figure")


def test_revising_asks_for_the_reason_and_keeps_what_was_typed(ruth: Speaker) -> None:
    ruth.says("revise theory of action because visits alone were not enough")
    ruth.sees("There is none yet")
    ruth.says(WORDS)
    ruth.says("revise theory of action because visits alone were not enough")
    ruth.presses("Keep it", then="principals lead the debrief themselves")
    ruth.sees("principals lead the debrief themselves", "Revision 2", "visits alone were not enough")
    ruth.says(WORDS)
    ruth.presses("Keep it")
    ruth.sees("Say why it changes")
    ruth.presses("Keep it", because="we go back")
    ruth.sees("Revision 3", "we go back", "next steps are looked at again")


def test_an_old_form_changes_nothing_says_what_changed_and_keeps_what_was_typed(ruth: Speaker) -> None:
    ruth.says(WORDS)
    ruth.says("revise theory of action")
    ruth.says("tie if to intervals kept at least 80%")
    ruth.presses("Keep it", because="too late", if_="something else")
    ruth.sees("It has been revised meanwhile", "Intervals kept, at least 80%", "something else", "too late")
    ruth.presses("Keep it")
    ruth.sees("Revision 3", "something else", "Intervals kept, at least 80%")


def test_the_form_ties_a_part_to_a_figure(ruth: Speaker) -> None:
    ruth.says(WORDS)
    ruth.presses("Tie to a figure")
    ruth.presses("Tie", gauge="protected_kept", value="much")
    ruth.sees("is no amount")
    ruth.presses("Tie", gauge="protected_kept", value="90%")
    ruth.sees("Protected time kept, at least 90%", "Speaks for it")


def test_principals_and_units_read_the_words_and_no_figures(
    chat: Chat, ruth: Speaker, grace: Speaker
) -> None:
    ruth.says(WORDS)
    ruth.says("tie then to next steps looked at again at least 80%")
    dev = chat.person(email("dev.patel"))
    for reader in (grace, dev):
        reader.says("theory of action")
        reader.sees("ILDs are in every school every two weeks", "at least 80%")
        reader.does_not_see("Speaks against", "40%", "Revise")
        reader.presses_action(act("theory.form", scope="district"))
        reader.sees("kept by executives")


def test_an_ild_keeps_one_for_her_network_which_other_networks_do_not_see(
    chat: Chat, ruth: Speaker, imani: Speaker, tomas: Speaker, grace: Speaker
) -> None:
    imani.says(WORDS)
    imani.says("tie if to days between visits at most 10")
    imani.sees("Your network's theory of action", "Speaks for it")
    scope = theories.scope_of(imani.id)
    tomas.says("theory of action")
    tomas.does_not_see("every two weeks")
    tomas.presses_action(act("theory.revisions", scope=scope))
    tomas.sees("not one I can show you")
    tomas.presses_action(act("theory.keep", scope=scope, n=2), if_="a", then="b", so_that="c", because="d")
    tomas.sees("another network's, kept by its ILD")
    grace.says("theory of action")
    grace.sees("Imani Brooks's theory of action", "every two weeks")
    ruth.says("theory of action")
    ruth.sees("Imani Brooks's theory of action", "at most 10 school days")
    ruth.does_not_see("Tie to a figure", "Speaks for it")


def test_the_districts_theory_is_read_by_an_ild_in_her_own_networks_figures(
    ruth: Speaker, tomas: Speaker
) -> None:
    ruth.says(WORDS)
    ruth.says("tie then to next steps looked at again at least 80%")
    tomas.says("theory of action")
    tomas.sees(
        "The district's theory of action", "Counted over your network", "4 next steps so far, too few to say"
    )
