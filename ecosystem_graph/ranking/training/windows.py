"""What is learnt from the horizons before a day: one, or several where wins are few."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.sparse import csr_array

from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking.calibration import Calibration
from ecosystem_graph.ranking.candidates import CandidateFinder, Task
from ecosystem_graph.ranking.ranker import AdditiveRanker
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.ranking.scorer import Scorer
from ecosystem_graph.ranking.training.requirement_set import (
    MOST_DEALS,
    fit_requirement_ranker,
    led_deals,
    requirement_set,
)
from ecosystem_graph.ranking.training.training_set import (
    TrainingSet,
    drawn_sources,
    fit_calibration,
    fit_ranker,
    joined,
    training_set,
    wins_after,
)
from ecosystem_graph.tables import Tables

#: Partners to learn weights from in one window, at most; more change them by less than their noise.
_TRAINING_SOURCES = 4_000

#: Partners to learn probabilities from, at most.
_CALIBRATION_SOURCES = 1_500

#: Pairs that won together to learn from: windows further back are added until there are so many.
#: On parts of Horizon 2020 (four regions, 30 to 100 % of the deals; 2018-01-01, one year) up to
#: four windows changed nDCG@10 by -9 to +32 %, 4 % on average, where one held fewer than 300, and
#: by -4 to +2 % where it held more.
_ENOUGH_WINS = 300

_MOST_WINDOWS = 5


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """A day of the past, and who won together within the horizon after it.

    Attributes
    ----------
    finder : CandidateFinder
        Of the graph as it was on the day.
    until : datetime.date
        The horizon ends before it.
    won_later : csr_array of shape (n_partners, n_partners)
    """

    finder: CandidateFinder
    until: date
    won_later: csr_array


class TrainingWindows:
    """Horizons before a day, the latest first, one after the other without a gap.

    Parameters
    ----------
    tables : Tables
    day : datetime.date
        Nothing on or after it is looked at.
    horizon_days : int
    finder_of : callable
        Finder of candidates on a graph.
    at_hand : iterable of CandidateFinder
        Finders of past days of these tables that are there already.
    """

    def __init__(
        self,
        tables: Tables,
        day: date,
        horizon_days: int,
        finder_of: Callable[[EcosystemGraph], CandidateFinder],
        at_hand: Iterable[CandidateFinder] = (),
    ) -> None:
        self.tables = tables
        self._day = day
        self._horizon_days = horizon_days
        self._finder_of = finder_of
        self._at_hand = {finder.features.graph.as_of: finder for finder in at_hand}
        self._made: list[Window] = []

    @property
    def latest(self) -> Window:
        """The one that ends on the day."""
        return next(iter(self))

    def __iter__(self) -> Iterator[Window]:
        """At most five, as long as something had been won before; each is made when needed."""
        for place in range(_MOST_WINDOWS):
            if place == len(self._made):
                until = self._made[-1].finder.features.graph.as_of if self._made else self._day
                window = self._ending(until)
                if place and window.finder.features.graph.n_deals == 0:
                    return
                self._made.append(window)
            yield self._made[place]

    def _ending(self, until: date) -> Window:
        # The calendar begins on day 1, and nothing is known on it.
        before = date.fromordinal(max(until.toordinal() - self._horizon_days, 1))
        finder = self._at_hand.get(before)
        if finder is None:
            finder = self._finder_of(EcosystemGraph.from_tables(self.tables, before))
        return Window(finder, until, wins_after(finder.features.graph, self.tables, until))


def learn_pairs(
    windows: TrainingWindows, task: Task, seed: int
) -> tuple[AdditiveRanker, Calibration | None]:
    """Weights from some partners, probabilities from others if there are enough of them.

    Weights are learnt on the latest window, and on those before it until there are 300 pairs
    that won together; probabilities on the latest.

    Raises
    ------
    HistoryError
        If all windows together hold too few pairs that won together.
    """
    rng = np.random.default_rng(seed)
    learnt_from, others = drawn_sources(windows.latest.finder, _TRAINING_SOURCES, rng)
    sets: list[TrainingSet] = []
    for window in windows:
        sources = drawn_sources(window.finder, _TRAINING_SOURCES, rng)[0] if sets else learnt_from
        sets.append(
            training_set(window.finder, window.won_later, task=task, sources=sources, rng=rng)
        )
        if _enough(sets):
            break
    ranker = fit_ranker(joined(sets))
    apart = others if len(others) >= _CALIBRATION_SOURCES // 2 else learnt_from
    scorer = Scorer(windows.latest.finder, ranker, task)
    won_later = windows.latest.won_later
    return ranker, fit_calibration(scorer, won_later, apart[:_CALIBRATION_SOURCES])


def learn_requirements(windows: TrainingWindows, seed: int) -> AdditiveRanker:
    """Weights of what makes a partner join the lead of a deal, by what it asks for.

    Raises
    ------
    HistoryError
        If all windows together hold too few deals that name their lead.
    """
    rng = np.random.default_rng(seed)
    sets: list[TrainingSet] = []
    n_deals = 0
    for window in windows:
        deals = led_deals(window.finder, windows.tables, window.until, MOST_DEALS, rng)
        if deals is not None:
            n_deals += len(deals.needs)
            sets.append(requirement_set(RequirementRanker(window.finder), deals, rng))
            if _enough(sets):
                break
    return fit_requirement_ranker(sets, n_deals)


def _enough(sets: list[TrainingSet]) -> bool:
    return sum(int(one.won.sum()) for one in sets) >= _ENOUGH_WINS
