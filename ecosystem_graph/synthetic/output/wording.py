"""Numbers -> the ids, words and dates of a table, row by row and without holding them all."""

from collections.abc import Sequence

import polars as pl

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.assumptions.words import (
    ADJECTIVES,
    CAPABILITY_AREAS,
    CAPABILITY_TASKS,
    NOUNS,
    TRADES,
)
from ecosystem_graph.synthetic.ecosystem import Drawn
from ecosystem_graph.synthetic.partners.skills import NEVER, Taxonomy

_NAMES = len(ADJECTIVES) * len(NOUNS) * len(TRADES)
_STRIDE = 271_828_183  # a prime: names of neighbours have nothing in common


def identifier(prefix: str, column: str, n: int) -> pl.Expr:
    """Id of a position, all of one length for `n` of them; null below 0.

    Examples
    --------
    >>> pl.DataFrame({"x": [42]}).select(identifier("p", "x", 2000)).item()
    'p-0042'
    """
    width = max(4, len(str(max(n - 1, 0))))
    digits = pl.col(column).cast(pl.String).str.zfill(width)
    return pl.when(pl.col(column) >= 0).then(pl.concat_str(pl.lit(f"{prefix}-"), digits))


def partner_id(drawn: Drawn, column: str = "partner") -> pl.Expr:
    """Id of a partner."""
    return identifier("p", column, drawn.people.n)


def capability_id(drawn: Drawn, column: str = "capability") -> pl.Expr:
    """Id of a capability."""
    return identifier("cap", column, drawn.skills.n)


def deal_id(drawn: Drawn, column: str = "deal") -> pl.Expr:
    """Id of a deal."""
    return identifier("d", column, round(given.DEALS_PER_PARTNER * drawn.people.n))


def customer_id(drawn: Drawn, column: str = "customer") -> pl.Expr:
    """Id of a customer."""
    return identifier("c", column, len(drawn.buyers.mood))


def word(column: str | pl.Expr, words: Sequence[str]) -> pl.Expr:
    """Word of a code; null below 0."""
    code = pl.col(column) if isinstance(column, str) else column
    return code.cast(pl.UInt8, strict=False).cat.to(pl.Enum(words)).cast(pl.String)


def day(column: str) -> pl.Expr:
    """Date of a day counted from 1970-01-01; null if before it, or never."""
    known = (pl.col(column) >= 0) & (pl.col(column) < NEVER)
    return pl.when(known).then(pl.col(column).cast(pl.Date))


def partner_name(column: str) -> pl.Expr:
    """Invented name of a partner; with a number once the combinations run out."""
    position = pl.col(column).cast(pl.Int64)
    name = position * _STRIDE % _NAMES
    parts = [
        word(name % len(ADJECTIVES), ADJECTIVES),
        word(name // len(ADJECTIVES) % len(NOUNS), NOUNS),
        word(name // (len(ADJECTIVES) * len(NOUNS)), TRADES),
        pl.when(position >= _NAMES).then((position // _NAMES + 1).cast(pl.String)),
    ]
    return pl.concat_str(parts, separator=" ", ignore_nulls=True)


def capability_names(skills: Taxonomy) -> list[str]:
    """Names of the families, then of what they hold.

    Examples
    --------
    >>> from ecosystem_graph.synthetic.partners.skills import taxonomy
    >>> capability_names(taxonomy(200, seed=0))[4:9]
    ['Identity', 'Endpoint', 'Campus network design', 'Wireless design', 'Routing design']
    """
    n_areas, n_tasks = len(CAPABILITY_AREAS), len(CAPABILITY_TASKS)
    families = [
        CAPABILITY_AREAS[f % n_areas] + (f" {f // n_areas + 1}" if f >= n_areas else "")
        for f in range(skills.n_families)
    ]
    leaves = [
        f"{families[i % skills.n_families]} {CAPABILITY_TASKS[i // skills.n_families % n_tasks]}"
        for i in range(skills.n - skills.n_families)
    ]
    return families + leaves
