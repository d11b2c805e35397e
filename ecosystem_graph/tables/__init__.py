"""The tables of a vendor: read, checked, and as they were known on a date."""

from ecosystem_graph.tables.checking.company_names import likely_one_company
from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.messages.causes import Cause, Report
from ecosystem_graph.tables.messages.notes import Note, did_you_mean
from ecosystem_graph.tables.packaging.shipped import (
    datasets,
    describe_dataset,
    load_dataset,
    resolve,
)
from ecosystem_graph.tables.packaging.template import write_template
from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.tables import Tables
from ecosystem_graph.tables.time import known_at
from ecosystem_graph.tables.values.dates import as_date
from ecosystem_graph.tables.values.markets import canonical_market, parent_market

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
