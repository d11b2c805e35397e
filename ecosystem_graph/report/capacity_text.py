"""What capacities are taken to be where the tables say nothing of them, as text."""

from collections.abc import Mapping
from typing import Any

from ecosystem_graph.lists.capacity import OF_MEDIAN
from ecosystem_graph.tables.messages.wording import first_few

#: Partners that are named.
_NAMED = 3


def others_capacity_text(account: Mapping[str, Any] | None) -> str | None:
    """What is to be said of partners whose capacity is taken from the others; None if nothing.

    Parameters
    ----------
    account : mapping or None
        Of a run, with what :meth:`~ecosystem_graph.lists.capacity.Room.account` says.

    Returns
    -------
    str or None
    """
    if account is None or not account["others"]["partners"]:
        return None
    if account["capacity_of_others_is"] != OF_MEDIAN:
        return None
    some = account["others"]
    return (
        f"{some['partners']:,} partners state no intro_capacity "
        f"({first_few(some['first'], _NAMED)}): "
        f"each is taken to have room for {account['capacity_of_others']:,} introductions, the "
        "median of those that state one. Another number for them: --capacity N."
    )
