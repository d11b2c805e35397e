"""Model card of a saved model."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ecosystem_graph.ranking import AdditiveRanker
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import ASSUMED
from ecosystem_graph.signals import ALL_SIGNALS


def model_card(
    manifest: dict[str, Any], rankers: dict[str, AdditiveRanker], value: Mapping[str, Logit]
) -> str:
    """Model card, written from the saved manifest and rankers so that it agrees with them.

    Parameters
    ----------
    manifest : dict
        Content of `manifest.json`.
    rankers : dict of str to AdditiveRanker
        By task.
    value : mapping of str to Logit
        `winning` and `accepting`.

    Returns
    -------
    str
        Markdown.
    """
    lines = [
        f"# Ranking weights learnt from {manifest['fitted_on']}",
        "",
        "Additive logistic rankers, fitted by ecosystem-graph "
        f"{manifest['ecosystem_graph']} on what was known before {manifest['fitted_as_of']};",
        "later records were not used and remain a held-out test. A score is the log-odds of a",
        "joint win within the horizon of `recipe.toml`;",
        "weights are log-odds per standard deviation of the signal as it enters the ranking.",
        "",
        *_figures(manifest["figures"]),
        f"| signal | {' | '.join(rankers)} |",
        f"|---|{'---|' * len(rankers)}",
    ]
    for name in ALL_SIGNALS:
        weights = [_weight(ranker, name) for ranker in rankers.values()]
        lines.append(f"| {name} | {' | '.join(weights)} |")
    intercepts = [f"{ranker.intercept:.3f}" for ranker in rankers.values()]
    lines += [f"| intercept | {' | '.join(intercepts)} |", ""]
    compared = (manifest["figures"] or {}).get("comparisons", {})
    return "\n".join(
        [
            *lines,
            *_winning(value["winning"]),
            *_accepting(value["accepting"]),
            *_comparisons(compared),
        ]
    )


def _winning(model: Logit) -> list[str]:
    """Weights of what makes a team win, with their errors or with the reasons for them."""
    lines = ["## What makes a team win", ""]
    if model.learnt:
        lines.append(f"Learnt from {model.n:,} deals, won and lost, each seen as it was known when")
        lines += ["it was opened. Standard errors are clustered by customer.", ""]
        lines += [f"- {name.replace('_', ' ')}: {one:,}" for name, one in model.figures.items()]
        lines += ["", "| term | log-odds | standard error |", "|---|---|---|"]
    else:
        lines += [
            "Assumed: too few lost deals were on record to learn from.",
            "",
            "| term | log-odds | standard deviation | reason |",
            "|---|---|---|---|",
        ]
    for name, weight, error in zip(
        model.names, model.coefficients, model.standard_errors, strict=True
    ):
        reason = "" if model.learnt else f" {ASSUMED[name][2]} |"
        lines.append(f"| {name} | {weight:+.3f} | {error:.3f} |{reason}")
    return [*lines, f"| intercept | {model.intercept:+.3f} | |", ""]


def _accepting(model: Logit) -> list[str]:
    """Weights of what makes an introduction accepted."""
    lines = ["## Which introductions are accepted", ""]
    if not model.names:
        rate = float(model.probability(np.zeros((1, 0)))[0])
        known = f"from {model.n:,} decided introductions" if model.learnt else "by assumption"
        return [*lines, f"Every one alike, with a probability of {rate:.2f}, {known}.", ""]
    lines += [f"Learnt from {model.n:,} decided introductions.", ""]
    lines += ["| term | log-odds | standard error |", "|---|---|---|"]
    for name, weight, error in zip(
        model.names, model.coefficients, model.standard_errors, strict=True
    ):
        lines.append(f"| {name} | {weight:+.3f} | {error:.3f} |")
    return [*lines, f"| intercept | {model.intercept:+.3f} | |", ""]


def _figures(figures: dict[str, Any] | None) -> list[str]:
    """Validation figures of the method, from the manifest."""
    if figures is None:
        return ["It was saved without a validation of its ranking.", ""]
    return [
        f"The method, learnt on what was known before {figures['cutoff']} and tested on the "
        f"{figures['horizon_days']} days after it:",
        f"nDCG@10 {figures['ndcg_at_10']:.3f} against {figures['best_baseline_ndcg_at_10']:.3f} of "
        f"{figures['best_baseline']}, {figures['ratio']:.3f} times",
        f"({figures['ratio_low']:.3f} to {figures['ratio_high']:.3f}), for "
        f"{figures['lists']:,} partners.",
        "",
    ]


def _comparisons(compared: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    """Comparisons with a part of the method replaced, if the manifest has any."""
    lines = []
    if compared:
        lines += [
            "nDCG@10 (of the cold slice) of new collaborators within a year of each cutoff, with",
            "one part replaced:",
            "",
        ]
    for kind, changes in compared.items():
        cutoffs = list(next(iter(changes.values())))
        lines += [f"| {kind} | {' | '.join(cutoffs)} |", f"|---|{'---|' * len(cutoffs)}"]
        for name, by_cutoff in changes.items():
            cells = [
                f"{one['ndcg_at_10']:.4f} ({one['cold_ndcg_at_10']:.4f})"
                for one in by_cutoff.values()
            ]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        lines.append("")
    return lines


def _weight(ranker: AdditiveRanker, name: str) -> str:
    if name not in ranker.names:
        return "-"
    return f"{ranker.coefficients[ranker.names.index(name)]:+.3f}"
