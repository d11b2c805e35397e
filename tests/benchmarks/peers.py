"""Other people's ways to ten collaborators for everybody: `peers.py NAME QUESTION.npz LISTS.npy`.

Each runs in its own process, and in an environment of its own if need be: nothing of this package
is imported. A question holds who won with whom, whom not to list for whom, and who may be listed at
all; the answer is an array (n_partners, k) of positions, best first, -1 where a list is shorter.
"""

import sys
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array, csr_matrix

#: Exit status that says a package is missing.
NOT_INSTALLED = 3
FACTORS, ITERATIONS, SEED = 64, 15, 0
#: Asked of an index that cannot leave out known collaborators; those are taken out afterwards.
NEIGHBOURS = 500


@dataclass(frozen=True, eq=False)
class Question:
    """Who won with whom, which pairs are excluded (oneself too), who is eligible, how many."""

    adjacency: csr_array
    excluded: csr_array
    eligible: np.ndarray
    k: int

    def save(self, path):
        """Write plain arrays."""
        with Path(path).open("wb") as file:
            np.savez(
                file,
                known=self.adjacency.indices,
                known_ends=self.adjacency.indptr,
                excluded=self.excluded.indices,
                excluded_ends=self.excluded.indptr,
                eligible=self.eligible,
                k=self.k,
            )

    @classmethod
    def load(cls, path):
        """Read what was saved."""
        with np.load(path) as saved:
            n = len(saved["eligible"])

            def links(name):
                columns = saved[name]
                ends = saved[f"{name}_ends"]
                return csr_array((np.ones(len(columns), np.float32), columns, ends), shape=(n, n))

            return cls(links("known"), links("excluded"), saved["eligible"], int(saved["k"]))

    def barred(self, source):
        """Positions never to be listed for a source."""
        ends = self.excluded.indptr
        return self.excluded.indices[ends[source] : ends[source + 1]]


def implicit_als(question):
    """Alternating least squares: 64 factors, 15 iterations."""
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):  # it runs threads of its own, and warns
        model = AlternatingLeastSquares(
            factors=FACTORS,
            iterations=ITERATIONS,
            regularization=0.05,
            alpha=5.0,
            random_state=SEED,
        )
        model.fit(csr_matrix(question.adjacency), show_progress=False)
        found, _ = model.recommend(
            np.arange(len(question.eligible)),
            csr_matrix(question.excluded),
            N=question.k,
            filter_items=np.flatnonzero(~question.eligible),
        )
    return found


def networkx_adamic_adar(question):
    """Adamic-Adar of all pairs two steps apart."""
    import networkx

    graph = networkx.from_scipy_sparse_array(question.adjacency)
    lists = np.full((len(question.eligible), question.k), -1)
    for source in graph:
        around = {far for near in graph[source] for far in graph[near]}
        around.difference_update(question.barred(source).tolist())
        pairs = [(source, target) for target in sorted(around) if question.eligible[target]]
        scored = networkx.adamic_adar_index(graph, pairs)
        best = nlargest(question.k, scored, key=lambda pair: pair[2])
        lists[source, : len(best)] = [target for _, target, _ in best]
    return lists


def scikit_network(question):
    """Link prediction as the package comes: the nearest by cosine of their rows of the graph."""
    from sknetwork.linkpred import NNLinker

    n = len(question.eligible)
    linker = NNLinker(n_neighbors=min(NEIGHBOURS, n - 1))
    links = csr_array(linker.fit_predict(csr_matrix(question.adjacency)))
    lists = np.full((n, question.k), -1)
    for source in range(n):
        row = slice(links.indptr[source], links.indptr[source + 1])
        targets, scores = links.indices[row], links.data[row]
        fair = question.eligible[targets] & ~np.isin(targets, question.barred(source))
        order = np.lexsort((targets[fair], -scores[fair]))[: question.k]
        lists[source, : len(order)] = targets[fair][order]
    return lists


def pecanpy_node2vec(question):
    """Embedding by random walks (p = q = 1, 10 walks of 80 steps, 128 dimensions), and cosine."""
    from pecanpy.pecanpy import FirstOrderUnweighted

    walker = FirstOrderUnweighted(p=1, q=1, workers=2, verbose=False, random_state=SEED)
    linked = np.flatnonzero(np.diff(question.adjacency.indptr))
    graph = csr_array(question.adjacency[linked][:, linked])
    walker.set_node_ids([str(position) for position in linked])
    walker.indptr, walker.indices = graph.indptr.astype(np.uint32), graph.indices.astype(np.uint32)
    walker.data = graph.data
    vectors = np.zeros((len(question.eligible), 128), np.float32)
    vectors[linked] = walker.embed()
    return nearest(vectors, question)


def nearest(vectors, question, block=256):
    """The k of greatest cosine to each, by looking at everybody."""
    n, k = len(vectors), min(question.k, len(vectors))
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = vectors / np.where(length > 0, length, 1)
    lists = np.full((n, question.k), -1)
    for start in range(0, n, block):
        rows = np.arange(start, min(start + block, n))
        scores = vectors[rows] @ vectors.T
        scores[:, ~question.eligible] = -np.inf
        scores[question.excluded[rows].nonzero()] = -np.inf
        best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(scores, best, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        best[values == -np.inf] = -1
        lists[rows, :k] = np.take_along_axis(best, order, axis=1)
    return lists


PEERS = {
    "implicit ALS": implicit_als,
    "networkx Adamic-Adar": networkx_adamic_adar,
    "scikit-network": scikit_network,
    "PecanPy node2vec": pecanpy_node2vec,
}


def main(name, question, lists):
    """Answer a question."""
    try:
        answer = PEERS[name](Question.load(question))
    except ModuleNotFoundError as error:
        print(f"not installed: {error.name}", file=sys.stderr)
        sys.exit(NOT_INSTALLED)
    np.save(lists, answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
