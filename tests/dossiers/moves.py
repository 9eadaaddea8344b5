"""The specification of a dossier's moves: place × verb × person, as data.

``told``: who is told that it is not the moment; whoever else sees the dossier is told that it is
not his to do, and whoever does not see it finds nothing. "verb > state": where it leads; a verb
without one leaves the state as it is.
"""

from dataclasses import dataclass

People = set[str]
Moves = dict[str, People]

OFFICE = {"chair", "vice", "chief"}
READERS = OFFICE | {"clerk", "archivist"}  # they see the whole agency


@dataclass(frozen=True)
class Place:
    """Who sees a dossier there, what is done with it by whom, and who hears of the wrong step."""

    seen: People
    done: Moves
    told: Moves


def begun(people: People) -> Moves:
    """What goes into a dossier that was only opened: then the work has begun."""
    adding = ("add_document", "add_files", "add_note", "add_opinion")
    return {f"{verb} > in_process": people for verb in adding} | {
        "move_item": people,
        "remove_item": people,
    }


def filed(people: People) -> Moves:
    """Everything that is done with its items, by the same people."""
    verbs = (
        "add_document", "add_files", "add_note", "add_opinion", "move_item", "remove_item"
    )  # fmt: skip
    return dict.fromkeys(verbs, people)


