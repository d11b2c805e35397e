"""What the model is made of, against what it could be: `python tests/benchmarks/comparisons.py`.

The back-test of new collaborators within a year, on Horizon 2020 at 2017-01-01 and 2018-01-01: with
each group of signals left out, with other embeddings, with other rankers. `--model MODEL` writes
the figures into a saved model and its card, which training it again drops; `--only embeddings`
runs one kind.
"""

import sys
from argparse import ArgumentParser
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

# The alternatives stand beside this script, which is run by its path.
sys.path.insert(0, str(Path(__file__).parent))

from alternative_embeddings import EMBEDDINGS
from alternative_rankers import RANKERS

from ecosystem_graph import load_dataset
from ecosystem_graph.evaluation import backtest
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.ranking.training import windows as learning
from ecosystem_graph.recommending.model_files import load_model, save_model
from ecosystem_graph.signals import SIGNALS, GraphFeatures, registry

CUTOFFS = ("2017-01-01", "2018-01-01")


@contextmanager
def replaced(owner, **others):
    """Other attributes for a while."""
    before = {name: owner.__dict__[name] for name in others}
    try:
        for name, other in others.items():
            setattr(owner, name, other)
        yield
    finally:
        for name, one in before.items():
            setattr(owner, name, one)


def unlearnt(group):
    """Stop learning the signals of a group for a while."""
    signals = registry._BUILT_IN.items()
    return replaced(
        registry,
        _BUILT_IN={
            name: replace(signal, learnt=signal.learnt and signal.group != group)
            for name, signal in signals
        },
    )


def changes():
    """Each kind of change: its name, and what makes it."""
    groups = dict.fromkeys(signal.group for signal in SIGNALS.values() if signal.learnt)
    return {
        "without a group of signals": {name: unlearnt(name) for name in groups},
        "embeddings": {name: replaced(GraphFeatures, **one) for name, one in EMBEDDINGS.items()},
        "rankers": {name: replaced(learning, fit_ranker=one) for name, one in RANKERS.items()},
    }


def figures(tables, cutoff):
    """NDCG@10 of the model as it is set up, of the cold slice as well, and beside the baseline."""
    told = backtest(
        tables,
        BacktestProtocol(date.fromisoformat(cutoff), horizon_days=365),
        baselines=["adamic_adar"],
    )
    model = told.results["model"]
    return {
        "ndcg_at_10": round(model.metrics["ndcg"].estimate, 4),
        "cold_ndcg_at_10": round(model.cold["ndcg"].estimate, 4),
        "times_adamic_adar": round(told.ratio.estimate, 3),
    }


def compared(only=None):
    """All figures: by kind, by change, by cutoff."""
    tables = load_dataset("horizon2020")
    as_shipped = {cutoff: figures(tables, cutoff) for cutoff in CUTOFFS}
    told = {"as it ships": {"nothing changed": as_shipped}}
    say("as it ships", "nothing changed", as_shipped)
    for kind, some in changes().items():
        if only not in (None, kind):
            continue
        told[kind] = {}
        for name, change in some.items():
            with change:
                told[kind][name] = {cutoff: figures(tables, cutoff) for cutoff in CUTOFFS}
            say(kind, name, told[kind][name])
    return told


def say(kind, name, by_cutoff):
    """Print one line per cutoff."""
    for cutoff, one in by_cutoff.items():
        numbers = "".join(f"{value:>9.4f}" for value in one.values())
        print(f"{kind:<28}{name:<34}{cutoff:<11}{numbers}", flush=True)


def main():
    """Compare, and write the figures into a model if one is named."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", help="a saved model's folder")
    parser.add_argument("--only", choices=list(changes()))
    asked = parser.parse_args()
    print(f"{'what is changed':<28}{'to':<34}{'cutoff':<11}{'nDCG@10':>9}{'cold':>9}{'x AA':>9}")
    told = compared(asked.only)
    if asked.model:
        model = load_model(asked.model)
        figures = dict(model.figures or {})
        figures["comparisons"] = {**figures.get("comparisons", {}), **told}
        save_model(replace(model, figures=figures), asked.model, overwrite=True)


if __name__ == "__main__":
    main()
