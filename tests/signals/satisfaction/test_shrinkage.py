"""Shrinkage, against closed forms, dense linear algebra and a brute-force likelihood."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.signals.satisfaction.shrinkage import (
    Sample,
    Variances,
    between_variance,
    posterior,
    shrunk_towards,
    variance_components,
    within_variance,
)

VARIANCES = Variances(customers=0.06, partners=0.012, regions=0.004)
REGIONS = np.array([0, 0, 0, 1, 1, 2])


def sample_of(partner, value, decay=None, size=None):
    partner = np.asarray(partner, dtype=np.intp)
    one = np.ones(len(partner))
    return Sample(
        partner,
        np.asarray(value, dtype=float),
        one if decay is None else np.asarray(decay, dtype=float),
        one if size is None else np.asarray(size, dtype=float),
    )


def planted(variances, n_regions, n_partners, n_customers, seed=0):
    """Observations of partners in regions whose variances are known."""
    rng = np.random.default_rng(seed)
    regions = np.repeat(np.arange(n_regions), n_partners)
    region = 0.6 + rng.normal(0, np.sqrt(variances.regions), n_regions)
    quality = region[regions] + rng.normal(0, np.sqrt(variances.partners), len(regions))
    partner = np.repeat(np.arange(len(regions)), n_customers)
    value = quality[partner] + rng.normal(0, np.sqrt(variances.customers), len(partner))
    return sample_of(partner, value), regions


def by_linear_algebra(mean, n_effective, regions, variances, vague=1e3):
    """Posterior of a multivariate normal with all levels written out, the top one vague."""
    prior = variances.partners * np.eye(len(regions)) + vague
    prior += variances.regions * (regions[:, None] == regions)
    seen = n_effective > 0
    noise = np.diag(variances.customers / n_effective[seen])
    gain = prior[:, seen] @ np.linalg.inv(prior[np.ix_(seen, seen)] + noise)
    expected = 0.5 + gain @ (mean[seen] - 0.5)
    return expected, np.diag(prior - gain @ prior[seen])


@pytest.mark.parametrize("n", [[3, 1, 0, 40, 2, 0], [1] * 6, [0, 0, 0, 0, 5, 0]])
def test_the_posterior_is_that_of_the_multivariate_normal(n):
    mean = np.where(np.array(n) > 0, [0.9, 0.3, 0.0, 0.7, 0.8, 0.5], 0.0)
    belief = posterior(mean, np.array(n, dtype=float), REGIONS, VARIANCES)
    expected, variance = by_linear_algebra(mean, np.array(n, dtype=float), REGIONS, VARIANCES)
    np.testing.assert_allclose(belief.mean, expected, rtol=1e-4)
    np.testing.assert_allclose(belief.variance, variance, rtol=1e-4)


def test_without_any_observation_every_mean_is_the_middle_of_the_scale():
    belief = posterior(np.zeros(6), np.zeros(6), REGIONS, VARIANCES)
    assert belief.mean.tolist() == [0.5] * 6
    assert (belief.variance > 1 / 12).all()


def test_a_partner_without_observations_has_the_mean_of_its_region():
    belief = posterior(np.array([0.9, 0.7, 0.0, 0.2, 0.2, 0.0]), np.ones(6), REGIONS, VARIANCES)
    alone = posterior(
        np.array([0.9, 0.7, 0.0, 0.2, 0.2, 0.0]),
        np.array([1.0, 1.0, 0.0, 1.0, 1.0, 0.0]),
        REGIONS,
        VARIANCES,
    )
    assert alone.mean[2] == alone.peer_mean[2]
    assert alone.peer_mean[0] == alone.peer_mean[1] == alone.peer_mean[2]
    assert belief.mean[2] < alone.mean[2]


@given(
    value=st.floats(0, 1),
    others=st.lists(st.floats(0, 1), min_size=1, max_size=4),
    n=st.integers(1, 1_000),
)
def test_a_mean_lies_between_the_sample_and_the_peers(value, others, n):
    means, sizes = np.array([value, *others]), np.array([float(n), *[2.0] * len(others)])
    belief = posterior(means, sizes, np.zeros(len(means), dtype=np.intp), VARIANCES)
    low, high = sorted([value, belief.peer_mean[0]])
    assert low - 1e-12 <= belief.mean[0] <= high + 1e-12


def test_the_larger_the_sample_the_nearer_the_mean_to_it():
    means = [
        posterior(np.array([0.9, 0.4]), np.array([n, 5.0]), np.zeros(2, int), VARIANCES).mean[0]
        for n in (1.0, 4.0, 16.0, 1e6)
    ]
    assert means == sorted(means)
    assert means[-1] == pytest.approx(0.9, abs=1e-5)


def test_means_weigh_by_age_and_by_the_observations_behind_each():
    sample = sample_of([0, 0, 2], [0.2, 0.8, 0.5], decay=[0.5, 1.0, 0.25], size=[2.0, 3.0, 1.0])
    mean, n = sample.means(n_partners=3)
    assert mean == pytest.approx([(0.2 * 1 + 0.8 * 3) / 4, 0.0, 0.5])
    assert n.tolist() == [4.0, 0.0, 0.25]


@pytest.mark.parametrize("expected", [0.01, 0.2])
def test_the_variance_within_is_the_pooled_one_with_four_observations_of_the_expected(expected):
    rng = np.random.default_rng(1)
    partner, value = np.repeat([0, 1, 2], [2, 5, 1]), rng.random(8)
    squares = sum(((value[partner == p] - value[partner == p].mean()) ** 2).sum() for p in range(3))
    found = within_variance(sample_of(partner, value), expected)
    assert found == pytest.approx((squares + 4 * expected) / (8 - 3 + 4))


def test_an_average_of_many_tells_as_much_of_the_variance_as_its_size():
    """The mean of n observations has a variance n times smaller."""
    rng = np.random.default_rng(2)
    partner = np.repeat(np.arange(200), 50)
    value = 0.5 + rng.normal(0, 0.1, len(partner)) / np.sqrt(4)
    found = within_variance(sample_of(partner, value, size=np.full(len(value), 4.0)), 0.01)
    assert found == pytest.approx(0.01, rel=0.05)


def test_an_old_observation_tells_less_of_the_variance():
    value = [0.5, 0.5, 0.1, 0.9]
    old = within_variance(sample_of([0, 0, 1, 1], value, decay=[1, 1, 0.1, 0.1]), 1e-4)
    new = within_variance(sample_of([0, 0, 1, 1], value), 1e-4)
    assert old < new


def equation(variance, values, noise, groups, expected):
    """Left side less right side of Paule and Mandel's equation, written as loops."""
    total = 4 * expected / variance
    for group in set(groups.tolist()):
        of_group = groups == group
        weight = 1 / (variance + noise[of_group])
        centre = (weight * values[of_group]).sum() / weight.sum()
        total += (weight * (values[of_group] - centre) ** 2).sum()
    return total - (len(values) - len(set(groups.tolist())) + 4)


