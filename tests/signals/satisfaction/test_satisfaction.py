from dataclasses import astuple, replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from ecosystem_graph.signals.satisfaction.satisfaction import (
    Satisfaction,
    answers_of_other_kinds,
    customers,
    parity,
    satisfaction,
)
from ecosystem_graph.signals.satisfaction.shrinkage import (
    Sample,
    Variances,
    posterior,
    variance_components,
)

FIXED = Variances(customers=0.06, partners=0.01, regions=0.003)
TOP2 = {"kind": "csat_top2", "scale_min": 0.0, "scale_max": 1.0}
ARRAYS = ["mean", "low", "sd", "n_effective", "n_responses", "peer_mean"]


def said(partner, *scores, **columns):
    """Rows of the csat table, one per score."""
    return [{"partner_id": partner, "score": float(score), **columns} for score in scores]


def rows(*groups):
    return [row for group in groups for row in group]


def belief(sample, regions, variances=None):
    """Posterior, by the sample's own variances unless they are given."""
    regions = np.asarray(regions, dtype=np.intp)
    variances = variances or variance_components(sample, regions)
    return posterior(*sample.means(len(regions)), regions, variances)


def sample_of(*observations):
    """Sample from (partner, value) or (partner, value, decay) of customers."""
    columns = np.array([(*observation, 1.0)[:3] for observation in observations]).reshape(-1, 3)
    partner, value, decay = columns.T
    return Sample(partner.astype(np.intp), value, decay, np.ones(len(value)))


def same(one, other, **tolerance):
    for name in ARRAYS:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), **tolerance)


class World:
    """Partners with planted quality in regions of planted means, and customers' answers 1 to 5."""

    def __init__(self, seed, least, most, n_partners=3000, n_regions=20):
        rng = np.random.default_rng(seed)
        self.regions = rng.integers(0, n_regions, n_partners)
        mean = (0.8 + 0.04 * rng.standard_normal(n_regions))[self.regions]
        strength = mean * (1 - mean) / 0.1**2 - 1
        self.quality = rng.beta(mean * strength, (1 - mean) * strength)
        partner = np.repeat(np.arange(n_partners), rng.integers(least, most + 1, n_partners))
        answers = rng.binomial(4, self.quality[partner]) / 4
        self.sample = Sample(partner, answers, np.ones(len(partner)), np.ones(len(partner)))
        self.raw, _ = self.sample.means(n_partners)
        self.belief = belief(self.sample, self.regions)

    def error(self, estimate):
        return np.sqrt(np.mean((estimate - self.quality) ** 2))

    def agreement(self, estimate):
        return spearmanr(estimate, self.quality)[0]

    def coverage(self):
        away = np.abs(self.belief.mean - self.quality)
        return np.mean(away < 1.2816 * np.sqrt(self.belief.variance))


# What is planted is found


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_with_one_to_five_responses_it_beats_the_raw_mean_by_far(seed):
    world = World(seed, 1, 5)
    assert world.error(world.belief.mean) < 0.65 * world.error(world.raw)
    assert world.agreement(world.belief.mean) > world.agreement(world.raw) + 0.03


def test_with_a_hundred_responses_it_is_the_raw_mean():
    world = World(3, 100, 100)
    assert np.abs(world.belief.mean - world.raw).max() < 0.02
    assert world.error(world.belief.mean) == pytest.approx(world.error(world.raw), rel=0.02)
    assert world.agreement(world.belief.mean) == pytest.approx(world.agreement(world.raw), abs=1e-3)


@pytest.mark.parametrize(("least", "most", "off"), [(1, 5, 0.03), (20, 20, 0.03), (0, 3, 0.06)])
def test_the_interval_covers_as_often_as_it_says(least, most, off):
    assert World(3, least, most).coverage() == pytest.approx(0.8, abs=off)


def test_one_response_each_cannot_tell_partners_from_customers_and_still_helps():
    world = World(4, 1, 1)
    assert world.error(world.belief.mean) < 0.5 * world.error(world.raw)
    assert world.agreement(world.belief.mean) > world.agreement(world.raw)
    assert world.coverage() == pytest.approx(0.8, abs=0.12)


