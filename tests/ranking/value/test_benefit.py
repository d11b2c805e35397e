"""What an introduction adds, over full arrays, with the uncertainty by differences."""

import numpy as np
import pytest
from scipy.special import expit

from ecosystem_graph.ranking import Policy
from ecosystem_graph.ranking.value import benefit as module
from ecosystem_graph.ranking.value.accepting import TERMS, acceptance_terms, constant_acceptance
from ecosystem_graph.ranking.value.benefit import UPLIFT_WEIGHT, Benefit
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import LEVELS, assumed_winning
from ecosystem_graph.signals import SIGNALS, GraphFeatures

NAMES = ("satisfaction", "trust", "competition", "size")


ROWS = {
    "wins": {"d-1": "ann bob", "d-2": "ann bob", "d-3": "bob cy", "d-4": "di", "d-5": "eve ann"},
    "deal_requirements": {
        "d-1": "crm erp",
        "d-2": "iam",
        "d-3": "erp iot",
        "d-4": "crm iam",
        "d-5": "erp",
    },
    "partner_capabilities": {
        "ann": {"crm": "certified"},
        "bob": {"erp": "self_declared", "iam": "certified"},
        "cy": {"iot": "reference", "erp": "certified"},
        "di": {"crm": "self_declared"},
    },
    "offerings": {"ann": "vpn", "bob": "vpn", "cy": "mail"},
    "csat": [
        {"partner_id": who, "customer_id": f"{who}-{n}", "score": score}
        for who, scores in {"ann": (5, 4), "bob": (2, 3), "cy": (5, 5)}.items()
        for n, score in enumerate(scores)
    ],
}


@pytest.fixture(scope="module")
def features(make_graph):
    return GraphFeatures(make_graph(**ROWS))


@pytest.fixture(scope="module")
def pairs(features):
    n = features.graph.n_partners
    a, b = np.nonzero(~np.eye(n, dtype=bool))
    return a, b


@pytest.fixture(scope="module")
def model(features):
    """Assumed weights of winning; acceptance depends on the pair."""
    rng = np.random.default_rng(0)
    accepting = Logit(TERMS, rng.normal(size=len(TERMS)), 0.3, np.eye(len(TERMS) + 1), 9)
    winning = assumed_winning()
    stated = {
        name: (winning.weight(name), 0.1 + winning.weight(name) / 9) for name in winning.names
    }
    stated["size"] = (-0.25, 0.2)
    return Benefit(features, Logit.assumed(stated, -0.8), accepting)


def chances(model, a, b, *, intercept, factor, weights):
    """Probability alone and together, summed over what is in demand."""
    needs, held = model.needs.toarray(), model.features.graph.held.toarray()
    worth = np.zeros_like(held)
    for name, level in LEVELS.items():
        worth += model.winning.weight(name) * (held >= level - 1e-9) * factor
    own = model.features.satisfaction.above_average
    changes = [
        (own[b] - own[a]) / 2,
        np.log1p(model.features.graph.joint_wins.toarray()[a, b]),
        SIGNALS["competition"].values(model.features, a, b),
        np.full(len(a), np.log(2)),
    ]
    alone = intercept + weights[0] * own[a]
    both = alone + sum(w * change for w, change in zip(weights, changes, strict=True))
    before = expit(alone[:, None] + worth[a])
    after = expit(both[:, None] + np.maximum(worth[a], worth[b]))
    share = needs[a] / np.maximum(needs[a].sum(axis=1, keepdims=True), 1e-300)
    return (share * before).sum(axis=1), (share * after).sum(axis=1)


def parameters(model):
    return {
        "intercept": model.winning.intercept,
        "factor": 1.0,
        "weights": np.array([model.winning.weight(name) for name in NAMES]),
    }


def test_the_uplift_is_what_winning_together_adds_if_it_is_accepted(model, pairs):
    alone, both = chances(model, *pairs, **parameters(model))
    accepted = model.accepting.probability(acceptance_terms(model.features, *pairs))
    np.testing.assert_allclose(model.acceptance(*pairs), accepted)
    np.testing.assert_allclose(model.uplift(*pairs).mean, accepted * (both - alone), atol=1e-12)
    assert np.ptp(model.uplift(*pairs).mean) > 0.05


def test_its_interval_is_that_of_the_delta_method(model, pairs):
    """Slopes by differences; the stated deviations are independent of each other."""

    def added(**changed):
        alone, both = chances(model, *pairs, **{**parameters(model), **changed})
        return both - alone

    step = 1e-5
    levels = [model.winning.weight(name) for name in LEVELS]
    errors = dict(zip(model.winning.names, model.winning.standard_errors, strict=True))
    of_factor = sum(errors[name] ** 2 for name in LEVELS) / sum(levels) ** 2
    slope = (added(factor=1 + step) - added(factor=1 - step)) / (2 * step)
    variance = of_factor * slope**2
    for place, name in enumerate(NAMES):
        up, down = parameters(model)["weights"], parameters(model)["weights"]
        up[place] += step
        down[place] -= step
        slope = (added(weights=up) - added(weights=down)) / (2 * step)
        variance += (errors[name] * slope) ** 2
    uplift = model.uplift(*pairs)
    margin = 1.6448536 * model.acceptance(*pairs) * np.sqrt(variance)
    np.testing.assert_allclose(uplift.high - uplift.mean, margin, rtol=1e-4)
    np.testing.assert_allclose(uplift.mean - uplift.low, margin, rtol=1e-4)


