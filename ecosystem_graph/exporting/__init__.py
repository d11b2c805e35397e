"""Recommendations of a run for other programs and for people: workbooks, CRM files, texts."""

from ecosystem_graph.exporting.exporting import export_recommendations

__all__ = ["export_recommendations"]
