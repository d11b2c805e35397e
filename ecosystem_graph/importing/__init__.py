"""Exports of CRMs, surveys, workbooks and databases -> tables of an ecosystem."""

from ecosystem_graph.importing.importing import Imported, import_tables
from ecosystem_graph.importing.mapping.presets import preset_names, preset_text, preset_title

__all__ = ["Imported", "import_tables", "preset_names", "preset_text", "preset_title"]