def test_an_uncertain_intercept_and_weights_that_depend_on_each_other_count(model, pairs):
    n = len(model.winning.names)
    root = np.random.default_rng(1).normal(size=(n + 1, n + 1)) / 4
    winning = Logit(
        model.winning.names,
        model.winning.coefficients,
        model.winning.intercept,
        root @ root.T,
        5,
    )
    uncertain = Benefit(model.features, winning, model.accepting)
    step, slopes = 1e-5, []
    base = parameters(model)

    def added(**changed):
        alone, both = chances(model, *pairs, **{**base, **changed})
        return both - alone

    for name in ("intercept", "factor"):
        up, down = (added(**{name: base[name] + one}) for one in (step, -step))
        slopes.append((up - down) / (2 * step))
    for place in range(4):
        ends = []
        for one in (step, -step):
            weights = base["weights"].copy()
            weights[place] += one
            ends.append(added(weights=weights))
        slopes.append((ends[0] - ends[1]) / (2 * step))
    into = np.zeros((6, n + 1))
    into[0, 0] = 1.0
    total = sum(winning.weight(name) for name in LEVELS)
    for name in LEVELS:
        into[1, 1 + winning.names.index(name)] = 1 / total
    for row, name in enumerate(NAMES, start=2):
        into[row, 1 + winning.names.index(name)] = 1.0
    covariance = into @ winning.covariance @ into.T
    gradient = np.stack(slopes)
    variance = np.einsum("ip,ij,jp->p", gradient, covariance, gradient)
    uplift = uncertain.uplift(*pairs)
    margin = 1.6448536 * model.acceptance(*pairs) * np.sqrt(variance)
    np.testing.assert_allclose(uplift.high - uplift.mean, margin, rtol=1e-4)


def test_terms_of_a_score_are_changes_times_weights_times_acceptance(model, pairs):
    a, b = pairs
    features = model.features
    needs, held = model.needs.toarray(), features.graph.held.toarray()
    worth = np.zeros_like(held)
    for name, level in LEVELS.items():
        worth += model.winning.weight(name) * (held >= level - 1e-9)
    own = features.satisfaction.above_average
    expected = {
        "coverage": (needs[a] * np.maximum(worth[b] - worth[a], 0)).sum(axis=1),
        "satisfaction": model.winning.weight("satisfaction") * (own[b] - own[a]) / 2,
        "trust": model.winning.weight("trust")
        * np.log1p(features.graph.joint_wins.toarray()[a, b]),
        "competition": model.winning.weight("competition")
        * SIGNALS["competition"].values(features, a, b),
        "size": np.full(len(a), -0.25 * np.log(2)),
    }
    told = model.terms(a, b, 3.0)
    assert told.keys() == expected.keys()
    for name, values in expected.items():
        by_hand = 3.0 * model.acceptance(a, b) * values
        np.testing.assert_allclose(told[name], by_hand, atol=2**-32, err_msg=name)
        assert (told[name] * 2**32 == np.rint(told[name] * 2**32)).all()
    assert UPLIFT_WEIGHT == 6.0


@pytest.mark.parametrize("widest", [16, 2, 1])
def test_the_lookup_is_of_the_widest_gaps_and_of_what_partners_add(model, monkeypatch, widest):
    monkeypatch.setattr(module, "_WIDEST_GAPS", widest)
    fresh = Benefit(model.features, model.winning, model.accepting)
    gaps, adds = (part.toarray() for part in fresh.lookup)
    needs, worth = model.needs.toarray(), model.worth.toarray()
    open_gaps = np.where(worth > 0, 0.0, needs)
    for ours, theirs in zip(gaps, open_gaps, strict=True):
        kept = np.sort(theirs)[::-1][:widest]
        assert np.sort(ours[ours > 0])[::-1].tolist() == kept[kept > 0].tolist()
        assert set(ours[ours > 0]) <= set(theirs)
    quality = model.winning.weight("satisfaction") * model.features.satisfaction.above_average / 2
    expected = np.where(worth > 0, np.maximum(worth + quality[:, None], 0), 0)
    np.testing.assert_allclose(adds, expected.T)