# The regulation of Kon Tum, which leaves the closing to the handler (NĐ 30/2020 Điều 29.4).
KON_TUM: dict[str, Place] = {
    # The specialist has opened it of his own work.
    "own": Place(
        READERS | {"head", "specialist"},
        {
            "correct": OFFICE | {"head", "specialist"},
            **begun(OFFICE | {"head", "specialist"}),
            "give_out > in_process": OFFICE | {"head"},
            "comment": READERS | {"head", "specialist"},
            "share": OFFICE | {"head", "specialist"},
            "complete > completed": {"head", "specialist"},
        },
        {
            "urge": OFFICE,
            "send_back": {"head", "specialist"},
            "close": {"head", "specialist"},
            "reopen": OFFICE | {"head", "specialist"},
        },
    ),
    # The chair has opened it for the head to keep.
    "opened": Place(
        READERS | {"head"},
        {
            "correct": OFFICE | {"head"},
            **begun(OFFICE | {"head"}),
            "give_out > in_process": OFFICE | {"head"},
            "comment": READERS | {"head"},
            "share": OFFICE | {"head"},
            "complete > completed": {"head"},
        },
        {
            "urge": OFFICE,
            "send_back": {"head"},
            "close": {"head"},
            "reopen": OFFICE | {"head"},
        },
    ),
    # The chair has given it to the head's unit; an accountant is to know.
    "given": Place(
        READERS | {"head", "accountant"},
        {
            "correct": OFFICE | {"head"},
            **filed(OFFICE | {"head"}),
            "give_out": OFFICE | {"head"},
            "take_back": OFFICE,
            "assign": {"head"},
            "propose_coordinators": {"head"},
            "progress": {"head"},
            "finish > completed": {"head"},
            "urge": OFFICE,
            "ask_opinion": {"head"},
            "comment": READERS | {"head", "accountant"},
            "share": OFFICE | {"head"},
            "read": {"accountant"},
            "complete > completed": {"head"},
            "send_back": {"head"},
        },
        {
            "request_extension": {"head"},
            "close": {"head"},
            "reopen": OFFICE | {"head"},
        },
    ),
    # The head has given it on to his specialist.
    "assigned": Place(
        READERS | {"head", "specialist", "accountant"},
        {
            "correct": OFFICE | {"head"},
            **filed(OFFICE | {"head", "specialist"}),
            "give_out": OFFICE | {"head"},
            "take_back": OFFICE | {"head"},
            "assign": {"head"},
            "propose_coordinators": {"head", "specialist"},
            "progress": {"head", "specialist"},
            "finish": {"specialist"},
            "urge": OFFICE | {"head"},
            "request_extension": {"specialist"},
            "ask_opinion": {"head", "specialist"},
            "comment": READERS | {"head", "specialist", "accountant"},
            "share": OFFICE | {"head", "specialist"},
            "read": {"accountant"},
            "send_back": {"head", "specialist"},
        },
        {
            "finish": {"head"},
            "request_extension": {"head"},
            "complete": {"head"},
            "close": {"head"},
            "reopen": OFFICE | {"head"},
        },
    ),
    # The specialist proposes who helps, asks for a later day and for an opinion.
    "asked": Place(
        READERS | {"adviser", "head", "specialist", "finance_head", "accountant"},
        {
            "correct": OFFICE | {"head"},
            **filed(OFFICE | {"head", "specialist"}),
            "give_out": OFFICE | {"head"},
            "take_back": OFFICE | {"head"},
            "assign": {"head"},
            "propose_coordinators": {"head", "specialist"},
            "answer_proposal": {"adviser", "finance_head"},
            "progress": {"head", "specialist"},
            "finish": {"specialist"},
            "urge": OFFICE | {"head"},
            "decide_extension": {"head"},
            "ask_opinion": {"head", "specialist"},
            "give_opinion": {"finance_head"},
            "withdraw_opinion": {"specialist"},
            "comment": READERS | {"adviser", "head", "specialist", "finance_head", "accountant"},
            "share": OFFICE | {"head", "specialist"},
            "read": {"accountant"},
            "send_back": {"head", "specialist"},
        },
        {
            "finish": {"head"},
            "request_extension": {"head", "specialist"},
            "complete": {"head"},
            "close": {"head"},
            "reopen": OFFICE | {"head"},
        },
    ),
    # The head has sent it back: nobody leads it, and it is the chair's who gave it.
    "sent_back": Place(
        READERS | {"head", "specialist", "accountant"},
        {
            "correct": OFFICE,
            **filed(OFFICE),
            "give_out": OFFICE,
            "comment": READERS | {"head", "specialist", "accountant"},
            "share": OFFICE,
            "read": {"accountant"},
            "complete > completed": {"chair"},
        },
        {
            "send_back": {"chair"},
            "close": {"chair"},
            "reopen": OFFICE,
        },
    ),
    # The lead has reported, the head has completed it.
    "completed": Place(
        READERS | {"head", "specialist", "accountant"},
        {
            "correct": OFFICE | {"head"},
            **filed(OFFICE | {"head", "specialist"}),
            "share": OFFICE | {"head"},
            "read": {"accountant"},
            "send_back > in_process": {"head"},
            "close > closed": {"head"},
        },
        {
            "give_out": OFFICE | {"head"},
            "urge": OFFICE,
            "request_extension": {"head", "specialist"},
            "comment": READERS | {"head", "specialist", "accountant"},
            "complete": {"head"},
            "reopen": OFFICE | {"head"},
        },
    ),
    # Who was to know may still say that he has read it.
    "closed": Place(
        READERS | {"head", "specialist", "accountant"},
        {
            "share": OFFICE | {"head"},
            "read": {"accountant"},
            "reopen > in_process": OFFICE | {"head"},
        },
        {
            "correct": OFFICE | {"head"},
            **filed(OFFICE | {"head", "specialist"}),
            "give_out": OFFICE | {"head"},
            "urge": OFFICE,
            "request_extension": {"head", "specialist"},
            "comment": READERS | {"head", "specialist", "accountant"},
            "complete": {"head"},
            "send_back": {"head"},
            "close": {"head"},
        },
    ),
    # Taken up again by a decision: its first lead has the work.
    "reopened": Place(
        READERS | {"head", "specialist", "accountant"},
        {
            "correct": OFFICE | {"head"},
            **filed(OFFICE | {"head", "specialist"}),
            "give_out": OFFICE | {"head"},
            "take_back": OFFICE,
            "assign": {"head"},
            "propose_coordinators": {"head"},
            "progress": {"head"},
            "finish > completed": {"head"},
            "urge": OFFICE,
            "ask_opinion": {"head"},
            "comment": READERS | {"head", "specialist", "accountant"},
            "share": OFFICE | {"head"},
            "read": {"accountant"},
            "complete > completed": {"head"},
            "send_back": {"head"},
        },
        {
            "request_extension": {"head", "specialist"},
            "close": {"head"},
            "reopen": OFFICE | {"head"},
        },
    ),
    # Given by the head to his specialist, without a paper (Kon Tum Điều 20.2).
    "task": Place(
        READERS | {"head", "specialist"},
        {
            "grow": {"head", "specialist"},
            "correct": OFFICE | {"head", "specialist"},
            **begun(OFFICE | {"head", "specialist"}),
            "give_out > in_process": OFFICE | {"head"},
            "comment": READERS | {"head", "specialist"},
            "share": OFFICE | {"head", "specialist"},
            "complete > completed": {"head", "specialist"},
        },
        {
            "urge": OFFICE,
            "send_back": {"head"},
            "close": {"head"},
            "reopen": OFFICE | {"head"},
        },
    ),
    # And given out to him with a day.
    "task_given": Place(
        READERS | {"head", "specialist"},
        {
            "grow": {"head", "specialist"},
            "correct": OFFICE | {"head", "specialist"},
            **filed(OFFICE | {"head", "specialist"}),
            "give_out": OFFICE | {"head"},
            "take_back": OFFICE | {"head"},
            "propose_coordinators": {"specialist"},
            "progress": {"specialist"},
            "finish > completed": {"specialist"},
            "urge": OFFICE | {"head"},
            "request_extension": {"specialist"},
            "ask_opinion": {"specialist"},
            "comment": READERS | {"head", "specialist"},
            "share": OFFICE | {"head", "specialist"},
            "complete > completed": {"specialist"},
            "send_back": {"specialist"},
        },
        {
            "send_back": {"head"},
            "close": {"head"},
            "reopen": OFFICE | {"head"},
        },
    ),
    # He has reported: its giver ends it, or wants more.
    "task_done": Place(
        READERS | {"head", "specialist"},
        {
            "correct": OFFICE | {"head", "specialist"},
            **filed(OFFICE | {"head", "specialist"}),
            "share": OFFICE | {"head", "specialist"},
            "send_back > in_process": {"head"},
            "close > closed": {"head"},
        },
        {
            "grow": {"head", "specialist"},
            "give_out": OFFICE | {"head"},
            "urge": OFFICE,
            "request_extension": {"specialist"},
            "comment": READERS | {"head", "specialist"},
            "complete": {"head", "specialist"},
            "reopen": OFFICE | {"head"},
        },
    ),
    "task_closed": Place(
        READERS | {"head", "specialist"},
        {
            "share": OFFICE | {"head", "specialist"},
            "reopen > in_process": OFFICE | {"head"},
        },
        {
            "grow": {"head", "specialist"},
            "correct": OFFICE | {"head", "specialist"},
            **filed(OFFICE | {"head", "specialist"}),
            "give_out": OFFICE | {"head"},
            "urge": OFFICE,
            "request_extension": {"specialist"},
            "comment": READERS | {"head", "specialist"},
            "complete": {"head", "specialist"},
            "send_back": {"head"},
            "close": {"head"},
        },
    ),
}

