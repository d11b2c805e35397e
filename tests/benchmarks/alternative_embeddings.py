"""Embeddings that could take the place of the degree-damped SVD of who has won with whom."""

from functools import cached_property

import numpy as np
from scipy.sparse import block_array, csr_array, diags_array

from ecosystem_graph.arrays.csr import tidy
from ecosystem_graph.arrays.top_k import largest_of_product
from ecosystem_graph.signals.network import embedding
from ecosystem_graph.signals.network.embedding import Embedding, truncated_svd


def damped_by(power):
    """The SVD of ``D**-power A D**-power``, in both embeddings."""

    def svd(matrix, n_components, random_state):
        before = embedding._DAMPING
        embedding._DAMPING = power
        try:
            return truncated_svd(matrix, n_components, random_state)
        finally:
            embedding._DAMPING = before

    return pair_of(
        lambda features: svd(features.graph.adjacency, features.n_components, 0),
        lambda features: svd(csr_array(features.ties.sqrt()), 32, 0),
    )


def pair_of(wins, ties=None):
    """Both embeddings of an ecosystem, each made once."""
    made = {"embedding": wins} | ({"tie_embedding": ties} if ties else {})
    properties = {}
    for name, function in made.items():
        properties[name] = cached_property(function)
        properties[name].__set_name__(None, name)
    return properties


def pointwise_information(features):
    """Positive pointwise mutual information of one step of a random walk (NetMF with T = 1).

    Qiu, J. et al. (2018). Network embedding as matrix factorization. WSDM.
    """
    adjacency = features.graph.adjacency.tocoo()
    degree = np.maximum(features.graph.degree, 1.0)
    a, b = adjacency.coords
    expected = degree[a] * degree[b] / adjacency.data.sum()
    information = np.maximum(np.log(adjacency.data / expected), 0.0)
    matrix = tidy(csr_array((information, (a, b)), shape=adjacency.shape))
    return truncated_svd(matrix, features.n_components, 0)


def two_steps(features):
    """One and two steps of a random walk together, each row kept to its 100 largest entries."""
    graph = features.graph
    walk = tidy(diags_array(1 / np.maximum(graph.degree, 1.0)) @ graph.adjacency)
    far = largest_of_product(walk, walk, 100)
    both = tidy(csr_array(walk + far))
    return truncated_svd(tidy(csr_array(both + both.T)), features.n_components, 0)


def with_content(features):
    """Wins together with capabilities and territories: cold partners get a place too."""
    graph = features.graph
    damping = diags_array(np.maximum(graph.degree, 1.0) ** -0.25)
    wins = damping @ graph.adjacency @ damping
    content = csr_array(
        np.sqrt(0.5) * block_array([[features.profile, unit_rows(graph.territories)]]).tocsr()
    )
    joint = tidy(csr_array(block_array([[wins, content], [content.T, None]])))
    before = embedding._DAMPING
    embedding._DAMPING = 0.0
    try:
        whole = truncated_svd(joint, features.n_components, 0)
    finally:
        embedding._DAMPING = before
    n = graph.n_partners
    return Embedding(whole.seeking[:n], np.ascontiguousarray(whole.found[:n]))


def unit_rows(matrix):
    """Rows of length 1; empty ones stay empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return diags_array(1 / np.where(length > 0, length, 1.0)) @ matrix


EMBEDDINGS = {
    "plain SVD of joint wins": damped_by(0.0),
    "SVD normalised by degree": damped_by(0.5),
    "pointwise mutual information": pair_of(pointwise_information),
    "two steps of a random walk": pair_of(two_steps),
    "joint wins and content": pair_of(with_content),
}
