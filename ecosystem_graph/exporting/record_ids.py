"""Ids of partners in another system, as the table of aliases and the ids themselves give them."""

import polars as pl

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.tables import Tables
from ecosystem_graph.tables.messages.notes import quoted
from ecosystem_graph.tables.messages.wording import counted, first_few
from ecosystem_graph.tables.values.salesforce_ids import full_salesforce_ids

_SHOWN = 3


def record_ids(partners: pl.Series, tables: Tables, system: str) -> dict[str, str]:
    """Id of each partner in a system.

    An id of the partner itself counts if it has the form of the system's ids; else the smallest of
    its aliases with the name of the system.

    Parameters
    ----------
    partners : Series of String
        Each once.
    tables : Tables
    system : {"salesforce", "hubspot"}

    Raises
    ------
    ArtifactError
        With all partners that have none.
    """
    own = _of_system(partners, system)
    found = {partner: id_ for partner, id_ in zip(partners, own, strict=True) if id_ is not None}
    aliases = tables["aliases"].filter(pl.col("system").str.to_lowercase() == system)
    values = aliases.with_columns(_of_system(aliases["value"], system).alias("value")).drop_nulls()
    smallest = values.group_by("partner_id").agg(pl.col("value").min())
    ids = dict(smallest.select("partner_id", "value").iter_rows()) | found
    lost = [partner for partner in partners if partner not in ids]
    if lost:
        raise ArtifactError(
            f"{counted(len(lost), 'partner')} in the lists have no id of {system}: "
            f"{first_few(list(map(quoted, lost)), _SHOWN)}. Add them to the table aliases, with "
            f"the system {system}, or choose other partners."
        )
    return {partner: ids[partner] for partner in partners}


def _of_system(values: pl.Series, system: str) -> pl.Series:
    """Values that have the form of a system's ids; null for others."""
    if system == "salesforce":
        return full_salesforce_ids(values)
    ids = values.str.extract(rf"^(?:{system}:)?(\d+)$")
    return ids.alias(values.name)
