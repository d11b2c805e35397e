"""How results print: `str(result)` and a notebook show the text that a higher floor registers.

Classes of results lie below :mod:`ecosystem_graph.report`, which knows how to lay them out. So they
do not import it: it registers a function for each, and is loaded when the first result is printed.
"""

from collections.abc import Callable
from typing import Any

_TEXTS: dict[type, Callable[[Any], str]] = {}
_LOADERS: list[Callable[[], object]] = []


class Printed:
    """A result that prints as the text registered for its class, or as its `repr` without one.

    Examples
    --------
    >>> class Answer(Printed):
    ...     pass
    >>> print_as(Answer, lambda answer: "42 < 43")
    >>> str(Answer()), Answer()._repr_html_()
    ('42 < 43', '<pre>42 &lt; 43</pre>')
    """

    __slots__ = ()

    def __str__(self) -> str:
        if type(self) not in _TEXTS:
            for load in _LOADERS:
                load()
        text = _TEXTS.get(type(self), repr)
        return text(self)

    def _repr_html_(self) -> str:
        """The text as a notebook shows it."""
        from html import escape

        return f"<pre>{escape(str(self), quote=False)}</pre>"


def print_as(result: type, text: Callable[[Any], str]) -> None:
    """Print the instances of a class as a function lays them out.

    Parameters
    ----------
    result : type
        A subclass of :class:`Printed`.
    text : callable
        Gives the text of an instance.
    """
    _TEXTS[result] = text


def load_texts_by(load: Callable[[], object]) -> None:
    """Call a function before the first result is printed: it imports what registers the texts."""
    _LOADERS.append(load)
