"""Properties that are computed once and kept, and that name what they are computed from."""

from collections.abc import Callable
from functools import cached_property, partial
from graphlib import TopologicalSorter
from typing import Any, Generic, TypeVar

from ecosystem_graph.arrays.chunks import at_once

T = TypeVar("T")


class Feature(cached_property[T], Generic[T]):
    """A property that is computed when it is first read, then kept; it names what it reads.

    Parameters
    ----------
    of : callable
        Computes it from the object it is a property of.
    needs : tuple of str
        Features of the same object that it reads.
    ahead : bool
        Whether it takes one core long, and is worth computing ahead beside others.
    """

    def __init__(self, of: Callable[[Any], T], needs: tuple[str, ...], *, ahead: bool) -> None:
        super().__init__(of)
        self.needs = needs
        self.ahead = ahead


def feature(*needs: str, ahead: bool = False) -> Callable[[Callable[[Any], T]], Feature[T]]:
    """Declare a property to be a :class:`Feature` that reads other features, by their names.

    Examples
    --------
    >>> class Square:
    ...     side = feature()(lambda square: 3)
    ...
    ...     @feature("side")
    ...     def area(self):
    ...         return self.side**2
    >>> Square().area, Square.area.needs
    (9, ('side',))
    """
    return lambda of: Feature(of, needs, ahead=ahead)


def features_of(kind: type) -> dict[str, Feature[Any]]:
    """Every feature of a class by its name, in the order in which they are declared."""
    return {name: one for name, one in vars(kind).items() if isinstance(one, Feature)}


def compute_ahead(owner: object) -> None:
    """Compute the features of an object that are worth it side by side, each after what it needs.

    Raises
    ------
    CycleError
        If features need each other in a circle.
    """
    features = features_of(type(owner))
    waiting = [name for name, one in features.items() if one.ahead]
    needs: dict[str, tuple[str, ...]] = {}
    while waiting:
        name = waiting.pop()
        needs[name] = features[name].needs
        waiting += [other for other in needs[name] if other not in needs]
    order = TopologicalSorter(needs)
    order.prepare()
    while order.is_active():
        ready = order.get_ready()
        at_once(*(partial(features[name].__get__, owner) for name in ready))
        order.done(*ready)
