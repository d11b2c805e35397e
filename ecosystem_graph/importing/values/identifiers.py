"""Identifiers in the one form that an expression asks for."""

import polars as pl

from ecosystem_graph.importing.identity.identifiers import domains, identifiers


def in_form(values: pl.Series, form: str) -> pl.Series:
    """Values as a domain, as digits alone, or as Salesforce ids of 18 characters.

    Examples
    --------
    >>> in_form(pl.Series(["https://www.Acme.com/de", "ann@acme.com"]), "domain").to_list()
    ['acme.com', 'acme.com']
    >>> in_form(pl.Series(["15-048-3782"]), "digits").to_list()
    ['150483782']
    >>> in_form(pl.Series(["0015e00002AbCdE"]), "salesforce_id").to_list()
    ['0015e00002AbCdEAAV']
    """
    if form == "domain":
        return domains(values)
    if form == "digits":
        digits = values.str.replace_all(r"\D", "")
        return digits.set((digits == "").fill_null(False), None)
    return _long_salesforce_ids(values) if form == "salesforce_id" else values


def _long_salesforce_ids(values: pl.Series) -> pl.Series:
    """Ids of 15 characters in their long form, each distinct one worked on once."""
    short = values.str.contains(r"^[A-Za-z0-9]{15}$").fill_null(False)
    if not short.any():
        return values
    distinct = values.filter(short).unique().alias("id")
    known = pl.DataFrame({"id": distinct, "long": identifiers(distinct)})
    found = pl.DataFrame({"id": values}).join(known, on="id", how="left", maintain_order="left")
    return found["long"].fill_null(values)