def test_without_history_acceptance_is_a_constant_and_without_needs_nothing_is_known(
    model, pairs, make_graph
):
    even = Benefit(model.features, model.winning, constant_acceptance(8, 10))
    np.testing.assert_allclose(even.acceptance(*pairs), 10 / 14)
    assert model.known
    nothing = GraphFeatures(make_graph(wins=["ann bob"]))
    unknown = Benefit(nothing, model.winning, constant_acceptance())
    assert not unknown.known
    assert unknown.uplift(np.array([0]), np.array([1])).mean.tolist() == [0.0]


@pytest.mark.parametrize("weight", [0.3, 6.0])
def test_terms_add_up_exactly_to_what_the_policy_adds_in_any_order(model, pairs, weight):
    policy = Policy(1.5, None, model, weight)
    parts = policy.parts(model.features, *pairs)
    added, _ = policy.terms(model.features, *pairs)
    for name, term in model.terms(*pairs, weight).items():
        assert np.array_equal(parts[name], term)
    for order in (list(parts), list(parts)[::-1], sorted(parts)):
        total = np.zeros(len(added))
        for name in order:
            total += parts[name]
        assert np.array_equal(total, added)


def test_without_weight_the_benefit_does_not_count(model, pairs):
    off, on = Policy(1.5, None, model, 0.0), Policy(1.5, None, model, 1e-3)
    assert (off.counts_benefit, on.counts_benefit) == (False, True)
    alone = Policy(1.5).terms(model.features, *pairs)[0]
    assert np.array_equal(off.terms(model.features, *pairs)[0], alone)
    assert not np.array_equal(on.terms(model.features, *pairs)[0], alone)


def test_benefit_is_acceptance_times_the_mean_difference_of_log_odds(model, pairs):
    """The mean over what is in demand, one pair and one capability after another."""
    needs, worth = model.needs.toarray(), model.worth.toarray()
    own, wins = model.features.satisfaction.above_average, model.features.graph.joint_wins
    total = sum(model.terms(*pairs, 2.0).values())
    rivalry = SIGNALS["competition"].values(model.features, *pairs)
    accepted = model.acceptance(*pairs)
    quality, trust, competition, size = (model.winning.weight(name) for name in NAMES)
    for place, (a, b) in enumerate(zip(*pairs, strict=True)):
        expected = 0.0
        for share, ours, theirs in zip(needs[a], worth[a], worth[b], strict=True):
            alone = ours + quality * own[a]
            both = max(ours, theirs) + quality * (own[a] + own[b]) / 2
            both += trust * np.log(1 + wins[a, b]) + competition * rivalry[place]
            expected += share * (both + size * np.log(2) - alone)
        assert total[place] == pytest.approx(2.0 * accepted[place] * expected, abs=1e-8)


def test_other_names_in_another_order_only_relabel(make_graph, model, pairs):
    """All but the embedding, which chance turns, is the same to the last digits."""
    old = tuple(model.features.graph.index.ids)
    new = dict(zip(old, ("z9", "m", "b2", "q", "a1"), strict=True))

    def renamed(value):
        if isinstance(value, str):
            return " ".join(new.get(word, word) for word in value.split(" "))
        if isinstance(value, dict):
            return {renamed(key): renamed(one) for key, one in value.items()}
        return [renamed(one) for one in value] if isinstance(value, list) else value

    rows = {table: renamed(value) for table, value in ROWS.items()}
    rows["csat"] = rows["csat"][::-1]
    graph = make_graph(**rows)
    other = Benefit(GraphFeatures(graph), model.winning, constant_acceptance())
    place = graph.index.positions([new[name] for name in old])
    ours = Benefit(model.features, model.winning, constant_acceptance()).uplift(*pairs)
    theirs = other.uplift(place[pairs[0]], place[pairs[1]])
    for name in ("mean", "low", "high"):
        np.testing.assert_allclose(getattr(theirs, name), getattr(ours, name), atol=1e-12)


def bytes_of(matrices):
    return [part.tobytes() for one in matrices for part in (one.data, one.indices, one.indptr)]


def test_asking_changes_nothing(make_graph, model, pairs):
    features = GraphFeatures(make_graph(**ROWS))
    graph = features.graph
    shared = [graph.held, graph.joint_wins, graph.adjacency, graph.territories]
    shared += [features.demand, features.gaps]
    before, belief = bytes_of(shared), features.satisfaction.above_average.tobytes()
    fresh = Benefit(features, model.winning, model.accepting)
    parts = [fresh.needs, fresh.worth, fresh.met]
    kept = bytes_of(parts)
    answers = [
        (bytes_of(fresh.lookup), fresh.terms(*pairs, 1.0), fresh.uplift(*pairs).high)
        for _ in range(2)
    ]
    assert bytes_of(shared) == before
    assert bytes_of(parts) == kept
    assert features.satisfaction.above_average.tobytes() == belief
    (lookup, terms, high), (again, once_more, as_high) = answers
    assert lookup == again
    assert np.array_equal(high, as_high)
    assert all(np.array_equal(terms[name], once_more[name]) for name in terms)
