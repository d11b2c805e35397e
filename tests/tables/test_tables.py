import subprocess
import sys

import pytest

from ecosystem_graph import tables as floor
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.tables import Tables


def test_the_floor_exports_what_it_says_and_says_it_sorted():
    assert floor.__all__ == sorted(floor.__all__, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(floor, name) for name in floor.__all__)


def test_tables_that_were_not_given_are_empty_and_of_their_form():
    tables = Tables({})
    assert len(tables) == len(TABLES)
    assert all(TABLES[name].is_valid(frame) for name, frame in tables.items())
    assert tables["deals"].is_empty()


def test_a_table_nobody_knows_is_the_callers_mistake():
    with pytest.raises(ValueError, match=r"unknown tables \['deal'\]"):
        Tables({"deal": TABLES["deals"].create_empty()})


def test_a_copy_with_other_frames_keeps_the_rest(acme):
    tables = floor.read_tables(acme())
    copy = tables.replaced({"deals": tables["deals"].head(1)})
    assert copy["deals"].height == 1
    assert copy["partners"] is tables["partners"]
    assert copy.digests == tables.digests
    assert tables["deals"].height == 2


def test_importing_the_floor_imports_nothing_heavy():
    code = "import sys, ecosystem_graph.tables; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"pandas", "pyarrow", "sklearn", "networkx", "numba"} & set(loaded.stdout.split())
