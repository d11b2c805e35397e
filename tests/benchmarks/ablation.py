"""What each family of signals is worth: `python tests/benchmarks/ablation.py [DATA] [CUTOFF]...`.

The back-test of new collaborators within a year, with all signals and with each family left out in
turn, beside the best baseline. Horizon 2020 at 2017-01-01 and 2018-01-01 unless told otherwise.
"""

import sys
from dataclasses import replace
from datetime import date

from ecosystem_graph import load_dataset
from ecosystem_graph.evaluation import backtest
from ecosystem_graph.signals import SIGNALS

BASELINES = ["adamic_adar", "personalized_pagerank"]


def without(family):
    """Stop learning the signals of a family; returns what undoes it."""
    before = {name: signal for name, signal in SIGNALS.items() if signal.family == family}
    for name, signal in before.items():
        SIGNALS[name] = replace(signal, learnt=False)
    return before


def main(data="horizon2020", *cutoffs):
    """Print one line per family and cutoff."""
    tables = load_dataset(data)
    families = [None, *dict.fromkeys(signal.family for signal in SIGNALS.values() if signal.learnt)]
    print(f"{'left out':<18}{'cutoff':<12}{'nDCG@10':>9}{'cold':>8}{'x best baseline':>17}")
    for cutoff in cutoffs or ("2017-01-01", "2018-01-01"):
        for family in families:
            undone = without(family) if family else {}
            told = backtest(
                tables, date.fromisoformat(cutoff), horizon_days=365, baselines=BASELINES
            )
            SIGNALS.update(undone)
            model = told.outcomes["model"]
            ndcg, cold = model.metrics["ndcg"].estimate, model.cold["ndcg"].estimate
            print(
                f"{family or 'nothing':<18}{cutoff:<12}{ndcg:>9.4f}{cold:>8.4f}"
                f"{told.ratio.estimate:>17.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
