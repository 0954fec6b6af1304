"""People of a run change: a peer is invited, joins and leaves; an ILD hands her seat to the next; a page is printed."""

from sqlmodel import select

from handlers.actions import act
from handlers.cards import Download
from handlers.district import load_district
from handlers.guided.run_seat_moves import hand_over
from handlers.turn import Turn
from protocols.guided.steps import Role, seat_key
from storage import people, runs
from storage.database import Store
from storage.tables import AssignmentRow
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


def test_an_old_or_made_up_press_invites_nobody_from_outside(store: Store) -> None:
    chat, grace, _imani = inquiry(store)
    ruth, dev = chat.person(email("ruth.castellanos")), chat.person(email("dev.patel"))
    for stranger in (ruth, dev):
        grace.presses_action(act("run.invite", run=1, person=stranger.id))
        grace.sees("can't be invited to this one: the free seat is for a principal of the network or an ILD")
        assert stranger.everything() == ""
    peter = chat.person(email("peter.novak"))  # a principal, but of another network
    grace.presses_action(act("run.invite", run=1, person=peter.id))
    grace.sees("Peter Novak can't be invited to this one")
    farid = chat.person(email("farid.haddad"))
    grace.presses_action(act("run.invite", run=1, person=farid.id))
    farid.sees("[Join]")


def test_who_was_invited_and_has_gone_to_another_post_since_takes_no_seat(store: Store) -> None:
    chat, grace, _imani = inquiry(store)
    farid = chat.person(email("farid.haddad"))
    grace.says("invite Farid")
    with store.begin() as tx:
        for post in tx.exec(select(AssignmentRow).where(AssignmentRow.principal_id == farid.id)):
            post.principal_id = None
    farid.presses("Join")
    farid.sees("There is no seat for you in it any more")
    assert "has joined" not in grace.everything()


def test_of_several_runs_only_those_are_meant_that_the_person_can_join(store: Store) -> None:
    chat, grace, imani = inquiry(store)
    farid = chat.person(email("farid.haddad"))
    imani.says("inquiry lincoln elementary")
    grace.says("invite Farid")
    farid.presses("Join")
    farid.says("For whom is mathematics feedback late, and by how many days?")
    farid.says("invite Mei")
    farid.sees("Asked Mei Tanaka")
    farid.does_not_see("To which one?", "It is Grace's question")


def test_to_which_of_several_runs_is_asked_and_somebody_unknown_is_refused_as_ever(store: Store) -> None:
    chat, grace, imani = inquiry(store)
    grace.says("tuning")
    mei = chat.person(email("mei.tanaka"))
    peers = "\n".join(str(chat.person(email(name)).id) for name in ("farid.haddad", "tomas.rivera"))
    grace.presses("Begin", facilitator=str(imani.id), peer=peers)
    grace.says("invite Mei")
    grace.sees("To which one?", "[Lincoln Middle cycle of inquiry]", "[tuning]")
    grace.presses("Lincoln Middle cycle")
    mei.sees("invites you to think along in the Lincoln Middle cycle of inquiry")
    grace.says("invite Zebulon")
    grace.sees("I know nobody like “Zebulon” whom you could invite")


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
