"""What each term of a team's objective is worth: `python team_terms.py CUTOFF [DEALS]`.

The back-test of teams on Horizon 2020, one year after the cutoff, with one term left out at a time.
"""

import sys
from datetime import date

from ecosystem_graph import load_dataset
from ecosystem_graph.evaluation.backtests.teams import MEASURES, team_backtest
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.teams import TeamWeights

LEFT_OUT = {
    "nothing": {},
    "trust": {"trust": 0.0},
    "likelihood": {"reach": 0.0},
    "strength": {"strength": 0.0},
    "territory": {"elsewhere": 1.0},
}


def main(cutoff="2018-01-01", n_deals="500"):
    """Print one line per term and kind of team."""
    day, tables = date.fromisoformat(cutoff), load_dataset("horizon2020")
    protocol = BacktestProtocol(day, horizon_days=365, n_lists=int(n_deals))
    model = protocol.fitted(tables, for_requirements=True)
    print(f"{'left out':<12}{'teams':<8}" + "".join(f"{name:>11}" for name in MEASURES))
    for name, weights in LEFT_OUT.items():
        told = team_backtest(
            tables,
            protocol,
            model=model,
            weights=TeamWeights(**weights),
        )
        for kind in ("model", "owners"):
            values = [told.metrics[kind][key].estimate for key in MEASURES]
            line = "".join(f"{value:>11.4f}" for value in values)
            print(f"{name:<12}{kind:<8}{line}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
