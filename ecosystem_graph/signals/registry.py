"""Signals by name: those that come with the package, and those that a program registers.

There is one registry for the whole process. A registered signal is learnt by every later fit in
the process; a model that weighs it works wherever a signal of that name is registered.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace as changed
from threading import Lock
from typing import Generic, TypeVar, cast

import numpy as np

from ecosystem_graph.arrays.typing import Values
from ecosystem_graph.errors import SignalError, UnknownSignalError
from ecosystem_graph.signals.built_in.activity import ACTIVITY
from ecosystem_graph.signals.built_in.business import BUSINESS
from ecosystem_graph.signals.built_in.collaboration import COLLABORATION, EMBEDDING
from ecosystem_graph.signals.built_in.requirements import REQUIREMENTS
from ecosystem_graph.signals.features.pair_features import PairFeatures
from ecosystem_graph.signals.signal import RequirementSignal, Signal, SignalFacts

_BUILT_IN = {signal.name: signal for signal in (*COLLABORATION, *BUSINESS, *ACTIVITY, *EMBEDDING)}

#: Signals of a requirement and a partner, by name.
REQUIREMENT_SIGNALS: Mapping[str, RequirementSignal] = {one.name: one for one in REQUIREMENTS}

#: Registered signals by name. Never changed, always replaced: who reads it needs no lock.
_registered: dict[str, Signal] = {}
_CHANGING = Lock()

#: Facts of a signal without which its weight means nothing.
_ENTERING = ("scale", "direction", "source_only")

AnySignal = TypeVar("AnySignal", bound=SignalFacts)


class SignalTable(Mapping[str, AnySignal], Generic[AnySignal]):
    """Signals by name: built-in pair signals, registered ones in order of their names, others.

    Neither the order of registration nor other threads change the order.

    Parameters
    ----------
    others : mapping
        Signals that come after the registered ones.
    """

    def __init__(self, others: Mapping[str, AnySignal]) -> None:
        self._others = others

    def __getitem__(self, name: str) -> AnySignal:
        if name in self._others:
            return self._others[name]
        signal = _BUILT_IN.get(name) or _registered.get(name)
        if signal is None:
            raise UnknownSignalError(
                f"no signal {name!r} is registered in this process. Call register_signal with it "
                "first; a worker process starts without the signals of the process that started "
                "it, and must register them too."
            )
        return cast("AnySignal", signal)

    def __iter__(self) -> Iterator[str]:
        yield from (*_BUILT_IN, *sorted(_registered), *self._others)

    def __len__(self) -> int:
        return len(_BUILT_IN) + len(_registered) + len(self._others)

    def __contains__(self, name: object) -> bool:
        return name in _BUILT_IN or name in _registered or name in self._others


#: Signals of a pair of partners by name, in the order in which every output lists them.
SIGNALS: Mapping[str, Signal] = SignalTable[Signal]({})

#: Every signal that a ranker may weigh, those of requirements included.
ALL_SIGNALS: Mapping[str, SignalFacts] = SignalTable[SignalFacts](REQUIREMENT_SIGNALS)


def register_signal(signal: Signal, *, replace: bool = False) -> None:
    """Add a signal to those that rankers learn from, in this process.

    From then on every fit learns its weight, and lists, explanations and saved models show it like
    any other. Its values are checked whenever they are computed. Models fitted before do not
    change. A process that uses a model which weighs it must register it as well: models hold
    names and weights, never code.

    Parameters
    ----------
    signal : Signal
    replace : bool, default False
        Whether to take the place of a signal registered before under the same name.

    Raises
    ------
    TypeError
        If it is not a :class:`Signal`.
    ValueError
        If the name is that of a built-in signal, or registered already.

    Examples
    --------
    >>> tier = Signal(
    ...     name="tier_gold",
    ...     description="whether the collaborator is a gold partner",
    ...     unit="0 or 1",
    ...     group="program",
    ...     scale="linear",
    ...     of=lambda pairs: (
    ...         (pairs.graph.tables["partners"]["tier"] == "gold")
    ...         .fill_null(False)
    ...         .to_numpy()[pairs.targets]
    ...     ),
    ... )
    >>> register_signal(tier)
    >>> "tier_gold" in SIGNALS
    True
    >>> unregister_signal("tier_gold")
    """
    global _registered
    if not isinstance(signal, Signal):
        raise TypeError(f"register_signal takes a Signal. Got {type(signal).__name__}.")
    if signal.name in _BUILT_IN or signal.name in REQUIREMENT_SIGNALS:
        raise ValueError(f"{signal.name!r} is the name of a built-in signal: choose another.")
    with _CHANGING:
        if signal.name in _registered and not replace:
            raise ValueError(
                f"a signal {signal.name!r} is registered already: pass replace=True to put this "
                "one in its place."
            )
        _registered = {**_registered, signal.name: _checked(signal)}


def unregister_signal(name: str) -> None:
    """Remove a registered signal; models that weigh it cannot be used until it is back.

    Raises
    ------
    UnknownSignalError
        If no signal of that name was registered.
    """
    global _registered
    with _CHANGING:
        if name not in _registered:
            known = ", ".join(sorted(_registered)) or "none"
            raise UnknownSignalError(f"no signal {name!r} was registered. Registered: {known}.")
        _registered = {other: one for other, one in _registered.items() if other != name}


@contextmanager
def registered_signal(signal: Signal) -> Iterator[None]:
    """Register a signal for the length of a ``with`` block, such as a test."""
    register_signal(signal)
    try:
        yield
    finally:
        unregister_signal(signal.name)


def registered_facts(names: Iterable[str]) -> dict[str, dict[str, object]]:
    """How registered signals among some enter a ranking: what a saved model relies on, by name."""
    return {
        name: {fact: getattr(_registered[name], fact) for fact in _ENTERING}
        for name in sorted(_registered.keys() & set(names))
    }


def check_registered(facts: Mapping[str, Mapping[str, object]]) -> None:
    """Refuse to use weights with signals that are not what they were when these were learnt.

    Parameters
    ----------
    facts : mapping
        From :func:`registered_facts` when the model was saved.

    Raises
    ------
    ValueError
        If a signal is registered with another scale or direction, or is about other partners.
    """
    now = registered_facts(facts)
    for name, saved in facts.items():
        for fact in _ENTERING:
            if name in now and saved[fact] != now[name][fact]:
                raise ValueError(
                    f"signal {name!r} had {fact} {saved[fact]!r:.40} when the model was fitted, "
                    f"now {now[name][fact]!r}: register it as it was, or fit again"
                )


def _checked(signal: Signal) -> Signal:
    """The same signal, its values checked each time."""

    def values(pairs: PairFeatures) -> Values:
        try:
            computed = signal.of(pairs)
        except Exception as error:
            error.add_note(f"This happened in the function of the signal {signal.name!r}.")
            raise
        return _finite(signal, computed, pairs)

    return changed(signal, of=values)


def _finite(signal: Signal, computed: object, pairs: PairFeatures) -> Values:
    """One finite float per pair."""
    named, n_pairs = f"signal {signal.name!r}", len(pairs.sources)
    if not isinstance(computed, np.ndarray):
        raise SignalError(f"{named} must give a numpy array. Got {type(computed).__name__}.")
    if computed.shape != (n_pairs,):
        raise SignalError(
            f"{named} must give one number per pair, shape ({n_pairs},). Got {computed.shape}."
        )
    if computed.dtype.kind not in "biuf":
        raise SignalError(f"{named} must give real numbers. Got dtype {computed.dtype}.")
    values = computed.astype(np.float64)
    bad = ~np.isfinite(values) | ((values < 0) if signal.scale == "log" else False)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        ids = pairs.graph.index.ids
        rule = "finite and, on a log scale, not negative" if signal.scale == "log" else "finite"
        raise SignalError(
            f"values of {named} must be {rule}. Got {values[first]} for "
            f"{ids[pairs.sources[first]]!r} and {ids[pairs.targets[first]]!r}, one of "
            f"{int(bad.sum()):,} such pairs. Where nothing is known of a pair, give 0."
        )
    return values
