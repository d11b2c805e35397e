"""Tables -> the sparse arrays and aligned frames that an ecosystem's graph is built from."""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import row_scaled, row_shares, tidy
from ecosystem_graph.arrays.labels import encode
from ecosystem_graph.tables import Tables

#: Strength of a declared capability by its evidence; no evidence counts as self_declared.
EVIDENCE_STRENGTH = {"certified": 1.0, "reference": 0.8, "self_declared": 0.6, "inferred": 0.4}

#: Upper limit of strength inferred from won deals.
INFERRED_STRENGTH = 0.5


def inferred_strength(
    incidence: csr_array, requirements: csr_array, team_size: NDArray[np.float64]
) -> csr_array:
    """Strength of capabilities inferred from won deals: ``0.5 * (1 - 2 ** -n)``.

    n is the number of won deals of the partner that required the capability, one won by a team
    of m counting 1/m: one of the team had it, and it is not known which.

    Parameters
    ----------
    incidence : csr_array of shape (n_partners, n_deals)
    requirements : csr_array of shape (n_deals, n_capabilities)
    team_size : ndarray of shape (n_deals,)

    Returns
    -------
    csr_array of shape (n_partners, n_capabilities)
        0..0.5.

    Examples
    --------
    >>> won, required = csr_array([[1.0, 1.0]]), csr_array([[1.0, 0.0], [3.0, 1.0]])
    >>> inferred_strength(won, required, team_size=np.array([1.0, 2.0])).toarray().round(3)
    array([[0.323, 0.146]])
    """
    share = row_scaled((requirements > 0).astype(np.float64), 1.0 / np.maximum(team_size, 1))
    won = csr_array(incidence @ share)
    won.data = INFERRED_STRENGTH * (1.0 - np.exp2(-won.data))
    return tidy(won)


def age_in_days(dates: pl.Series, as_of: date) -> NDArray[np.float64]:
    """Days from each date to a day, shape (n_dates,)."""
    days = np.datetime64(as_of, "D") - dates.to_numpy().astype("datetime64[D]")
    age: NDArray[np.float64] = days.astype(np.float64)
    return age


def won_deals(known: Tables) -> pl.DataFrame:
    """Won deals that have a date, by id."""
    columns = ["deal_id", "closed_on", "territory", "industry", "amount", "currency"]
    won = known["deals"].filter((pl.col("outcome") == "won") & pl.col("closed_on").is_not_null())
    return won.select(columns).sort("deal_id")


def deal_incidence(known: Tables, partners: pl.Series, deals: pl.Series) -> csr_array:
    """1 where the partner was on the deal, in however many roles; other partners are left out."""
    rows = known["deal_partners"].filter(
        pl.col("deal_id").is_in(deals.implode()), pl.col("partner_id").is_in(partners.implode())
    )
    incidence = label_matrix(rows["partner_id"], partners, rows["deal_id"], deals)
    incidence.data[:] = 1.0
    return incidence


def requirement_weights(known: Tables, deals: pl.Series, capabilities: pl.Series) -> csr_array:
    """Weight of each capability a deal required; 1 where none is stated."""
    rows = known["deal_requirements"].filter(
        pl.col("deal_id").is_in(deals.implode()),
        pl.col("capability_id").is_in(capabilities.implode()),
    )
    rows = rows.with_columns(pl.col("weight").fill_null(1.0)).filter(pl.col("weight") > 0)
    columns = rows["capability_id"]
    return label_matrix(rows["deal_id"], deals, columns, capabilities, rows["weight"])


def declared_strength(
    declared: pl.DataFrame, partners: pl.Series, capabilities: pl.Series
) -> csr_array:
    """Strength of the best evidence in rows of `partner_capabilities`, per partner and capability.

    Rows of other partners or capabilities are left out.
    """
    rows = (
        declared.filter(
            pl.col("partner_id").is_in(partners.implode()),
            pl.col("capability_id").is_in(capabilities.implode()),
        )
        .with_columns(
            strength=pl.col("evidence")
            .cast(pl.String)
            .fill_null("self_declared")
            .replace_strict(EVIDENCE_STRENGTH, return_dtype=pl.Float64)
        )
        .group_by("partner_id", "capability_id")
        .agg(pl.col("strength").max())
    )
    columns = rows["capability_id"]
    return label_matrix(rows["partner_id"], partners, columns, capabilities, rows["strength"])


def industry_shares(
    deals: pl.DataFrame, incidence: csr_array
) -> tuple[NDArray[np.object_], csr_array]:
    """Industries of deals, and the share of each among the deals a partner was on."""
    placed = deals.with_row_index("deal").drop_nulls("industry")
    names = placed["industry"].unique().sort()
    places = (placed["deal"].to_numpy(), encode(placed["industry"], names))
    shape = (deals.height, len(names))
    in_industry = csr_array((np.ones(placed.height), places), shape=shape)
    return names.to_numpy(), row_shares(tidy(incidence @ in_industry))


def offering_matrix(known: Tables, partners: pl.Series) -> tuple[NDArray[np.object_], csr_array]:
    """All products, and 1 where the partner sells one."""
    rows = known["offerings"].select("partner_id", "product_id").unique()
    products = rows["product_id"].unique().sort()
    offerings = label_matrix(rows["partner_id"], partners, rows["product_id"], products)
    return products.to_numpy(), offerings


def territory_shares(
    known: Tables, partners: pl.DataFrame
) -> tuple[NDArray[np.object_], csr_array]:
    """Shares of declared territories; for a partner that declares none, its country."""
    declared = (
        known["territories"]
        .select("partner_id", "territory", pl.col("share").fill_null(1.0))
        .filter(pl.col("share") > 0)
    )
    homes = partners.filter(
        pl.col("country").is_not_null()
        & ~pl.col("partner_id").is_in(declared["partner_id"].implode())
    ).select("partner_id", territory="country", share=pl.lit(1.0))
    rows = pl.concat([declared, homes])
    codes = rows["territory"].unique().sort()
    ids = partners["partner_id"]
    share = label_matrix(rows["partner_id"], ids, rows["territory"], codes, rows["share"])
    return codes.to_numpy(), tidy(row_shares(share))


def label_matrix(
    rows: pl.Series,
    row_labels: pl.Series,
    columns: pl.Series,
    column_labels: pl.Series,
    values: pl.Series | None = None,
) -> csr_array:
    """Sparse array from pairs of labels, ones where no values are given; indices sorted."""
    shape = (len(row_labels), len(column_labels))
    if len(rows) == 0:
        return csr_array(shape, dtype=np.float64)
    places = (encode(rows, row_labels), encode(columns, column_labels))
    data = np.ones(len(rows)) if values is None else values.to_numpy().astype(np.float64)
    return tidy(csr_array((data, places), shape=shape))
