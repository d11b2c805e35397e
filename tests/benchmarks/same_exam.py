"""One exam for everybody: `same_exam.py ask DATA FOLDER [CUTOFF]`, `same_exam.py mark FOLDER`.

`ask` draws partners that won with somebody new in the year after a cutoff (by default the last year
on record) and writes what was known before it to FOLDER/question.npz. `mark` reads what was
answered, FOLDER/*.npy, and what the package's own model in FOLDER/model and lists in FOLDER/run
say, and writes nDCG@10 of each to FOLDER/marks.json. Each is a process of its own, so that what it
holds in memory is not taken for part of what is measured.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import polars as pl
from peers import Question

from ecosystem_graph import EcosystemGraph, read_tables
from ecosystem_graph.evaluation.holdout import best_lists, holdout_of
from ecosystem_graph.evaluation.metrics import ndcg_at_k
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.recommending import GraphRanker, load_model
from ecosystem_graph.tables import resolve

K, SOURCES, HORIZON_DAYS, SEED = 10, 1_500, 365, 0


def drawn(tables, cutoff):
    """The exam at a cutoff."""
    graph = EcosystemGraph.from_tables(tables, cutoff)
    return holdout_of(tables, graph, BacktestProtocol(cutoff, HORIZON_DAYS, K, SOURCES, SEED))


def question(exam):
    """What every method may know."""
    return Question(exam.graph.adjacency, exam.excluded, exam.eligible, K)


def ask(data, folder, cutoff=None):
    """Write the question."""
    tables = read_tables(resolve(data))
    last = tables.default_as_of() - timedelta(days=HORIZON_DAYS)
    day = last if cutoff is None else date.fromisoformat(cutoff)
    exam = drawn(tables, day)
    question(exam).save(folder / "question.npz")
    told = {"data": data, "cutoff": day.isoformat(), "partners": exam.graph.n_partners}
    told |= {"linked": int((exam.graph.degree > 0).sum()), "pairs": exam.graph.adjacency.nnz // 2}
    (folder / "exam.json").write_text(json.dumps(told | {"sources": len(exam.sources)}))


def mark(folder):
    """Write how good every answer is."""
    told = json.loads((folder / "exam.json").read_text())
    exam = drawn(read_tables(resolve(told["data"])), date.fromisoformat(told["cutoff"]))
    lists = {path.stem: np.load(path)[exam.sources] for path in sorted(folder.glob("*.npy"))}
    if (folder / "model").is_dir():
        ranker = GraphRanker(load_model(folder / "model"), exam.graph)
        finder = ranker.finder.open_only_to(exam.eligible)
        lists["same question"] = best_lists(ranker, finder, exam.sources, K)
    if (folder / "run").is_dir():
        lists["as published"] = published(folder / "run", exam)
    (folder / "marks.json").write_text(json.dumps(marks(lists, exam.truth), indent=2))


def marks(lists, truth):
    """Mean nDCG@10 of each method's lists for the same sources."""
    return {name: float(ndcg_at_k(some, truth, k=K).mean()) for name, some in lists.items()}


def published(run, exam):
    """Lists of a run folder, for the sources drawn."""
    rows = pl.read_parquet(run / "recommendations.parquet")
    index = exam.graph.index
    sources, targets = (index.encode(rows[side]) for side in ("partner_id", "collaborator_id"))
    lists = np.full((exam.graph.n_partners, K), -1, dtype=np.intp)
    lists[sources, rows["rank"].to_numpy().astype(np.intp) - 1] = targets
    return lists[exam.sources]


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "ask":
        ask(rest[0], Path(rest[1]), *rest[2:])
    else:
        mark(Path(rest[0]))
