"""What the weight of benefit buys and costs: `python tests/benchmarks/value_frontier.py`.

Lists at several `uplift_weight`s: nDCG of history on Horizon 2020 and channel-demo, each as a
multiple of the best baseline, and what the lists add in invented worlds (:mod:`planted_value`), as
the share of the way from random lists to those that the records allow. Writes the table between
the marks of docs/benchmarks/value.md, and the picture beside it.
"""

import re
from argparse import ArgumentParser
from datetime import date
from pathlib import Path

import numpy as np
from planted_value import Lists, PlantedWorld, share
from value_picture import picture

from ecosystem_graph import EcosystemGraph, GraphRanker, Recommender, load_dataset, load_model
from ecosystem_graph.evaluation.baselines.full_ranking import rank_all
from ecosystem_graph.evaluation.baselines.methods import BASELINES, History
from ecosystem_graph.evaluation.bootstrap import bootstrap_ratio
from ecosystem_graph.evaluation.holdout import holdout_of
from ecosystem_graph.evaluation.metrics import METRICS
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.lists.builder import ListBuilder
from ecosystem_graph.lists.reranking import UNLIMITED
from ecosystem_graph.synthetic import synthetic

WEIGHTS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0)
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks" / "value.md"
PICTURE = PAGE.with_name("value.svg")
MARKS = re.compile(r"(<!-- frontier -->\n).*?(<!-- end -->)", re.DOTALL)

#: Data set, its back-test, and the baselines to beat.
HISTORY = {
    "Horizon 2020": ("horizon2020", BacktestProtocol(date(2019, 1, 1)), ["adamic_adar"]),
    "channel-demo": (
        "channel-demo",
        BacktestProtocol(date(2025, 1, 1), horizon_days=365),
        ["popularity", "recent_popularity", "adamic_adar", "resource_allocation"],
    ),
}


def history(name, protocol, baselines):
    """nDCG of lists at each weight, and its ratio to the best baseline with a 95 % interval."""
    tables = load_dataset(name)
    graph = EcosystemGraph.from_tables(tables, protocol.cutoff)
    holdout = holdout_of(tables, graph, protocol)
    ranker = GraphRanker(protocol.fitted(tables), graph)
    finder = ranker.finder.open_only_to(holdout.eligible)
    record = History.from_wins(graph.incidence, graph.age_days)

    def ndcg(lists):
        return METRICS["ndcg"](lists, holdout.truth, k=protocol.k)

    rivals = []
    for baseline in baselines:
        scorer = BASELINES[baseline](record, protocol.rng())
        rivals.append(
            ndcg(rank_all(scorer, holdout.sources, holdout.excluded, holdout.eligible, protocol.k))
        )
    best = max(rivals, key=np.mean)
    rows = []
    for weight in WEIGHTS:
        policy = ranker.policy(uplift_weight=weight)
        builder = ListBuilder(finder, {"new": ranker.scorer("new")}, policy, UNLIMITED)
        ranked = builder.ranked(holdout.sources, protocol.k)
        lists = np.full((len(holdout.sources), protocol.k), -1)
        lists[np.searchsorted(holdout.sources, ranked.sources), ranked.ranks - 1] = ranked.targets
        found = ndcg(lists)
        ratio = bootstrap_ratio(found, best, protocol.rng())
        rows.append((found.mean(), ratio))
        print(f"{name} {weight:g}: {found.mean():.4f}, {ratio.estimate:.3f}", flush=True)
    return rows


def planted(n_partners, seeds):
    """Share of the way from random to plug-in, fitted and shipped: (n_worlds, n_weights) each."""
    shipped, found = load_model("default"), {"fitted": [], "default": []}
    for seed in seeds:
        world = PlantedWorld(synthetic(n_partners, seed), seed)
        models = {"fitted": Recommender().fit(world.tables).model_, "default": shipped}
        for name, model in models.items():
            ranker = GraphRanker(model, world.graph)
            lists = Lists(world, ranker, limited=False)
            ends = lists.of_scores(world.plain["random"]), lists.of_scores(world.plug_in)
            shares = [share(lists.of_model(ranker, weight), *ends) for weight in WEIGHTS]
            found[name].append(shares)
            print(f"seed {seed}, {name}: {np.round(shares, 3).tolist()}", flush=True)
    return {name: np.array(shares) for name, shares in found.items()}


def table(past, shares):
    """The figures as a table of Markdown."""
    heads = ["weight"]
    for name in past:
        heads += [f"{name}: nDCG@10", "x baseline"]
    heads += ["planted value, fitted", "planted value, `default`"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row, weight in enumerate(WEIGHTS):
        cells = [f"{weight:g}"]
        for rows in past.values():
            mean, ratio = rows[row]
            cells += [f"{mean:.3f}", f"{ratio.estimate:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"]
        for values in shares.values():
            column = values[:, row]
            cells.append(f"{column.mean():.2f} ({column.min():.2f} to {column.max():.2f})")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def on_page(text, made):
    """The page with another table between its marks."""
    return MARKS.sub(lambda found: f"{found[1]}\n{made}\n\n{found[2]}", text)


def main(n_partners, seeds):
    """Measure, and write the table and the picture."""
    past = {name: history(*setting) for name, setting in HISTORY.items()}
    shares = planted(n_partners, seeds)
    made = table(past, shares)
    print(made)
    PAGE.write_text(on_page(PAGE.read_text("utf-8"), made), "utf-8", newline="\n")
    ratios = {name: [ratio.estimate for _, ratio in rows] for name, rows in past.items()}
    drawn = picture(WEIGHTS, shares["fitted"].mean(axis=0), ratios)
    PICTURE.write_text(drawn, "utf-8", newline="\n")


if __name__ == "__main__":
    options = ArgumentParser(description=__doc__)
    options.add_argument("--partners", type=int, default=2_000)
    options.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    chosen = options.parse_args()
    main(chosen.partners, chosen.seeds)
