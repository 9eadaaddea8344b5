"""Who may do what with a dossier, when; each answer quotes the article of the regulation."""

from dossiers.rules.work import (
    OF_WORK,
    may_answer_proposal,
    may_give_out,
    may_propose_coordinators,
    may_share,
)

__all__ = [
    "OF_WORK",
    "may_answer_proposal",
    "may_give_out",
    "may_propose_coordinators",
    "may_share",
]
