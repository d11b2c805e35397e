"""What a saved model is, to read."""

from typing import Any

from ecosystem_graph.ranking import AdditiveRanker
from ecosystem_graph.signals import ALL_SIGNALS


def model_card(manifest: dict[str, Any], rankers: dict[str, AdditiveRanker]) -> str:
    """What the model is, from the very values that are saved, so that the two cannot differ.

    Parameters
    ----------
    manifest : dict
        What `manifest.json` holds.
    rankers : dict of str to AdditiveRanker
        By task.

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
        "later records are no part of them and stay an honest test. A score is the log-odds of a",
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
    return "\n".join([*lines, *_comparisons(compared)])


def _figures(figures: dict[str, Any] | None) -> list[str]:
    """How well the method did in its trial, as the manifest has it."""
    if figures is None:
        return ["It was saved without a trial of how well it ranks.", ""]
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
    """What else was tried in the place of a part, where that is on record."""
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
            told = [
                f"{one['ndcg_at_10']:.4f} ({one['cold_ndcg_at_10']:.4f})"
                for one in by_cutoff.values()
            ]
            lines.append(f"| {name} | {' | '.join(told)} |")
        lines.append("")
    return lines


def _weight(ranker: AdditiveRanker, name: str) -> str:
    if name not in ranker.names:
        return "-"
    return f"{ranker.coefficients[ranker.names.index(name)]:+.3f}"
