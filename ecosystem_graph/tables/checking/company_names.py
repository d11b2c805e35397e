"""Partners that are likely one company: names that differ only in form, in one country."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.notes import Note, quoted
from ecosystem_graph.tables.messages.wording import first_few
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.schema.vocabulary import DISTINCT
from ecosystem_graph.tables.values.company_names import plain_names

_MOST_ALIKE: Final = 20
"""Most partners with one name in one country; a more frequent name is a placeholder."""
_SHOWN: Final = 3


def likely_one_company(partners: pl.DataFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    """Pairs of partners with one plain name in one country, or with an unknown country.

    Parameters
    ----------
    partners : DataFrame
        partner_id, name and country.
    aliases : DataFrame
        Pairs of `value` and `partner_id` with the system `distinct` are left out.

    Returns
    -------
    DataFrame
        left, right: positions in `partners`, left before right.

    Examples
    --------
    >>> partners = pl.DataFrame(
    ...     {
    ...         "partner_id": ["p-1", "p-2", "p-3", "p-4"],
    ...         "name": ["Alder", "Alder Ltd.", "ALDER", "Alder"],
    ...         "country": ["GB", "GB", None, "US"],
    ...     }
    ... )
    >>> apart = pl.DataFrame({"system": ["distinct"], "value": ["p-3"], "partner_id": ["p-4"]})
    >>> likely_one_company(partners, apart).rows()
    [(0, 1), (0, 2), (1, 2)]
    """
    named = partners.select(
        "partner_id",
        "country",
        name=plain_names(partners["name"].fill_null("")),
        place=pl.int_range(partners.height, dtype=pl.Int64),
    ).filter((pl.col("name") != "") & (pl.len().over("name") > 1))
    crowd = pl.len().over("name", "country")
    few = named.filter(crowd <= _MOST_ALIKE)
    here = few.drop_nulls("country")
    pairs = [here.join(here, on=["name", "country"], suffix="_right")]
    nowhere = few.filter(pl.col("country").is_null())
    pairs.append(nowhere.join(few, on="name", suffix="_right"))
    columns = ["partner_id", "place", "partner_id_right", "place_right"]
    found = pl.concat([pair.select(columns) for pair in pairs])
    distinct = aliases.filter(pl.col("system").str.to_lowercase() == DISTINCT)
    for ids in (["value", "partner_id"], ["partner_id", "value"]):
        found = found.join(
            distinct, left_on=["partner_id", "partner_id_right"], right_on=ids, how="anti"
        )
    left, right = (
        pl.min_horizontal("place", "place_right"),
        pl.max_horizontal("place", "place_right"),
    )
    ordered = found.select(left=left, right=right).filter(pl.col("left") < pl.col("right"))
    return ordered.unique().sort("left", "right")


def duplicate_partners(tables: Mapping[str, TypedTable]) -> list[Note]:
    """Note on partners that are likely listed twice."""
    if "partners" not in tables:
        return []
    partners = tables["partners"].frame.drop_nulls("partner_id")
    partners = partners.unique("partner_id", keep="first", maintain_order=True)
    aliases = tables["aliases"].frame if "aliases" in tables else TABLES["aliases"].create_empty()
    pairs = likely_one_company(partners, aliases)
    if pairs.is_empty():
        return []
    ids, names = partners["partner_id"], partners["name"]
    shown = [
        f"{quoted(names[left])} ({ids[left]}) and {quoted(names[right])} ({ids[right]})"
        for left, right in pairs.head(_SHOWN + 1).iter_rows()
    ]
    message = (
        "likely one company twice, and never proposed to each other: "
        f"{first_few(shown, _SHOWN, '; ')} (pairs: {pairs.height}). The table aliases merges them, "
        f"or tells them apart with the system {DISTINCT}."
    )
    return [Note("partners", tables["partners"].file, "name", message)]