@pytest.mark.parametrize("seed", range(4))
def test_the_variance_between_solves_its_equation(seed):
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, 5, 60)
    noise, values = rng.uniform(0.001, 0.02, 60), rng.random(60)
    found = between_variance(values, noise, groups, expected=0.01)
    assert equation(found, values, noise, groups, 0.01) == pytest.approx(0, abs=1e-6)
    assert equation(found / 2, values, noise, groups, 0.01) > 0
    assert equation(found * 2, values, noise, groups, 0.01) < 0


def test_the_variance_between_is_near_the_maximum_of_the_likelihood():
    """Of every value on a grid, the likeliest one given the means and their noise."""
    rng = np.random.default_rng(3)
    noise = rng.uniform(0.002, 0.03, 3_000)
    values = 0.5 + rng.normal(0, np.sqrt(0.012 + noise))
    grid = np.geomspace(0.001, 0.1, 400)

    def log_likelihood(variance):
        spread = variance + noise
        centre = (values / spread).sum() / (1 / spread).sum()
        return -0.5 * (np.log(spread) + (values - centre) ** 2 / spread).sum()

    likeliest = grid[np.argmax([log_likelihood(variance) for variance in grid])]
    found = between_variance(values, noise, np.zeros(3_000, dtype=np.intp), expected=0.01)
    assert found == pytest.approx(likeliest, rel=0.05)


def test_values_that_agree_beyond_their_noise_leave_some_variance_all_the_same():
    found = between_variance(np.full(50, 0.4), np.full(50, 0.1), np.zeros(50, np.intp), 0.01)
    assert 0 < found < 0.01


def test_all_three_variances_are_found_where_they_were_planted():
    truth = Variances(customers=0.05, partners=0.015, regions=0.008)
    found = variance_components(*planted(truth, n_regions=120, n_partners=40, n_customers=6))
    assert found.customers == pytest.approx(truth.customers, rel=0.03)
    assert found.partners == pytest.approx(truth.partners, rel=0.06)
    assert found.regions == pytest.approx(truth.regions, rel=0.25)


def test_before_any_observation_the_variances_are_the_expected_ones():
    nothing = variance_components(sample_of([], []), np.zeros(3, dtype=np.intp))
    expected = Variances()
    assert nothing.customers == pytest.approx(expected.customers)
    assert nothing.partners == pytest.approx(expected.partners)
    assert nothing.regions == pytest.approx(expected.regions)


def test_shrunk_means_are_nearer_the_truth_than_the_means_of_the_samples():
    truth = Variances(customers=0.06, partners=0.01, regions=0.004)
    rng = np.random.default_rng(7)
    regions = np.repeat(np.arange(30), 20)
    quality = 0.6 + rng.normal(0, np.sqrt(truth.regions), 30)[regions]
    quality += rng.normal(0, np.sqrt(truth.partners), len(regions))
    partner = np.repeat(np.arange(len(regions)), 2)
    value = quality[partner] + rng.normal(0, np.sqrt(truth.customers), len(partner))
    sample = sample_of(partner, value)
    mean, n = sample.means(len(regions))
    belief = posterior(mean, n, regions, variance_components(sample, regions))
    errors = [np.mean((found - quality) ** 2) for found in (belief.mean, mean)]
    assert errors[0] < errors[1] / 2
    # The doubt that is stated is the doubt there is.
    assert np.mean(belief.variance) == pytest.approx(errors[0], rel=0.2)


