import threading
from math import ceil

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from ecosystem_graph.arrays.chunks import at_once, map_chunks


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@pytest.mark.parametrize("n", [0, 1, 256, 257, 1_000])
def test_every_row_is_worked_on_once_and_in_order(n):
    sources = np.random.default_rng(0).permutation(n)
    chunks = [(chunk, result) for chunk, result in map_chunks(np.negative, sources)]
    assert len(chunks) == ceil(n / 256)
    for chunk, result in chunks:
        np.testing.assert_array_equal(result, -chunk)
    np.testing.assert_array_equal(np.concatenate([s for s, _ in chunks] or [sources]), sources)


def test_a_slow_chunk_keeps_its_place():
    second_done = threading.Event()

    def work(chunk):
        if chunk[0] == 0:
            second_done.wait(timeout=1)  # in vain on a single core
        elif chunk[0] == 256:
            second_done.set()
        return chunk[0]

    assert [result for _, result in map_chunks(work, np.arange(768))] == [0, 256, 512]


@pytest.mark.parametrize("cores", [1, 2, 3, 8])
def test_any_number_of_cores_gives_the_same_answers(monkeypatch, cores):
    monkeypatch.setattr("ecosystem_graph.arrays.chunks.cpu_count", lambda: cores)
    threads = set()

    def work(chunk):
        threads.add(threading.get_ident())
        return np.sort(np.sin(chunk)).sum()

    sources = np.arange(5_000)
    expected = [work(sources[start : start + 256]) for start in range(0, 5_000, 256)]
    threads.clear()
    assert [result for _, result in map_chunks(work, sources)] == expected
    assert len(threads) <= cores


def test_an_error_in_the_work_reaches_the_caller():
    def work(chunk):
        raise KeyError(chunk[0])

    with pytest.raises(KeyError):
        list(map_chunks(work, np.arange(600)))


def test_whoever_has_seen_enough_may_stop():
    chunks = map_chunks(np.sum, np.arange(10_000))
    assert next(chunks)[1] == sum(range(256))
    chunks.close()


def test_linear_algebra_gets_one_thread_meanwhile_and_its_own_back_after():
    before = blas_threads()
    during = [threads for _, threads in map_chunks(lambda _: blas_threads(), np.arange(600))]
    assert before
    assert during == [[1] * len(before)] * 3
    assert blas_threads() == before


def test_things_done_at_once_keep_their_linear_algebra_to_one_thread_each():
    during = []
    at_once(*[lambda: during.append(blas_threads())] * 2)
    assert len(during) == 2
    assert all(set(threads) == {1} for threads in during)


def test_things_done_at_once_run_side_by_side():
    """Each waits for the other, which only ends if both are on their way."""
    both = threading.Barrier(2, timeout=20)
    at_once(both.wait, both.wait)


def test_what_fails_at_once_is_told_when_the_other_has_ended():
    ended = []

    def fails():
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        at_once(fails, lambda: ended.append(True))
    assert ended == [True]
