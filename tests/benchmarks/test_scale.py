import sys
from datetime import date

import numpy as np
import pytest
from growth import exponent, exponents_between, markdown
from measuring import Cost, cost_of
from peers import PEERS, Question, nearest, networkx_adamic_adar
from same_exam import K, drawn, marks
from same_exam import question as question_of
from scale_report import Report
from scipy.sparse import csr_array, eye_array

from ecosystem_graph import EcosystemGraph, read_tables
from ecosystem_graph.evaluation.baselines.full_ranking import rank_all
from ecosystem_graph.evaluation.baselines.methods import BASELINES, History
from ecosystem_graph.evaluation.holdout import holdout_of
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.synthetic import synthetic


@pytest.fixture(scope="module")
def holdout():
    tables = read_tables(synthetic(300, seed=0).tables)
    graph = EcosystemGraph.from_tables(tables, date(2025, 1, 1))
    return holdout_of(tables, graph, BacktestProtocol(graph.as_of))


@pytest.fixture(scope="module")
def question(holdout):
    return question_of(holdout)


def python(code):
    return [sys.executable, "-c", code]


@pytest.mark.parametrize("power", [0.5, 1.0, 1.37])
def test_the_exponent_of_a_power_law_is_its_power(power):
    sizes = [10_000, 30_000, 1_000_000]
    seconds = [3 * n**power for n in sizes]
    assert exponent(sizes, seconds) == pytest.approx(power)
    assert exponents_between(sizes, seconds) == [None, *[pytest.approx(power)] * 2]


def test_sizes_too_small_to_show_growth_do_not_count():
    assert exponent([1_000, 10_000, 100_000], [9.0, 1.0, 10.0]) == pytest.approx(1.0)
    assert exponent([1_000, 10_000], [1.0, 10.0]) is None


def test_a_table_stands_in_columns_with_numbers_to_the_right():
    assert markdown(["what", ">s"], [["a", "10"], ["longer", "9"]]) == [
        "| what   |  s |",
        "| ------ | -: |",
        "| a      | 10 |",
        "| longer |  9 |",
    ]


