"""People of a run change: a peer is invited, joins and leaves; an ILD hands her seat to the next; a page is printed."""

from handlers.actions import act
from handlers.cards import Download
from handlers.district import load_district
from handlers.run_seat_moves import hand_over
from handlers.turn import Turn
from protocols.guided.steps import Role, seat_key
from storage import people, runs
from storage.database import Store
from tests.chat import Chat, Speaker
from tests.district import email

AT = "2026-12-01 09:00"


def inquiry(store: Store) -> tuple[Chat, Speaker, Speaker]:
    chat = Chat(store, at=AT)
    grace, imani = chat.person(email("grace.lindqvist")), chat.person(email("imani.brooks"))
    grace.says("inquiry")
    grace.says("I give feedback after visits days later, so teachers of mathematics do not use it.")
    return chat, grace, imani


def test_a_principal_invites_a_peer_who_reads_along_adds_and_leaves(store: Store) -> None:
    chat, grace, _imani = inquiry(store)
    farid = chat.person(email("farid.haddad"))
    grace.says("invite Farid to my inquiry")
    grace.sees("Asked Farid Haddad")
    farid.sees("Grace Lindqvist invites you to think along", "Lincoln Middle cycle of inquiry")
    farid.presses("Join")
    grace.sees("Farid Haddad has joined")
    farid.presses("Join")
    farid.sees("You take part already")
    farid.says("leave")
    farid.sees("You have left the Lincoln Middle cycle of inquiry")
    grace.sees("Farid Haddad has left", "What was written stays")


def test_who_is_not_invited_cannot_join(store: Store) -> None:
    chat, grace, _imani = inquiry(store)
    farid, mei = chat.person(email("farid.haddad")), chat.person(email("mei.tanaka"))
    grace.says("invite Farid")
    farid.sees("[Join]")
    mei.presses_action(act("run.join", run=1))
    mei.sees("That conversation is between others")


def test_the_host_alone_invites(store: Store) -> None:
    _chat, _grace, imani = inquiry(store)
    imani.says("invite Farid")
    imani.sees("It is Grace's question, so Grace invites")


def test_a_peer_may_decline(store: Store) -> None:
    chat, grace, _imani = inquiry(store)
    farid = chat.person(email("farid.haddad"))
    grace.says("invite farid hadad")
    farid.presses("Not now")
    farid.sees("passed that on")
    grace.sees("Farid Haddad can't think along just now")


def test_a_seat_handed_over_goes_on_where_it_stood_and_names_who_wrote_what(store: Store) -> None:
    chat, grace, imani = inquiry(store)
    tomas = chat.person(email("tomas.rivera"))
    imani.says("Three of five teachers had no note from the visit of Mon 2 Nov when I asked on Thu 5 Nov.")
    with store.begin() as tx:
        person = people.find_by_email(tx, email("imani.brooks"), on=chat.now.date())
        after = people.find_by_email(tx, email("tomas.rivera"), on=chat.now.date())
        assert person is not None
        assert after is not None
        run_id = runs.going(tx, person.id)[0].id
        turn = Turn(tx, person, chat.now, load_district(tx), "handover")
        hand_over(turn, run_id, seat_key(Role.VISITOR), after)
    tomas.sees("From now on you take part in the Lincoln Middle cycle of inquiry")
    grace.sees("Tomás Rivera goes on with you")
    tomas.presses("Go on")
    tomas.sees("Lincoln Middle cycle of inquiry")
    imani.says("resume")
    imani.sees("Nothing of yours is open")


def test_a_page_to_print_holds_what_its_owner_may_see(store: Store) -> None:
    _chat, grace, imani = inquiry(store)
    grace.says("print")
    grace.sees("to print", "keep them to yourself")
    files = [block for card in grace.seen for block in card.blocks if isinstance(block, Download)]
    assert [file.label for file in files] == ["Page to print", "Markdown"]
    assert "I give feedback after visits days later" in files[0].content
    imani.says("print")
    assert imani.seen
