"""How long work tells whoever waits how far it is."""

from typing import Protocol


class Progress(Protocol):
    """What is called while `fit`, `recommend`, `run` and the back-tests work.

    Anything that takes these arguments will do: a function, a bar of another library's wrapped in
    one, or :class:`~ecosystem_graph.jobs.stages.Stages`, which measures stages as well. It is
    called from the thread that waits.

    Examples
    --------
    >>> def report(stage, done=0, total=0):
    ...     print(stage if not total else f"{stage}: {done} more of {total}")
    >>> report("ranking", 256, 4096)
    ranking: 256 more of 4096
    """

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> object:
        """Hear that a stage begins, or that `done` more of its `total` steps are done."""
        ...


def silent(stage: str, done: int = 0, total: int = 0) -> None:
    """Hear nothing: no progress is shown."""
