import threading
from math import ceil

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from ecosystem_graph.arrays.chunks import at_once, in_shards


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@pytest.mark.parametrize("n", [0, 1, 256, 257, 1_000])
def test_everybody_is_worked_on_once_and_in_order(n):
    sources = np.random.default_rng(0).permutation(n)
    shards = [(shard, answer) for shard, answer in in_shards(np.negative, sources)]
    assert len(shards) == ceil(n / 256)
    for shard, answer in shards:
        np.testing.assert_array_equal(answer, -shard)
    np.testing.assert_array_equal(np.concatenate([s for s, _ in shards] or [sources]), sources)


def test_a_shard_that_takes_longer_keeps_its_place():
    second_done = threading.Event()

    def work(shard):
        if shard[0] == 0:
            second_done.wait(timeout=1)  # in vain on a single core
        elif shard[0] == 256:
            second_done.set()
        return shard[0]

    assert [answer for _, answer in in_shards(work, np.arange(768))] == [0, 256, 512]


@pytest.mark.parametrize("cores", [1, 2, 3, 8])
def test_any_number_of_cores_gives_the_same_answers(monkeypatch, cores):
    monkeypatch.setattr("ecosystem_graph.arrays.chunks.cpu_count", lambda: cores)
    threads = set()

    def work(shard):
        threads.add(threading.get_ident())
        return np.sort(np.sin(shard)).sum()

    sources = np.arange(5_000)
    expected = [work(sources[start : start + 256]) for start in range(0, 5_000, 256)]
    threads.clear()
    assert [answer for _, answer in in_shards(work, sources)] == expected
    assert len(threads) <= cores


def test_an_error_in_the_work_reaches_whoever_asked():
    def work(shard):
        raise KeyError(shard[0])

    with pytest.raises(KeyError):
        list(in_shards(work, np.arange(600)))


def test_whoever_has_seen_enough_may_stop():
    shards = in_shards(np.sum, np.arange(10_000))
    assert next(shards)[1] == sum(range(256))
    shards.close()


def test_linear_algebra_gets_one_thread_meanwhile_and_its_own_back_after():
    before = blas_threads()
    during = [threads for _, threads in in_shards(lambda _: blas_threads(), np.arange(600))]
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
