"""What a vendor hands over: read, checked, and seen as of a date."""

from ecosystem_graph.tables.causes import Cause, Report
from ecosystem_graph.tables.checking import check_tables
from ecosystem_graph.tables.company_names import likely_one_company
from ecosystem_graph.tables.markets import canonical_market, parent_market
from ecosystem_graph.tables.problems import Note, did_you_mean
from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.schema import TABLES
from ecosystem_graph.tables.shipped import (
    datasets,
    describe_dataset,
    load_dataset,
    resolve,
)
from ecosystem_graph.tables.tables import Tables
from ecosystem_graph.tables.template import write_template
from ecosystem_graph.tables.time import as_date, known_at

__all__ = [
    "TABLES",
    "Cause",
    "Note",
    "Report",
    "Tables",
    "as_date",
    "canonical_market",
    "check_tables",
    "datasets",
    "describe_dataset",
    "did_you_mean",
    "known_at",
    "likely_one_company",
    "load_dataset",
    "parent_market",
    "read_tables",
    "resolve",
    "write_template",
]
