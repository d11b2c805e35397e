"""Column names as people and spreadsheets write them -> the declared names."""

import itertools
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from ecosystem_graph.tables.values.text import UNSEEN

_BETWEEN: Final = re.compile(rf"[\s_\-\u2010\u2011{UNSEEN}]")


def folded(name: str) -> str:
    """Name without case, blanks, hyphens, underscores and invisible characters.

    Examples
    --------
    >>> folded("Partner ID"), folded("partner-id"), folded("PARTNER_ID")
    ('partnerid', 'partnerid', 'partnerid')
    """
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", name).casefold())


@dataclass(slots=True)
class ColumnMatch:
    """Which column of a file is which declared column.

    Attributes
    ----------
    place : dict of str to int
        Position in the file of each declared column that was found.
    by_table : dict of str to str
        Declared columns found under a name that begins with the table's, and that name.
    rivals : dict of str to list of str
        Declared columns that several columns match, with the names of those.
    unknown : list of str
        Names in the file that match no declared column.
    """

    place: dict[str, int] = field(default_factory=dict)
    by_table: dict[str, str] = field(default_factory=dict)
    rivals: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def match_columns(headers: Sequence[str], declared: Collection[str], table: str) -> ColumnMatch:
    """Match the names in a header to the declared ones, regardless of case, blanks and hyphens.

    A name that begins with the table's own matches the rest of it, if no other column does: in
    `partners`, `Partner Name` is `name`.

    Examples
    --------
    >>> found = match_columns(
    ...     ["Partner ID", "Partner Name", "Notes"], ["partner_id", "name"], "partners"
    ... )
    >>> found.place, found.by_table, found.unknown
    ({'partner_id': 0, 'name': 1}, {'name': 'Partner Name'}, ['Notes'])
    """
    found = ColumnMatch()
    at: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        at.setdefault(folded(header), []).append(position)
    for name in declared:
        if places := at.pop(folded(name), []):
            found.place[name] = places[0]
        if len(places) > 1:
            found.rivals[name] = [headers[place] for place in places]
    for name in declared:
        places = at.get(folded(_singular(table) + name), [])
        if name not in found.place and len(places) == 1:
            found.place[name] = at.pop(folded(_singular(table) + name))[0]
            found.by_table[name] = headers[found.place[name]]
    found.unknown = [
        headers[place] for place in sorted(itertools.chain(*at.values())) if headers[place]
    ]
    return found


def _singular(table: str) -> str:
    return re.sub("ies$", "y", table) if table.endswith("ies") else table.removesuffix("s")
