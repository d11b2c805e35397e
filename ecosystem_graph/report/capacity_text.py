"""The default capacity that was taken from the tables, as text."""

from collections.abc import Mapping
from typing import Any

from ecosystem_graph.lists.capacity import OF_MEDIAN
from ecosystem_graph.tables.messages.wording import first_few

#: Partners that are named.
_NAMED = 3


def others_capacity_text(summary: Mapping[str, Any] | None) -> str | None:
    """A notice that some partners got the median capacity; None if no partner did.

    Parameters
    ----------
    summary : mapping or None
        The allocation in the record of a run: :meth:`~ecosystem_graph.lists.capacity.Room.account`.

    Returns
    -------
    str or None
    """
    if summary is None or not summary["others"]["partners"]:
        return None
    if summary["capacity_of_others_is"] != OF_MEDIAN:
        return None
    others = summary["others"]
    return (
        f"{others['partners']:,} partners state no intro_capacity "
        f"({first_few(others['first'], _NAMED)}): their capacity is set to "
        f"{summary['capacity_of_others']:,} introductions, the median of the partners that state "
        "one. Set another default with --capacity N."
    )
