"""Refusal to work in forked processes, which lack the threads of their parent."""

import os

from ecosystem_graph.errors import ForkedError

#: Whether this process has worked on tables, and whether the one it was forked from had.
_worked, _cut_off = False, False


def check_alive() -> None:
    """Refuse to work on tables in a process where that would wait for ever for missing threads.

    Raises
    ------
    ForkedError
        If this process was forked from one that had worked on tables.
    """
    global _worked
    if _cut_off:
        raise ForkedError(
            "this process was forked from one that had worked on tables, and the threads that do "
            "did not come along: it would wait for ever. Start processes afresh (multiprocessing's "
            "'spawn' or 'forkserver'), or fork before any table is read."
        )
    _worked = True


def _forked() -> None:
    global _cut_off
    _cut_off = _cut_off or _worked


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
