"""The two ways of adding a signal, step by step as the page about it says."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

import ecosystem_graph as eg
from ecosystem_graph.cli import main
from ecosystem_graph.signals import SIGNALS
from ecosystem_graph.signals.built_in import activity, business, collaboration

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "how-to" / "add-a-signal.md").read_text("utf-8")
BLOCK = re.compile(r"^( *)```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
VENDOR, CONTRIBUTOR = (
    [textwrap.dedent(block) for _, block in BLOCK.findall(part)]
    for part in PAGE.split("## In the package itself")
)


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    """A folder in which the tables of the page are."""
    folder = tmp_path_factory.mktemp("vendor")
    arguments = ["synth", str(folder / "acme"), "--partners", "400", "--quiet"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def after(acme):
    """What the page's vendor has, having done all of it."""
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(acme)
        try:
            for block in VENDOR:
                exec(compile(block, "add-a-signal.md", "exec"), names)
            yield names
        finally:
            eg.unregister_signal("account_overlap")


def test_a_vendors_signal_is_learnt_for_every_task(after):
    rankers = after["recommender"].model_.rankers
    for ranker in rankers.values():
        weight = ranker.coefficients[ranker.names.index("account_overlap")]
        assert weight != 0
    requirements = after["recommender"].model_.requirement_ranker
    assert requirements is None or "account_overlap" in requirements.names


def test_it_is_explained_in_its_own_words_and_unit(after):
    part = after["part"]
    assert part.description == "number of accounts that both partners work for"
    assert part.unit == "accounts, >= 0"
    total = sum(one.log_odds for one in after["explanation"].contributions)
    assert after["explanation"].score == after["explanation"].intercept + total


def test_its_value_is_the_number_of_shared_accounts(after):
    pair = {after["first"]["partner_id"], after["first"]["collaborator_id"]}
    accounts = after["accounts"].filter(pl.col("partner_id").is_in(pair))
    shared = accounts["customer_id"].len() - accounts["customer_id"].n_unique()
    assert after["part"].value == shared


def test_a_loaded_model_needs_a_signal_of_the_same_scale(after, acme):
    eg.unregister_signal("account_overlap")
    changed = eg.Signal(
        name="account_overlap",
        description="accounts, halved",
        unit="accounts, >= 0",
        group="accounts",
        scale="linear",
        of=after["account_overlap"].of,
    )
    model = acme / "models" / "with-accounts"
    try:
        with eg.registered_signal(changed), pytest.raises(Exception, match="had scale 'log'"):
            eg.Recommender.load(model)
        with pytest.raises(Exception, match="not registered: account_overlap"):
            eg.Recommender.load(model)
    finally:
        eg.register_signal(after["account_overlap"])
    assert "account_overlap" in (model / "MODEL_CARD.md").read_text()


def test_the_model_that_ships_does_not_know_it(after):
    default = eg.Recommender.load("default")
    graph = after["graph"]
    few = graph.index.ids[:20].tolist()
    lists = default.recommend(graph, few, k=3)
    eg.unregister_signal("account_overlap")
    try:
        assert eg.Recommender.load("default").recommend(graph, few, k=3).equals(lists)
    finally:
        eg.register_signal(after["account_overlap"])


def test_fits_without_it_are_as_if_it_had_never_been(after):
    eg.unregister_signal("account_overlap")
    try:
        without = eg.Recommender(random_state=0).fit(after["tables"])
    finally:
        eg.register_signal(after["account_overlap"])
    for ranker in without.model_.rankers.values():
        assert "account_overlap" not in ranker.names


def test_a_contributor_changes_three_files_at_most(tmp_path):
    """The page's three changes, made in a copy of the package, give a signal that works."""
    column, function, entry = CONTRIBUTOR
    package = tmp_path / "ecosystem_graph"
    shutil.copytree(ROOT / "ecosystem_graph", package)
    inserted(package / "tables/schema/definitions.py", "    tier = ", indented(column))
    (package / "signals/size.py").write_text(function)
    business_file = package / "signals/built_in/business.py"
    inserted(
        business_file, '    Signal(\n        name="satisfaction"', indented(entry.rstrip() + ",\n")
    )
    inserted(
        business_file,
        "from ecosystem_graph.signals.signal import",
        "from ecosystem_graph.signals.size import size_gap\n",
    )
    program = """
import numpy as np, polars as pl, ecosystem_graph as eg
from ecosystem_graph.signals import SIGNALS, GraphFeatures
partners = {"partner_id": ["a", "b", "c"], "name": ["A", "B", "C"], "employees": [9.0, 99.0, None]}
held = {"partner_id": ["a"], "capability_id": ["crm"]}
for known in (partners, {name: partners[name] for name in ("partner_id", "name")}):
    tables = {"partners": pl.DataFrame(known), "partner_capabilities": pl.DataFrame(held)}
    graph = eg.EcosystemGraph.from_tables(eg.read_tables(tables), "2025-01-01")
    pairs = np.array([0, 0]), np.array([1, 2])
    print(*SIGNALS["size_gap"].values(GraphFeatures(graph), *pairs).round(3))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2.303 2.303\n0.0 0.0\n"


def inserted(path, before, text):
    """Put text before a place in a file that occurs once."""
    source = path.read_text()
    assert source.count(before) == 1
    path.write_text(source.replace(before, text + before))


def indented(text):
    return textwrap.indent(text, "    ")


def test_every_built_in_signal_is_an_entry_in_the_modules_the_page_names():
    entries = [
        *collaboration.COLLABORATION,
        *business.BUSINESS,
        *activity.ACTIVITY,
        *collaboration.EMBEDDING,
    ]
    assert [signal.name for signal in entries] == [
        name for name in SIGNALS if name != "account_overlap"
    ]
    assert "ecosystem_graph/signals/built_in/" in PAGE