def aged(seed, n_partners=12, n=60):
    """Observations of every age and size; the last partner has none."""
    rng = np.random.default_rng(seed)
    partner = rng.integers(0, n_partners - 1, n)
    return sample_of(partner, rng.random(n), rng.uniform(0.2, 1, n), rng.uniform(1, 5, n))


def within_by_hand(partner, value, decay, size, expected):
    squares = freedom = 0.0
    for one in set(partner.tolist()):
        x, d, w = value[partner == one], decay[partner == one], (decay * size)[partner == one]
        squares += (w * (x - (w * x).sum() / w.sum()) ** 2).sum()
        freedom += d.sum() - (w * d).sum() / w.sum()
    return (squares + 4 * expected) / (freedom + 4)


def root(values, noise, groups, expected):
    """Zero of Paule and Mandel's equation, by halving."""
    low, high = 1e-9, 1.0
    for _ in range(200):
        middle = np.sqrt(low * high)
        above = equation(middle, values, noise, groups, expected) > 0
        low, high = (middle, high) if above else (low, middle)
    return low


@pytest.mark.parametrize("seed", range(4))
def test_the_variance_within_weighs_every_age_and_size_by_its_formula(seed):
    sample = aged(seed)
    by_hand = within_by_hand(sample.partner, sample.value, sample.decay, sample.size, 0.03)
    assert within_variance(sample, 0.03) == pytest.approx(by_hand)


@pytest.mark.parametrize("seed", range(4))
def test_the_three_variances_are_estimated_level_by_level(seed):
    sample = aged(seed)
    regions = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4])  # of the last nobody is known
    default = Variances()
    each = default.customers / sample.size + default.partners + default.regions
    one = np.zeros(len(each), dtype=int)
    scale = within_by_hand(one, sample.value, sample.decay, 1 / each, 1.0)
    customers = within_by_hand(
        sample.partner, sample.value, sample.decay, sample.size, scale * default.customers
    )
    means, noises, homes = [], [], []
    for who in sorted(set(sample.partner.tolist())):
        x, d, s = (
            part[sample.partner == who] for part in (sample.value, sample.decay, sample.size)
        )
        means.append((d * s * x).sum() / (d * s).sum())
        noises.append(customers * (d * d * s).sum() / (d * s).sum() ** 2)
        homes.append(regions[who])
    means, noises, homes = map(np.array, (means, noises, homes))
    partners = root(means, noises, homes, scale * default.partners)
    weight = 1 / (partners + noises)
    of_region = [
        (
            (weight * means)[homes == home].sum() / weight[homes == home].sum(),
            1 / weight[homes == home].sum(),
        )
        for home in sorted(set(homes.tolist()))
    ]
    mean, noise = np.array(of_region).T
    between = root(mean, noise, np.zeros(len(mean), dtype=int), scale * default.regions)
    found = variance_components(sample, regions)
    assert found.customers == pytest.approx(customers)
    assert found.partners == pytest.approx(partners, rel=1e-6)
    assert found.regions == pytest.approx(between, rel=1e-6)


def test_by_default_customers_differ_by_a_point_of_five_partners_by_0_4_regions_by_0_2():
    default = Variances()
    deviations = np.sqrt([default.customers, default.partners, default.regions]) * (5 - 1)
    assert deviations == pytest.approx([1.0, 0.4, 0.2])


def test_without_any_observation_the_doubt_is_that_of_the_whole_scale_and_both_levels():
    belief = posterior(np.zeros(6), np.zeros(6), REGIONS, VARIANCES)
    np.testing.assert_allclose(belief.variance, 1 / 12 + VARIANCES.regions + VARIANCES.partners)
    assert belief.peer_mean.tolist() == [0.5] * 6


def test_a_mean_is_shrunk_by_the_share_of_its_doubt():
    prior, doubt, mean, precision = map(np.array, ([0.2, 0.2], [0.3, 0.3], [0.8, 0.8], [5.0, 0.0]))
    shrunk, variance = shrunk_towards(prior, doubt, mean, precision, 0.6)
    assert shrunk == pytest.approx([0.75 * 0.8 + 0.25 * 0.2, 0.2])  # 1 / (1 + 0.6 * 5)
    assert variance == pytest.approx([0.6 * 0.25 + 0.25**2 * 0.3, 0.6 + 0.3])


def test_equal_values_leave_of_the_variance_between_what_is_expected_of_four():
    """Without noise to speak of: 4 expected / v = n - 1 + 4."""
    found = between_variance(np.full(9, 0.3), np.full(9, 1e-9), np.zeros(9, np.intp), 0.02)
    assert found == pytest.approx(4 * 0.02 / 12)
    alone = between_variance(np.array([0.3, 0.9]), np.full(2, 1e-9), np.array([0, 2]), 0.02)
    assert alone == pytest.approx(0.02)
