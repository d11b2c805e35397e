"""One partner's list as it was made, beside all the others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MadeList:
    """What became of one collaborator in one partner's list.

    Attributes
    ----------
    run_id : str or None
        Of the run it was made in; None if it was made to answer.
    asked_for : bool
        Whether a list was asked for.
    listed : tuple of str
        Collaborators in it, in order.
    rank : int or None
        The place of the collaborator; None if it is not listed.
    moved_by : tuple of str
        Flags that say what moved it there.
    lists_of_it : int
        Lists the collaborator stands in, of all that were made.
    n_lists : int
        How many were made.
    """

    run_id: str | None
    asked_for: bool
    listed: tuple[str, ...]
    rank: int | None
    moved_by: tuple[str, ...]
    lists_of_it: int
    n_lists: int