def test_variances_are_recovered():
    rng = np.random.default_rng(0)
    regions = rng.integers(0, 200, 8000)
    quality = rng.normal(0.7, 0.05, 200)[regions] + rng.normal(0, 0.1, 8000)
    partner = np.repeat(np.arange(8000), rng.integers(0, 7, 8000))
    # Half of them old, and published averages of 1 to 8 customers each.
    decay, size = rng.choice([1.0, 0.1], len(partner)), rng.integers(1, 9, len(partner))
    values = quality[partner] + rng.normal(0, 0.2, len(partner)) / np.sqrt(size)
    found = variance_components(Sample(partner, values, decay, size.astype(float)), regions)
    assert found.customers == pytest.approx(0.2**2, rel=0.05)
    assert found.partners == pytest.approx(0.1**2, rel=0.1)
    assert found.regions == pytest.approx(0.05**2, rel=0.3)


def test_partners_of_one_quality_are_told_to_be_alike():
    rng = np.random.default_rng(0)
    partner = np.repeat(np.arange(2000), 3)
    answers, one = rng.binomial(4, 0.8, 6000) / 4, np.ones(6000)
    alike = belief(Sample(partner, answers, one, one), np.zeros(2000))
    assert np.abs(alike.mean - 0.8).max() < 0.03


# The posterior is that of its model


def joint_normal(mean, n_effective, regions, variances):
    """Mean and variance of quality from the precision matrix of everything unknown at once."""
    n, n_regions = len(mean), int(regions.max()) + 1
    size = 1 + n_regions + n
    precision, shift = np.zeros((size, size)), np.zeros(size)
    links = [(0, 1 + region, variances.regions) for region in np.unique(regions)]
    links += [(1 + regions[p], 1 + n_regions + p, variances.partners) for p in range(n)]
    for above, below, variance in links:
        difference = np.zeros(size)
        difference[[above, below]] = 1, -1
        precision += np.outer(difference, difference) / variance
    absent = np.setdiff1d(np.arange(n_regions), regions) + 1
    precision[absent, absent] = 1.0
    seen = np.arange(1 + n_regions, size)
    precision[seen, seen] += n_effective / variances.customers
    shift[seen] = n_effective / variances.customers * mean
    covariance = np.linalg.inv(precision)
    return (covariance @ shift)[seen], np.diag(covariance)[seen]


@st.composite
def beliefs(draw):
    """Means, numbers of customers and regions of some partners, of which somebody was heard."""
    n = draw(st.integers(1, 6))
    fraction, number = st.floats(0, 1), st.sampled_from([0.0, 0.25, 1.0, 3.0, 40.0])
    mean = np.array(draw(st.lists(fraction, min_size=n, max_size=n)))
    n_effective = np.array(draw(st.lists(number, min_size=n, max_size=n)))
    n_effective[0] += 0.5
    regions = np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    return np.where(n_effective > 0, mean, 0.0), n_effective, regions


@given(beliefs())
def test_the_posterior_is_that_of_the_joint_normal(partners):
    mean, variance = joint_normal(*partners, FIXED)
    ours = posterior(*partners, FIXED)
    np.testing.assert_allclose(ours.mean, mean, atol=1e-9)
    np.testing.assert_allclose(ours.variance, variance, atol=1e-9)


def test_two_partners_of_one_region_have_a_closed_form():
    ours = belief(sample_of((0, 1.0), (1, 0.4), (1, 0.6)), [0, 0], FIXED)
    noise = np.array([0.06, 0.03])
    weight = 1 / (0.01 + noise)
    peers = (weight @ [1.0, 0.5]) / weight.sum()
    share = 0.01 / (0.01 + noise)
    np.testing.assert_allclose(ours.peer_mean, peers)
    np.testing.assert_allclose(ours.mean, peers + share * ([1.0, 0.5] - peers))
    own = 0.01 * noise / (0.01 + noise)
    np.testing.assert_allclose(ours.variance, own + (1 - share) ** 2 / weight.sum())


@st.composite
def samples(draw):
    """What customers said about four partners in two regions."""
    observation = st.tuples(st.integers(0, 3), st.floats(0, 1), st.sampled_from([1.0, 0.5, 0.01]))
    return draw(st.lists(observation, min_size=1, max_size=8))