# The chair closes ("Chủ tịch UBND thành phố ... quyết định đóng hồ sơ", Bắc Giang Điều 6.3) and
# sends back what is not done; so does the head who was given it and gave it on (Điều 6.2).
BAC_GIANG: dict[str, Place] = {
    "completed": Place(
        READERS | {"head", "specialist", "accountant"},
        {
            "correct": OFFICE | {"head"},
            **filed(OFFICE | {"head", "specialist"}),
            "share": OFFICE | {"head"},
            "read": {"accountant"},
            "send_back > in_process": {"chair", "head"},
            "close > closed": {"chair"},
        },
        {
            "give_out": OFFICE | {"head"},
            "urge": OFFICE,
            "request_extension": {"head", "specialist"},
            "comment": READERS | {"head", "specialist", "accountant"},
            "complete": {"head"},
            "reopen": OFFICE,
        },
    ),
    "closed": Place(
        READERS | {"head", "specialist", "accountant"},
        {
            "share": OFFICE | {"head"},
            "read": {"accountant"},
            "reopen > in_process": OFFICE,
        },
        {
            "correct": OFFICE | {"head"},
            **filed(OFFICE | {"head", "specialist"}),
            "give_out": OFFICE | {"head"},
            "urge": OFFICE,
            "request_extension": {"head", "specialist"},
            "comment": READERS | {"head", "specialist", "accountant"},
            "complete": {"head"},
            "send_back": {"chair", "head"},
            "close": {"chair"},
        },
    ),
}
