"""The result for one collaborator in one partner's list, among all lists of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MadeList:
    """The result for one collaborator in one partner's list.

    Attributes
    ----------
    run_id : str or None
        Run the list was made in; None if it was made for this question.
    asked_for : bool
        Whether a list of the partner was requested.
    listed : tuple of str
        Collaborators in the list, in order.
    rank : int or None
        Rank of the collaborator; None if it is not listed.
    moved_by : tuple of str
        Flags of the reranking steps that changed its rank.
    lists_of_it : int
        Lists the collaborator appears in, of all that were made.
    n_lists : int
        Number of lists made.
    """

    run_id: str | None
    asked_for: bool
    listed: tuple[str, ...]
    rank: int | None
    moved_by: tuple[str, ...]
    lists_of_it: int
    n_lists: int