@given(samples(), st.integers(0, 3), st.floats(0, 1), st.floats(0.001, 1))
def test_a_review_below_the_mean_never_raises_it(before, partner, share, decay):
    mean = belief(sample_of(*before), [0, 0, 1, 1], FIXED).mean[partner]
    after = belief(sample_of(*before, (partner, share * mean, decay)), [0, 0, 1, 1], FIXED)
    assert after.mean[partner] <= mean + 1e-12


@given(samples(), st.integers(0, 7), st.floats(0, 1))
def test_a_better_score_lowers_nobody(before, which, score):
    which %= len(before)
    partner, value, decay = before[which]
    better = [*before[:which], (partner, max(value, score), decay), *before[which + 1 :]]
    one, other = (belief(sample_of(*some), [0, 0, 1, 1], FIXED) for some in (before, better))
    assert (other.mean >= one.mean - 1e-12).all()


@given(samples(), st.integers(0, 3), st.floats(0, 1), st.floats(0.001, 1))
def test_more_reviews_never_raise_the_doubt(before, partner, value, decay):
    one, other = (
        belief(sample_of(*some), [0, 0, 1, 1], FIXED)
        for some in (before, [*before, (partner, value, decay)])
    )
    assert (other.variance <= one.variance + 1e-12).all()


@given(samples())
def test_means_stay_on_the_scale_and_doubt_stays_positive(some):
    ours = belief(sample_of(*some), [0, 0, 1, 1])
    assert ((ours.mean >= 0) & (ours.mean <= 1) & (ours.variance > 0)).all()


# Customers are the sample


def answer(value, customer=None, age_days=0, n=1):
    return {"partner": 0, "value": value, "customer_id": customer, "age_days": age_days, "n": n}


def heard(*answers):
    columns = {"partner": pl.Int64, "value": pl.Float64, "customer_id": pl.String}
    return customers(pl.DataFrame(answers, {**columns, "age_days": pl.Int64, "n": pl.Int64}), 540.0)


@pytest.mark.parametrize("age_days", [1, 540, 2000])
def test_several_reviews_of_one_customer_count_as_one_customer(make_graph, age_days):
    day = np.datetime64("2025-01-01") - age_days
    others = said("ann", 2, 5, customer_id=None) + said("bob", 4, 3, 5)
    often = said("ann", 3, 4, 3, 4, customer_id="c", responded_on=str(day))
    once = said("ann", 3.5, customer_id="c", responded_on=str(day))
    one, other = (satisfaction(make_graph(csat=others + some)) for some in (often, once))
    same(one, replace(other, n_responses=one.n_responses), rtol=1e-12)
    assert one.n_responses.tolist() == [6, 3]
    assert other.n_responses.tolist() == [3, 3]


def test_a_customer_of_two_partners_counts_for_both(make_graph):
    ours = satisfaction(make_graph(csat=rows(said("ann", 5, customer_id="c"), said("bob", 1))))
    np.testing.assert_allclose(ours.n_effective[0], ours.n_effective[1])


def test_a_customer_is_as_recent_as_its_newest_response_and_its_mean_leans_to_it():
    sample = heard(answer(0.2, "c", age_days=540), answer(0.8, "c"))
    np.testing.assert_allclose(sample.value, [(0.5 * 0.2 + 0.8) / 1.5])
    np.testing.assert_allclose(sample.decay, [1.0])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1)), min_size=1, max_size=6))
def test_a_customer_that_says_worse_than_before_never_raises_a_mean_above_that(before):
    answers = [answer(value, customer) for customer, value in before]
    mean = belief(heard(*answers, answer(0.5)), [0, 0], FIXED).mean[0]
    own = min(value for customer, value in before if customer == before[0][0])
    worse = answer(min(own, mean), before[0][0])
    assert belief(heard(*answers, worse, answer(0.5)), [0, 0], FIXED).mean[0] <= mean + 1e-12


def test_the_n_of_a_named_customer_are_responses_of_that_customer():
    one = heard(answer(0.2, "c", n=3), answer(1.0, "c"))
    other = heard(*[answer(0.2, "c")] * 3, answer(1.0, "c"))
    for name in ("value", "decay", "size"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name))


