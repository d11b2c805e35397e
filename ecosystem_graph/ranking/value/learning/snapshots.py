"""Graphs of past days, so that what happened later is seen as it was known when it began."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.tables import Tables

#: Days from one snapshot to the next: what a deal is explained by is at most that old.
_STEP_DAYS = 183

#: Snapshots at most: three years. What made teams win longer ago may no longer hold.
_MOST = 6


@dataclass(frozen=True, eq=False, slots=True)
class Snapshot:
    """A graph of a past day, with its features.

    Attributes
    ----------
    features : GraphFeatures
        As of the day.
    since, until : datetime.date
        What began on or after the first day and before the other is seen from here.
    """

    features: GraphFeatures
    since: date
    until: date


def snapshots(
    tables: Tables, day: date, features_of: Callable[[EcosystemGraph], GraphFeatures]
) -> Iterator[Snapshot]:
    """Snapshots every half year before a day, the latest first, each made when it is asked for."""
    until = day
    for _ in range(_MOST):
        since = until - timedelta(days=min(_STEP_DAYS, until.toordinal() - 1))
        if since == until:
            return
        yield Snapshot(features_of(EcosystemGraph.from_tables(tables, since)), since, until)
        until = since
