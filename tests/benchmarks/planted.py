"""What is planted and found again: `python tests/benchmarks/planted.py`.

What signals find of the planted truth, on the first world; then what lists of ten new collaborators
add by it, on every world (:mod:`planted_value`), without capacities and within those on record.
"""

from argparse import ArgumentParser

import numpy as np
import polars as pl
from planted_value import PlantedWorld, planted_values, share
from scipy.sparse import csr_array
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from ecosystem_graph import Recommender, load_model
from ecosystem_graph.arrays.csr import tidy
from ecosystem_graph.arrays.top_k import largest_per_row
from ecosystem_graph.graph.matrices import label_matrix
from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.synthetic import synthetic


def gaps(graph, features, truth):
    """Share of the planted gaps, and of the most wanted one, among the five named."""
    ids = graph.tables["partners"]["partner_id"]
    places = (truth["partner_id"], ids, truth["capability_id"], graph.taxonomy.ids)
    wanted = label_matrix(*places, truth["demand"])
    named = largest_per_row(features.gaps, 5).astype(bool)
    for what, planted in (("planted gaps", wanted), ("the largest", largest_per_row(wanted, 1))):
        n = np.diff(planted.indptr)
        hit = np.diff(tidy(csr_array(named.multiply(planted.astype(bool)))).indptr)
        print(f"{what} among five named: {(hit[n > 0] / n[n > 0]).mean():.3f}")


def rivals(graph, features, tables, truth):
    """How well competition tells planted rivals, and how many the lists hold."""
    a, b = (graph.index.encode(truth[side]) for side in ("partner_id", "collaborator_id"))
    others = np.random.default_rng(0).permuted(np.tile(np.arange(graph.n_partners), (2, 1)), axis=1)
    told = [SIGNALS["competition"].values(features, *pairs) for pairs in ((a, b), others)]
    labels = np.repeat([1, 0], [len(part) for part in told])
    print(f"competition, AUC of planted rivals: {roc_auc_score(labels, np.concatenate(told)):.3f}")
    planted = {*zip(a.tolist(), b.tolist(), strict=True), *zip(b.tolist(), a.tolist(), strict=True)}
    model = Recommender().fit(tables)
    for price in (0.0, 1.0, model.competition_price, 3.0):
        rows = model.set_params(competition_price=price).recommend(graph)
        listed = (graph.index.encode(rows[side]) for side in ("partner_id", "collaborator_id"))
        found = sum(pair in planted for pair in zip(*map(np.ndarray.tolist, listed), strict=True))
        print(f"rivals in lists of ten at price {price}: {found} of {rows.height:,}")


def satisfaction(graph, features, tables, truth):
    """Rank correlation with planted quality at one to five answers, beside the raw mean."""
    said = tables["csat"].filter(pl.col("kind") == "csat_mean")
    raw = said.group_by("partner_id").agg(pl.col("score").mean(), n=pl.len())
    raw = raw.filter(pl.col("n") <= 5).join(truth, on="partner_id")
    ours = features.satisfaction.mean[graph.index.encode(raw["partner_id"])]
    found = [spearmanr(mean, raw["quality"]).statistic for mean in (ours, raw["score"])]
    print(f"satisfaction, rank correlation with quality: {found[0]:.3f}, raw mean {found[1]:.3f}")


def value(worlds, fitted, *, limited):
    """What a place in a list adds, by method: mean over worlds, spread, and share of the way."""
    shipped = load_model("default")
    found = [
        planted_values(world, model, shipped, limited=limited)
        for world, model in zip(worlds, fitted, strict=True)
    ]
    print(f"\n{'within' if limited else 'without'} capacities    mean  spread  random to plug-in")
    for name in found[0]:
        values = [one[name] for one in found]
        shares = [share(one[name], one["random"], one["plug-in"]) for one in found]
        print(f"{name:20} {np.mean(values):8.4f} {np.std(values):7.4f} ", end="")
        print(f"{np.mean(shares):6.2f} ({min(shares):.2f} to {max(shares):.2f})")


def main(n_partners, seeds):
    """Print one line per figure."""
    worlds = [PlantedWorld(synthetic(n_partners, seed), seed) for seed in seeds]
    first = worlds[0]
    features, truth = GraphFeatures(first.graph), first.made.truth
    gaps(first.graph, features, truth["gaps"])
    satisfaction(first.graph, features, first.tables, truth["partners"])
    rivals(first.graph, features, first.tables, truth["rivals"])
    fitted = [Recommender().fit(world.tables).model_ for world in worlds]
    for limited in (False, True):
        value(worlds, fitted, limited=limited)


if __name__ == "__main__":
    options = ArgumentParser(description=__doc__)
    options.add_argument("--partners", type=int, default=2_000)
    options.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    chosen = options.parse_args()
    main(chosen.partners, chosen.seeds)