def test_responses_without_a_customer_are_customers_of_their_own():
    assert heard(answer(0.2), answer(0.4), answer(0.4)).size.tolist() == [1, 1, 1]


def test_a_published_average_counts_for_more_customers_the_more_are_behind_it_up_to_ten():
    size = heard(*[answer(0.5, n=n) for n in (1, 2, 20, 10**9)]).size
    assert size[0] == 1
    assert (np.diff(size) > 0).all()
    assert (size <= [1, 2, 20, 10]).all()


def test_responses_fade(make_graph):
    old = said("ann", 5, 5, 5, responded_on="2015-01-01")
    ours = satisfaction(make_graph(csat=rows(old, said("bob", 2, 3, 2, 3, 2))))
    assert ours.n_effective[0] < 0.03
    assert ours.mean[0] == pytest.approx(ours.peer_mean[0], abs=0.03)


# What is and is not compared


@pytest.mark.parametrize(
    ("low", "high", "score"),
    [(0, 10, lambda s: 2.5 * (s - 1)), (0, 100, lambda s: 25 * (s - 1)), (-2, 2, lambda s: s - 3)],
)
def test_scales_agree(make_graph, low, high, score):
    scores = {"ann": [3, 4, 5], "bob": [1.5, 2], "cy": []}
    one = rows(*[said(partner, *some) for partner, some in scores.items()])
    other = rows(
        *[
            said(partner, *map(score, some), scale_min=float(low), scale_max=float(high))
            for partner, some in scores.items()
        ]
    )
    graphs = [make_graph(partners="ann bob cy", csat=some) for some in (one, other, one + other)]
    ours, theirs, both = map(satisfaction, graphs)
    same(ours, theirs, rtol=1e-12)
    np.testing.assert_allclose(both.n_effective, 2 * ours.n_effective)


def test_kinds_are_not_mixed(make_graph):
    main = rows(said("ann", 4, 5), said("bob", 3))
    other = rows(said("ann", 0.1, **TOP2), said("bob", 0.9, n=1, **TOP2))
    ours = satisfaction(make_graph(csat=main + other))
    same(ours, satisfaction(make_graph(csat=main)))
    assert ours.kinds == ("csat_mean",)
    assert ours.left_out == {"csat_top2": 2}


def test_the_main_kind_has_most_responses_not_most_rows_and_ties_go_by_name(make_graph):
    csat = rows(said("ann", 4, 5), said("bob", 0.9, n=2, **TOP2))
    assert satisfaction(make_graph(csat=csat)).kinds == ("csat_mean",)
    csat = rows(said("ann", 4, 5), said("bob", 0.9, n=3, **TOP2))
    ours = satisfaction(make_graph(csat=csat))
    assert (ours.kinds, ours.left_out) == (("csat_top2",), {"csat_mean": 2})
    assert answers_of_other_kinds(make_graph(csat=csat)) == ours.left_out


@pytest.mark.parametrize("named", [{}, {"csat_mean": (0, 1)}])
def test_a_kind_with_a_line_is_moved_into_the_unit_of_the_main_kind(make_graph, named):
    lined = rows(said("ann", 5), said("bob", 0.4, 0.8, 1.0, **TOP2))
    # 0.3 + 0.5 x of a scale from 1 to 5.
    moved = rows(said("ann", 5), said("bob", 3.0, 3.8, 4.2))
    ours = satisfaction(make_graph(csat=lined), kinds={**named, "csat_top2": (0.3, 0.5)})
    same(ours, satisfaction(make_graph(csat=moved)), rtol=1e-12)
    assert ours.kinds == ("csat_mean", "csat_top2")
    assert ours.left_out == {}


def test_only_the_kinds_named_are_used_once_one_is_taken_as_it_is(make_graph):
    csat = rows(said("ann", 4, 5, kind="nps"), said("ann", 4), said("bob", 0.4, **TOP2))
    ours = satisfaction(make_graph(csat=csat), kinds={"csat_mean": (0, 1), "csat_top2": (0, 0.9)})
    assert ours.left_out == {"nps": 2}


