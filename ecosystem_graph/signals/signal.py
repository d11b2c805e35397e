"""What a signal is: one number about a pair of partners, and the words that go with it."""

from collections.abc import Callable
from dataclasses import dataclass
from keyword import iskeyword
from typing import Literal, get_args

from ecosystem_graph.arrays.typing import Positions, Values
from ecosystem_graph.signals.features.graph_features import GraphFeatures
from ecosystem_graph.signals.features.pair_features import PairFeatures
from ecosystem_graph.signals.features.requirements import RequirementPairs

Scale = Literal["log", "linear"]
Direction = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFacts:
    """What is known of a signal beside its values: see :class:`Signal`.

    Raises
    ------
    TypeError, ValueError
        If one of them has no meaning: the message names it and says what is allowed.
    """

    name: str
    description: str
    unit: str
    group: str
    scale: Scale
    direction: Direction = 0
    source_only: bool = False
    learnt: bool = True

    def __post_init__(self) -> None:
        for field in ("name", "description", "unit", "group"):
            text = getattr(self, field)
            if not isinstance(text, str):
                raise TypeError(f"{field} of a signal must be text. Got {text!r:.60}.")
            if not text.strip():
                raise ValueError(f"{field} of signal {self.name!r} is empty.")
        if not self.name.isidentifier() or iskeyword(self.name):
            raise ValueError(
                f"name of a signal must be an identifier, such as 'account_overlap'. "
                f"Got {self.name!r:.60}."
            )
        for field, allowed in (("scale", get_args(Scale)), ("direction", get_args(Direction))):
            if getattr(self, field) not in allowed:
                raise ValueError(
                    f"{field} of signal {self.name!r} must be one of "
                    f"{', '.join(map(repr, allowed))}. Got {getattr(self, field)!r:.60}."
                )
        if not callable(getattr(self, "of", None)):
            raise TypeError(f"of, of signal {self.name!r}, must be a function of pairs.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(SignalFacts):
    """One number about an ordered pair of partners: a source, and a target recommended to it.

    Attributes
    ----------
    name : str
        An identifier: what rankers, models and outputs call it.
    description : str
        What it measures, in words a partner manager understands.
    unit : str
        Its unit and range, such as ``"partners, >= 0"``.
    group : str
        The kind of evidence it belongs to, such as ``"trust"``.
    scale : {"log", "linear"}
        How it enters the ranking: as ``log(1 + value / typical value)``, or as it is. On a log
        scale no value is negative.
    direction : {-1, 0, 1}, default 0
        1 where a larger value may never lower a score, -1 where it may never raise it, whatever
        was learnt; 0 where history decides.
    source_only : bool, default False
        Whether it is about the source alone, and so the same for its whole list.
    learnt : bool, default True
        Whether a ranker learns its weight. Competition has a price instead; the others that are
        not learnt add nothing to the accuracy of a ranking beside those that are, and are shown
        as evidence.
    of : callable
        ``of(pairs)`` with :class:`PairFeatures`: one finite number per pair, shape (n_pairs,). The
        value of a pair must depend neither on the other pairs asked for nor on their order, and
        be the same each time; threads may ask at the same time.

    Raises
    ------
    TypeError, ValueError
        If one of them has no meaning: the message names it and says what is allowed.

    Examples
    --------
    >>> popularity = Signal(
    ...     name="popularity",
    ...     description="number of partners the collaborator has won with",
    ...     unit="partners, >= 0",
    ...     group="activity",
    ...     scale="log",
    ...     of=lambda pairs: pairs.graph.degree[pairs.targets],
    ... )
    """

    of: Callable[[PairFeatures], Values]

    def values(self, features: GraphFeatures, sources: Positions, targets: Positions) -> Values:
        """One finite number per pair, shape (n_pairs,)."""
        return self.of(PairFeatures(features, sources, targets))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementSignal(SignalFacts):
    """One number about a customer's requirement and a partner that could serve it.

    Attributes
    ----------
    of : callable
        ``of(pairs)`` with :class:`RequirementPairs`: one finite number per pair, shape (n_pairs,).
    """

    of: Callable[[RequirementPairs], Values]
