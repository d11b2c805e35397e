"""Trials in processes of their own, so that one that crashes or never ends is noticed."""

import multiprocessing
import os
import threading
from itertools import count
from queue import Empty, SimpleQueue

from attacks.trials import Outcome, trial

_CONTEXT = multiprocessing.get_context("spawn")  # threads of polars do not survive a fork


def outcomes(kind, seed, numbers, n_workers, limit, share):
    """Pairs of a trial's number and its outcome, as they come in.

    Parameters
    ----------
    kind : str
    seed : int
    numbers : sequence of int
    n_workers : int
    limit : float
        Seconds until a trial counts as endless and its process is ended.
    share : float
        As for `trial`.
    """
    waiting, done = iter(numbers), SimpleQueue()
    lock = threading.Lock()

    def following():
        with lock:
            return next(waiting, None)

    def serve():
        worker = _Worker(kind, seed, share)
        for number in iter(following, None):
            done.put((number, worker.outcome(number, limit)))
        worker.end()

    threads = [threading.Thread(target=serve, daemon=True) for _ in range(n_workers)]
    for thread in threads:
        thread.start()
    left = len(numbers)
    while left:
        try:
            yield done.get(timeout=60)
            left -= 1
        except Empty:
            if not any(thread.is_alive() for thread in threads):
                raise RuntimeError("the workers are gone") from None


class _Worker:
    """A process that is asked for one trial after another, and made anew when it is lost."""

    def __init__(self, *how):
        self._how = how
        self._start()

    def _start(self):
        self._pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(theirs, *self._how), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()  # everything is imported

    def outcome(self, number, limit):
        self._pipe.send(number)
        try:
            if self._pipe.poll(limit):
                return self._pipe.recv()
            lost = Outcome("hang", "hang", f"more than {limit:.0f} s")
        except (EOFError, ConnectionError):
            self._process.join(10)
            lost = Outcome("crash", "crash", f"exit code {self._process.exitcode}")
        self.end()
        self._start()
        return lost

    def end(self):
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _work(pipe, kind, seed, share):
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)  # a panic tells itself on stderr as well
    pipe.send("ready")
    for _ in count():
        try:
            number = pipe.recv()
        except EOFError:
            return
        pipe.send(trial(kind, seed, number, share))
