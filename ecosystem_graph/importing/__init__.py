"""Exports of CRMs, surveys, workbooks and databases -> tables of an ecosystem."""

from ecosystem_graph.importing.describing.describing import describe_source
from ecosystem_graph.importing.describing.description import SourceDescription
from ecosystem_graph.importing.describing.starting import starter_mapping
from ecosystem_graph.importing.importing import Imported, import_tables
from ecosystem_graph.importing.mapping.presets import preset_names, preset_text, preset_title

__all__ = [
    "Imported",
    "SourceDescription",
    "describe_source",
    "import_tables",
    "preset_names",
    "preset_text",
    "preset_title",
    "starter_mapping",
]
