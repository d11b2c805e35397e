import polars as pl
import pytest

from ecosystem_graph.importing import import_tables


@pytest.fixture
def exports(tmp_path):
    """Write files of a source by name, and a mapping; import them."""

    def run(files, mapping=None, **options):
        source = tmp_path / "exports"
        source.mkdir(exist_ok=True)
        for name, text in files.items():
            (source / name).write_text(text, encoding="utf-8")
        path = None
        if mapping is not None:
            path = tmp_path / "acme.toml"
            path.write_text(mapping, encoding="utf-8")
        return import_tables(source, path, **options)

    return run


def rows(frame, *columns):
    """Rows of some columns, in order."""
    return frame.select(pl.col(columns)).rows()
