"""Constructors of columns and rules, from which tables are declared."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import dataframely as dy
import polars as pl

from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.vocabulary import EARLIEST, LATEST


def key(description: str, refers_to: str | None = None) -> dy.String:
    """Text that is part of the key and never empty."""
    return text(description, required=True, key=True, refers_to=refers_to)


def text(
    description: str,
    *,
    required: bool = False,
    key: bool = False,
    refers_to: str | None = None,
    market: bool = False,
    words: tuple[str, ...] = (),
) -> dy.String:
    """Text; `words` are values with a meaning, recognised in any spelling."""
    metadata = {"key": key, "refers_to": refers_to, "market": market, "words": words}
    return dy.String(nullable=not required, description=description, metadata=metadata)


def day(
    description: str,
    *,
    required: bool = False,
    key: bool = False,
    least: date = EARLIEST,
    end: str | None = None,
) -> dy.Date:
    """Date of an event, or the `first` or `last` day (`end`) of a validity range."""
    return dy.Date(
        nullable=not required,
        min=least,
        max=LATEST,
        description=description,
        metadata={"key": key, "end": end},
    )


def number(
    description: str,
    *,
    required: bool = False,
    least: float | None = None,
    most: float | None = None,
) -> dy.Float64:
    """Number within a range, both ends included."""
    return dy.Float64(nullable=not required, min=least, max=most, description=description)


def choice(
    categories: tuple[str, ...],
    description: str,
    *,
    required: bool = False,
    key: bool = False,
    also: Mapping[str, str] = MappingProxyType({}),
    perhaps: Mapping[str, str] = MappingProxyType({}),
) -> dy.Enum:
    """One of a closed list; `also` maps accepted synonyms, `perhaps` synonyms only suggested.

    Case, blanks, hyphens and underscores do not matter in any of them.
    """
    metadata = {"key": key, "also": also, "perhaps": perhaps}
    return dy.Enum(categories, nullable=not required, description=description, metadata=metadata)


def rule(message: str) -> Callable[[Callable[[Any], pl.Expr]], Any]:
    """Rule across columns, with the message for a row that breaks it."""

    def declared(holds: Callable[[Any], pl.Expr]) -> Any:
        holds.__doc__ = message
        return dy.rule()(holds)

    return declared


def not_before(later: str, earlier: str) -> Any:
    """Rule that one date is not before another."""
    declare = rule(f"{later} {{{later}}} is before {earlier} {{{earlier}}}.")
    return declare(lambda cls: pl.col(later) >= pl.col(earlier))


def two_different_partners() -> Any:
    """Rule that no partner is paired with itself."""
    declare = rule("collaborator_id '{collaborator_id}' is the partner itself: name another one.")
    return declare(lambda cls: pl.col("collaborator_id") != pl.col("partner_id"))


class Table(dy.Schema):
    """Base of all tables: rows have distinct keys, an empty part being a value like any other."""

    @dy.rule()
    def _key_is_unique(cls) -> pl.Expr:
        return pl.struct(key_of(cls)).is_unique()  # type: ignore[arg-type]
