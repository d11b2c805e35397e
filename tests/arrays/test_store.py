import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array, random_array

from ecosystem_graph.arrays.store import is_whole, opened, put
from ecosystem_graph.graph import PartnerIndex

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.dates()
)
TREES = st.recursive(
    PLAIN,
    lambda below: st.one_of(
        st.lists(below),
        st.tuples(below, below),
        st.dictionaries(st.one_of(st.text(), st.integers(), st.tuples(st.integers())), below),
    ),
    max_leaves=20,
)


@given(tree=TREES)
def test_a_value_comes_back_as_it_was_put(tmp_path_factory, tree):
    folder = tmp_path_factory.mktemp("store")
    put(tree, folder)
    assert opened(folder) == tree


@given(
    array=st.sampled_from(["f8", "f4", "i4", "i8", "?", "M8[D]", "U3"]).flatmap(
        lambda kind: arrays(kind, st.tuples(st.integers(0, 4), st.integers(0, 3)))
    )
)
def test_arrays_come_back_as_they_are(tmp_path_factory, array):
    folder = tmp_path_factory.mktemp("store")
    put(array, folder)
    back = opened(folder)
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == array.tobytes()


def test_sparse_arrays_strings_and_tables_come_back(tmp_path):
    there = {
        "sparse": csr_array(random_array((20, 30), density=0.2, rng=0)),
        "ids": np.array(["p-1", "ü", None], dtype=object),
        "words": pl.Series("words", ["a", None]),
        "table": pl.DataFrame({"on": [date(2025, 1, 1)], "of": [["x", "y"]]}),
        "scalar": np.float32(0.1),
        "path": Path("/tmp/x"),
    }
    put(there, tmp_path)
    back = opened(tmp_path)
    assert (back["sparse"] != there["sparse"]).nnz == 0
    assert back["sparse"].indices.dtype == there["sparse"].indices.dtype
    assert back["ids"].tolist() == there["ids"].tolist()
    assert back["words"].equals(there["words"])
    assert back["table"].equals(there["table"])
    assert (back["scalar"], type(back["scalar"])) == (np.float32(0.1), np.float32)
    assert back["path"] == there["path"]


def test_a_value_that_is_referred_to_twice_is_stored_and_opened_once(tmp_path):
    array = np.arange(5)
    put({"a": array, "b": [array, {"c": array}]}, tmp_path)
    assert len(list(tmp_path.glob("*.npy"))) == 1
    back = opened(tmp_path)
    assert back["a"] is back["b"][0] is back["b"][1]["c"]


def test_objects_come_back_with_their_cached_properties(tmp_path, monkeypatch):
    index = PartnerIndex(["p-2", "p-1"], names=["Zeta", "Acme"])
    assert index.ids.tolist() == ["p-1", "p-2"]
    put(index, tmp_path)
    back = opened(tmp_path)
    assert back == index
    assert "ids" in vars(back)
    assert "names" not in vars(back)
    assert back.position("Zeta") == 1


def test_a_reader_that_writes_changes_its_own_view_alone(tmp_path):
    put(np.zeros(1_000), tmp_path)
    mine = opened(tmp_path)
    mine[:] = 1
    assert not opened(tmp_path).any()


def test_arrays_are_mapped_not_read(tmp_path):
    put(np.zeros(25_000_000), tmp_path)
    code = (
        "import sys, psutil; from pathlib import Path\n"
        "from ecosystem_graph.arrays.store import opened\n"
        "here = psutil.Process(); before = here.memory_info().rss\n"
        f"kept = opened(Path({str(tmp_path)!r})); kept[12345]\n"
        "sys.stdout.write(str(here.memory_info().rss - before))"
    )
    grown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert int(grown.stdout) < 20_000_000


@dataclass
class Elsewhere:
    value: int = 1


@pytest.mark.parametrize("value", [Elsewhere(), print, {1, 2}, {"deep": [lambda: 1]}])
def test_a_value_that_is_not_data_is_refused(tmp_path, value):
    with pytest.raises(TypeError, match="only values made of arrays can be stored"):
        put(value, tmp_path)
    assert not is_whole(tmp_path)


def test_a_store_never_opens_a_class_from_elsewhere(tmp_path):
    node = {"is": "object", "class": ["subprocess", "Popen"], "of": {}}
    (tmp_path / "index.json").write_text(json.dumps({"root": {"node": 0}, "nodes": [node]}))
    with pytest.raises(TypeError, match=r"only classes of ecosystem_graph.*subprocess\.Popen"):
        opened(tmp_path)