def test_a_line_stays_on_the_scale_and_may_turn_it_round(make_graph):
    complaints = said("ann", 0.0, 0.0, 0.0, **{**TOP2, "kind": "complaints"})
    ours = satisfaction(make_graph(csat=complaints), kinds={"complaints": (1.2, -1.0)})
    np.testing.assert_allclose(ours.mean, 1.0)


@pytest.mark.parametrize("line", [(0.0, 0.0), (np.inf, 1.0), (0.0, np.nan), (1.0,)])
def test_a_line_that_is_none_is_refused(make_graph, line):
    with pytest.raises(ValueError, match="a slope other than 0"):
        satisfaction(make_graph(), kinds={"csat_top2": line})


@pytest.mark.parametrize("half_life_days", [0, -1, np.inf, np.nan])
def test_a_half_life_that_is_none_is_refused(make_graph, half_life_days):
    with pytest.raises(ValueError, match="half_life_days must be positive"):
        satisfaction(make_graph(), half_life_days=half_life_days)


# What changes nothing

EVERYBODY = rows(
    said("ann", 5, 4, 4, customer_id="c-1"),
    said("ann", 3, responded_on="2023-02-01", n=12),
    said("bob", 2, 4, customer_id="c-1", responded_on="2024-02-01"),
    said("cy", 5),
)
COUNTRIES = {"ann": "DE", "bob": "FR", "cy": "DE", "dee": "DE", "eve": None}


def homes(**columns):
    return {name: {"country": home, **columns} for name, home in COUNTRIES.items()}


def test_what_is_dated_on_the_day_or_later_changes_nothing(make_graph):
    later = [said("bob", 1, 1, responded_on=day) for day in ("2025-01-01", "2025-07-01")]
    graphs = [make_graph(partners=homes(), csat=rows(EVERYBODY, *some)) for some in ([], later)]
    same(*map(satisfaction, graphs))


def test_the_order_of_rows_changes_nothing(make_graph):
    order = np.random.default_rng(0).permutation(len(EVERYBODY))
    shuffled = [EVERYBODY[place] for place in order]
    graphs = [make_graph(partners=homes(), csat=some) for some in (EVERYBODY, shuffled)]
    same(*map(satisfaction, graphs), rtol=1e-12)


def test_other_names_change_nothing_but_the_order(make_graph):
    names = dict(zip(COUNTRIES, ["z", "y", "x", "w", "v"], strict=True))
    renamed = [{**row, "partner_id": names[row["partner_id"]]} for row in EVERYBODY]
    homes_renamed = {names[name]: {"country": home} for name, home in COUNTRIES.items()}
    ours = satisfaction(make_graph(partners=homes(), csat=EVERYBODY))
    theirs = satisfaction(make_graph(partners=homes_renamed, csat=renamed))
    backwards = {name: getattr(theirs, name)[::-1] for name in ARRAYS}
    same(ours, replace(theirs, **backwards), rtol=1e-12)


def test_tier_changes_nothing(make_graph):
    tiers = homes()
    tiers["ann"] = {**tiers["ann"], "tier": "Gold"}
    graphs = [make_graph(partners=some, csat=EVERYBODY) for some in (homes(), tiers)]
    same(*map(satisfaction, graphs))


def test_partners_yet_to_join_are_not_there(make_graph):
    partners = {**homes(), "fay": {"country": "DE", "joined_on": "2025-06-01"}}
    later = [{**row, "responded_on": "2025-06-15"} for row in said("fay", 1, 1, 1)]
    ours = satisfaction(make_graph(partners=partners, csat=EVERYBODY + later))
    same(ours, satisfaction(make_graph(partners=homes(), csat=EVERYBODY)))


def test_whom_customers_spoke_about_is_there_whatever_its_day_of_joining(make_graph):
    partners = {**homes(), "fay": {"country": "DE", "joined_on": "2025-06-01"}}
    ours = satisfaction(make_graph(partners=partners, csat=EVERYBODY + said("fay", 1, 1, 1)))
    assert ours.n_responses[-1] == 3


# Peers