def test_the_report_tells_growth_by_stage_and_why_a_method_was_not_run(tmp_path):
    report = Report(tmp_path / "scale.md")
    for n in (10_000, 100_000):
        report.stages[n] = {"synth": Cost(n / 1e4, 1.0, 0.5), "train": Cost(n**2 / 1e8, 1.0, 0.5)}
    report.rows = [
        ("synthetic, 10", "ours", Cost(12.3, 20.0, 1.25), 0.1234),
        ("synthetic, 10", "slow", Cost(900.0, 1_800.0, 2.0, "over 15 min"), None),
        ("synthetic, 10", "slower", Cost(0, 0, 0, "not run"), None),
    ]
    report.say("told")
    lines = (tmp_path / "scale.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    dash = "\N{EN DASH}"
    assert ["100,000", "synth", "10.0 s", "1.00 s", "0.50 GB", "1.00"] in cells
    assert ["100,000", "train", "100 s", "1.00 s", "0.50 GB", "2.00"] in cells
    assert "From 10,000 partners up, time grows with size to the: synth 1.00, train 2.00." in lines
    assert ["synthetic, 10", "ours", "12.3 s", "20.0 s", "1.25 GB", "0.123", ""] in cells
    assert [
        "synthetic, 10", "slow", "> 900 s", "1,800 s", "2.00 GB", dash, "over 15 min",
    ] in cells  # fmt: skip
    assert ["synthetic, 10", "slower", dash, dash, dash, dash, "not run"] in cells


def test_memory_and_cpu_time_of_all_processes_are_added_up():
    work = (
        "b = bytearray(150_000_000); t = time.process_time()\nwhile time.process_time() < t + .4:"
    )
    child = f"import time; {work} b[::4096] = bytes(len(b[::4096]))"
    told = cost_of(
        python(
            "import subprocess, sys\n"
            f"some = [subprocess.Popen([sys.executable, '-c', {child!r}]) for _ in range(2)]\n"
            "for one in some: one.wait()"
        )
    )
    assert told.failure == ""
    assert 2 * 0.139 < told.memory < 0.4
    assert 0.8 <= told.cpu < 2 * told.wall + 0.5


def test_one_after_the_other_costs_the_sum_of_time_and_the_greater_memory():
    assert Cost(1, 2, 3) + Cost(10, 20, 2, "broke") == Cost(11, 22, 3, "broke")


def test_a_command_that_fails_says_why():
    assert cost_of(python("raise ValueError('no such thing')")).failure == (
        "ValueError: no such thing"
    )


def test_a_command_is_ended_at_its_limit_of_time_or_memory():
    late = cost_of(python("import time; time.sleep(60)"), seconds=0.3)
    assert (late.failure, late.wall < 5) == ("over 0.005 min", True)
    large = cost_of(python("import time; b = b'x' * 200_000_000; time.sleep(60)"), gigabytes=0.1)
    assert (large.failure, large.wall < 5) == ("over 0.1 GB", True)


def test_a_question_is_read_as_it_was_written(question, tmp_path):
    question.save(tmp_path / "question.npz")
    again = Question.load(tmp_path / "question.npz")
    for name in ("adjacency", "excluded"):
        one, other = (getattr(some, name).astype(bool) for some in (question, again))
        assert one.nnz > 0
        assert (one != other).nnz == 0
    assert again.k == question.k
    assert (again.eligible == question.eligible).all()


def test_the_lists_of_networkx_are_those_of_the_baseline(holdout, question):
    history = History.from_wins(holdout.graph.incidence, holdout.graph.age_days)
    scorer = BASELINES["adamic_adar"](history, np.random.default_rng(0))
    expected = rank_all(scorer, holdout.sources, holdout.excluded, holdout.eligible, 10)
    lists = networkx_adamic_adar(question)[holdout.sources]
    scores = scorer(holdout.sources)
    ours, theirs = (
        np.where(some >= 0, np.take_along_axis(scores, np.maximum(some, 0), axis=1), 0.0)
        for some in (expected, lists)
    )
    assert (theirs > 0).any()
    np.testing.assert_allclose(theirs, ours, atol=1e-9)


@pytest.mark.parametrize("name", ["implicit ALS", "networkx Adamic-Adar", "scikit-network"])
def test_a_peer_lists_nobody_twice_and_only_whom_it_may(name, question):
    package = name.split()[0].lower()
    pytest.importorskip({"scikit-network": "sknetwork"}.get(package, package))
    lists = PEERS[name](question)
    assert lists.shape == (len(question.eligible), question.k)
    sources, ranks = np.nonzero(lists >= 0)
    targets = lists[sources, ranks]
    assert len(targets) > len(lists)
    assert question.eligible[targets].all()
    barred = question.excluded.toarray() != 0
    assert barred.diagonal().all()
    assert not barred[sources, targets].any()
    assert len(np.unique(np.column_stack([sources, targets]), axis=0)) == len(targets)


def test_the_nearest_are_those_of_greatest_cosine():
    rng = np.random.default_rng(0)
    vectors, eligible = rng.normal(size=(40, 5)).astype(np.float32), rng.random(40) < 0.7
    known = csr_array(np.triu(rng.random((40, 40)) < 0.2, 1).astype(float))
    known = csr_array(known + known.T)
    excluded = csr_array(known + eye_array(40))
    lists = nearest(vectors, Question(known, excluded, eligible, 5), block=7)
    for source, listed in enumerate(lists):
        cosines = {
            target: vectors[source] @ vector / np.linalg.norm(vector)
            for target, vector in enumerate(vectors)
            if eligible[target] and not excluded[source, target]
        }
        assert listed.tolist() == sorted(cosines, key=cosines.get, reverse=True)[:5]


def test_lists_are_marked_by_the_wins_that_followed(make_tables):
    """Ann and Bob and then Bob and Cy win; later Ann wins with Cy, whom Adamic-Adar names first."""
    some = make_tables(
        wins={"d-1": "ann bob", "d-2": "bob cy", "d-3": "ann cy"},
        deals={"d-3": {"closed_on": "2024-09-01"}},
    )
    holdout = drawn(some, date(2024, 8, 1))
    lists = networkx_adamic_adar(question_of(holdout))[holdout.sources]
    second = np.full((len(holdout.sources), K), -1)
    second[:, 1] = lists[:, 0]
    told = marks({"first": lists, "second": second}, holdout.truth)
    assert told == {"first": 1.0, "second": pytest.approx(1 / np.log2(3))}