def test_a_partner_nobody_spoke_about_has_the_mean_of_its_peers_and_more_doubt(make_graph):
    ours = satisfaction(make_graph(partners=homes(), csat=EVERYBODY))
    dee, cy = 3, 2
    assert ours.mean[dee] == ours.peer_mean[dee] == ours.peer_mean[cy]
    assert ours.sd[dee] > ours.sd[cy]
    assert (ours.n_responses[dee], ours.n_effective[dee]) == (0, 0)
    assert ours.mean[dee] > 0.5


def test_a_region_few_spoke_about_is_drawn_to_the_ecosystem_and_a_large_one_stands():
    rng = np.random.default_rng(0)
    regions = np.array([0] * 200 + [1] * 200 + [2, 3])
    planted = np.array([0.9, 0.6, 0.3, 0.0])[regions] + rng.normal(0, 0.05, 402).clip(-0.1, 0.1)
    heard_of = np.arange(401)
    sample = sample_of(*zip(heard_of, planted.clip(0, 1)[heard_of], strict=True))
    peers = belief(sample, regions).peer_mean
    assert peers[0] == pytest.approx(0.9, abs=0.02)
    assert peers[200] == pytest.approx(0.6, abs=0.02)
    assert 0.32 < peers[400] < peers[200]
    assert peers[400] < peers[401] < peers[0]


def test_parts_of_a_country_are_one_region(make_graph):
    partners = {"ann": {"country": "US-CA"}, "bob": {"country": "US"}, "cy": {"country": "FR"}}
    csat = rows(said("ann", 5, 5), said("cy", 1, 1))
    ours = satisfaction(make_graph(partners=partners, csat=csat))
    assert ours.peer_mean[0] == ours.peer_mean[1] > ours.peer_mean[2]


# Little or nothing to go by


def test_without_responses_nothing_is_known(make_graph):
    ours = satisfaction(make_graph(partners=homes()))
    assert not ours.known
    assert (ours.mean == 0.5).all()
    assert (ours.sd > 0.28).all()
    assert (ours.kinds, ours.left_out) == ((), {})
    assert astuple(ours.variances) == pytest.approx(astuple(Variances()))


@pytest.mark.parametrize("scores", [[1], [5], [5, 5, 5], [1] * 40, [1, 5]])
@pytest.mark.parametrize("partners", ["ann", "ann bob", "ann bob cy"])
def test_few_or_equal_scores_give_finite_answers(make_graph, scores, partners):
    csat = rows(*[said(partner, *scores) for partner in partners.split()[:2]])
    ours = satisfaction(make_graph(partners=partners, csat=csat))
    for name in ARRAYS:
        assert np.isfinite(getattr(ours, name)).all()
    np.testing.assert_allclose(ours.mean, (np.mean(scores) - 1) / 4)
    assert (ours.sd > 0).all()
    assert ((ours.low >= 0) & (ours.low <= ours.mean)).all()


def test_responses_too_old_to_weigh_anything_leave_nothing_to_divide_by(make_graph):
    ours = satisfaction(make_graph(csat=said("ann", 5, customer_id="c")), half_life_days=0.01)
    assert ours.mean.tolist() == [0.5]
    assert (ours.n_responses.tolist(), ours.n_effective.tolist()) == ([1], [0.0])


# Parity


def test_equals_are_at_no_distance_and_nobody_is_nearer_one_way_than_the_other(make_graph):
    ours = satisfaction(make_graph(partners=homes(), csat=EVERYBODY))
    a, b = (places.ravel() for places in np.indices((5, 5)))
    apart = parity(ours, a, b).reshape(5, 5)
    assert (np.diag(apart) == 0).all()
    assert (apart == apart.T).all()
    assert apart[0, 1] > 0


def test_partners_nobody_spoke_about_are_not_told_apart_by_their_regions():
    zeros, n = np.zeros(3), np.array([0, 0, 4])
    some = Satisfaction(np.array([0.5, 0.8, 0.8]), zeros, zeros, zeros, n, zeros, FIXED)
    apart = parity(some, np.array([0, 0, 1]), np.array([1, 2, 2]))
    np.testing.assert_allclose(apart, [0, 0.3 / np.sqrt(0.013), 0])
