"""Who is proposed: against the rules written out again in plain sets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.arrays.top_k import largest_per_row
from ecosystem_graph.ranking import CandidateFinder
from ecosystem_graph.ranking import candidates as module
from ecosystem_graph.signals import GraphFeatures

AS_OF = "2025-01-01"


def finder(graph, **options):
    return CandidateFinder(GraphFeatures(graph), **options)


def spelled(graph, pairs):
    """Pairs by id, in their order."""
    ids = graph.index.ids
    return list(zip(ids[pairs.sources].tolist(), ids[pairs.targets].tolist(), strict=True))


def found(graph, *sources, **options):
    """New candidates of some partners, or of everybody, and known ones."""
    asked = graph.index.positions(sources or graph.index.ids)
    pairs = finder(graph, **options)
    return spelled(graph, pairs.new(asked)), spelled(graph, pairs.known(asked))


def candidates(graph, source, **options):
    """New ones of one partner."""
    return [target for _, target in found(graph, source, **options)[0]]


def head_of_family(partners, key):
    while parent := partners[key]["parent_id"]:
        key = parent
    return key


def have_won_together(rows):
    """Ordered pairs that share a deal won before 2025."""
    wins = [
        team
        for deal, team in rows["wins"].items()
        if rows["deals"][deal]["outcome"] == "won" and rows["deals"][deal]["closed_on"] < AS_OF
    ]
    return {(a, b) for team in wins for a in team for b in team if a != b}


def may_be_paired(rows):
    """Ordered pairs that no rule keeps apart."""
    partners, restrictions = rows["partners"], rows["restrictions"]
    out = {key for key, theirs in restrictions.items() if "exclusive" in theirs.values()}
    there = [
        key
        for key, said in partners.items()
        if said["status"] != "suspended" and said["participates"] is not False and key not in out
    ]
    apart = {frozenset([a, b]) for a, theirs in restrictions.items() for b in theirs}
    return {
        (a, b)
        for a in there
        for b in there
        if head_of_family(partners, a) != head_of_family(partners, b)
        and frozenset([a, b]) not in apart
    }


def count(source, pairs):
    return sum(one == source for one, _ in pairs)


@settings(max_examples=25)
@given(data=st.data())
def test_all_that_may_be_paired_are_found_where_there_is_room(make_graph, ecosystems, data):
    rows = data.draw(ecosystems)
    known, eligible = have_won_together(rows), may_be_paired(rows)
    new_found, known_found = found(make_graph(**rows, as_of=AS_OF))
    assert new_found == sorted(eligible - known)
    assert known_found == sorted(eligible & known)


@settings(max_examples=25)
@given(data=st.data(), room=st.integers(1, 4))
def test_else_each_gets_some_as_far_as_there_is_room_and_none_against_the_rules(
    make_graph, ecosystems, data, room
):
    rows = data.draw(ecosystems)
    known, eligible = have_won_together(rows), may_be_paired(rows)
    new_found, known_found = found(make_graph(**rows, as_of=AS_OF), n_candidates=room)
    assert new_found == sorted(set(new_found) & (eligible - known))
    assert known_found == sorted(set(known_found) & (eligible & known))
    for source in rows["partners"]:
        n_new, n_known = count(source, new_found), count(source, known_found)
        assert min(1, count(source, eligible - known)) <= n_new <= room
        assert n_known == min(room, count(source, eligible & known))


@settings(max_examples=12)
@given(data=st.data(), room=st.integers(1, 9))
def test_a_partner_gets_the_same_candidates_whoever_else_is_asked_for(
    make_graph, ecosystems, data, room
):
    graph = make_graph(**data.draw(ecosystems), as_of=AS_OF)
    asked = data.draw(st.lists(st.sampled_from(graph.index.ids.tolist()), unique=True, min_size=1))
    together = found(graph, *asked, n_candidates=room)
    alone = [found(graph, one, n_candidates=room) for one in asked]
    for kind in (0, 1):
        assert together[kind] == [pair for lists in alone for pair in lists[kind]]


@settings(max_examples=12)
@given(data=st.data())
def test_only_those_open_to_it_are_found(make_graph, ecosystems, data):
    graph = make_graph(**data.draw(ecosystems), as_of=AS_OF)
    n = graph.n_partners
    open_to = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    chosen = set(graph.index.ids[open_to])
    for some, everybody in zip(found(graph, open_to=open_to), found(graph), strict=True):
        assert some == [pair for pair in everybody if pair[1] in chosen]


@settings(max_examples=20)
@given(data=st.data())
def test_paths_to_those_closed_to_it_may_be_left_out(make_graph, ecosystems, data):
    graph = make_graph(**data.draw(ecosystems))
    n = graph.n_partners
    open_to = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)
    quick, slow = (finder(graph).open_only_to(open_to) for _ in range(2))
    slow.__dict__["_onward"] = slow.ground.onward
    found, expected = (one.new(np.arange(n), 2) for one in (quick, slow))
    np.testing.assert_array_equal(found.sources, expected.sources)
    np.testing.assert_array_equal(found.targets, expected.targets)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_in_the_smallest_ecosystems_everybody_meets_everybody_else(make_graph, n):
    everybody = ["ann", "bob", "cy"][:n]
    new, known = found(make_graph(partners=everybody))
    assert new == [(a, b) for a in everybody for b in everybody if a != b]
    assert known == []


def test_where_everybody_knows_everybody_nobody_is_new(make_graph):
    new, known = found(make_graph(wins=["ann bob cy", "di ann bob", "cy di"]))
    assert new == []
    assert len(known) == 4 * 3


def test_nobody_asked_is_nobody_found(make_graph):
    pairs = finder(make_graph(wins=["ann bob", "bob cy"]))
    nobody = np.array([], dtype=np.intp)
    assert len(pairs.new(nobody)) == len(pairs.known(nobody)) == 0


def test_an_ecosystem_nobody_has_joined_yet_has_no_candidates(make_graph):
    assert found(make_graph(partners={"ann": {"joined_on": AS_OF}}, as_of=AS_OF)) == ([], [])


def test_a_family_does_not_crowd_out_others(make_graph):
    siblings = {f"sibling{n}": {"parent_id": "parent", "country": "DE"} for n in range(5)}
    partners = {"parent": {"country": "DE"}, "zoe": {"country": "DE"}}
    graph = make_graph(partners=partners | siblings)
    assert candidates(graph, "sibling0", n_candidates=2) == ["zoe"]


def test_a_closed_collaborator_does_not_crowd_out_others(make_graph):
    graph = make_graph(
        partners={"bob": {"status": "closed"}}, wins=["ann bob", "ann bob", "ann cy"]
    )
    assert found(graph, "ann", n_candidates=1)[1] == [("ann", "cy")]


def test_a_closed_partner_does_not_crowd_out_others(make_graph):
    graph = make_graph(partners={"ann": {}, "bob": {"status": "closed"}}, wins=["bob cy", "bob cy"])
    for open_to in (None, np.ones(3, dtype=bool)):
        assert candidates(graph, "ann", n_candidates=1, open_to=open_to) == ["cy"]


def test_the_strongest_ties_are_kept(make_graph):
    graph = make_graph(wins=["ann bob", "ann cy", "ann cy", "ann di", "ann di", "ann di"])
    assert found(graph, "ann", n_candidates=2)[1] == [("ann", "cy"), ("ann", "di")]


#: Wins of those that are popular and active, and nobody's friends.
BUSY = ["x1 x2 x3 x4 x5", "x1 x2 x3 x4 x5", "x6 x7", "x7 x8"]


def test_a_collaborator_of_a_collaborator_is_among_the_first(make_graph):
    graph = make_graph(wins=["ann bob", "bob cy", *BUSY])
    assert "cy" in candidates(graph, "ann", n_candidates=2)


def test_who_never_won_finds_those_that_hold_what_is_asked_for_where_it_is(make_graph):
    busy = {f"x{n}": {"country": "FR"} for n in range(1, 9)}
    graph = make_graph(
        partners={"ann": {"country": "DE"}, "zoe": {"country": "IT"}} | busy,
        wins=BUSY,
        deals={"d": {"territory": "DE"}},
        deal_requirements={"d": "crm"},
        partner_capabilities={"zoe": {"crm": "certified"}},
    )
    assert "zoe" in candidates(graph, "ann", n_candidates=2)


def test_who_never_won_finds_those_in_its_territory(make_graph):
    graph = make_graph(partners={"ann": {"country": "DE"}, "zoe": {"country": "DE"}}, wins=BUSY)
    assert "zoe" in candidates(graph, "ann", n_candidates=2)


def test_who_says_nothing_of_itself_meets_the_busiest(make_graph):
    graph = make_graph(partners="ann zoe", wins=["ben cy", *BUSY])
    met = candidates(graph, "ann", n_candidates=5)
    assert met
    assert set(met) <= {"x1", "x2", "x3", "x4", "x5"}


def test_those_asked_for_the_same_things_meet(make_graph):
    graph = make_graph(
        wins={"d": "ann bob", "e": "yan zoe", "f": BUSY[0], "g": BUSY[1]},
        deal_requirements={"d": "crm", "e": "crm"},
    )
    assert "yan" in candidates(graph, "ann", n_candidates=2)


def test_those_a_circle_suggests_are_found_though_they_share_no_collaborator(make_graph):
    left, right = ([f"{side}{n}" for n in range(5)] for side in "lr")
    both_sides = [[a, b] for a in left for b in right if (a, b) != ("l0", "r0")]
    graph = make_graph(wins=[*both_sides, *BUSY])
    near = CandidateFinder(GraphFeatures(graph, n_components=2), n_candidates=6)
    pairs = near.new(graph.index.positions(["l0"]))
    found = {("l0", other) for other in ("l1", "l2", "l3", "l4", "r0")}
    assert found < set(spelled(graph, pairs))


def test_candidates_are_found_in_blocks_of_any_number(make_graph):
    graph = make_graph(wins=[f"p{n:03} p{n + 1:03}" for n in range(299)])
    new = finder(graph, n_candidates=3).new
    everybody = np.arange(graph.n_partners)
    apart = [spelled(graph, new(part)) for part in np.array_split(everybody, 7)]
    assert spelled(graph, new(everybody)) == [pair for part in apart for pair in part]


def test_a_filter_makes_nothing_anew_that_does_not_depend_on_it(make_graph, monkeypatch):
    graph = make_graph(
        wins=[*BUSY, ["l0", "x0"]], partner_capabilities={"l0": "crm"}, territories={"l0": "DE"}
    )
    everybody = finder(graph)
    everybody.new(np.arange(graph.n_partners))

    def again(*_):
        pytest.fail("it was made before")

    for maker in ("tidy", "row_scaled"):
        monkeypatch.setattr(f"ecosystem_graph.ranking.candidates.{maker}", again)
    monkeypatch.setattr("ecosystem_graph.graph.Eligibility.from_graph", again)
    for kept in (0, 1):
        open_to = np.arange(graph.n_partners) % 2 == kept
        narrow = everybody.open_only_to(open_to)
        assert narrow.ground is everybody.ground
        assert open_to[narrow.new(np.arange(graph.n_partners)).targets].all()


def top(scores, source, k, ties):
    """The k columns of largest positive score, those that follow the source in the order first."""
    rounded = np.asarray(scores, dtype=np.float32)
    place = (ties.rank - ties.rank[source]) % len(ties.rank)
    order = np.lexsort((place, -rounded))
    return [int(one) for one in order if rounded[one] > 0][:k]


def merged_by_definition(one, source, k):
    """Every kind of evidence over full arrays, and what they find merged by reciprocal rank."""
    features, ties = one.features, one.ground.ties
    graph = features.graph
    adjacency, shares = graph.adjacency.toarray(), features.tie_shares.toarray()
    degree = np.maximum(adjacency.sum(axis=0), 2)
    gaps = largest_per_row(features.gaps, 8).toarray()
    held = graph.held.toarray() * (1 + np.log1p(features.activity))[:, None]
    places = graph.territories.toarray()
    kinds = [
        adjacency[source] / np.log(degree) @ (shares > 0),
        features.ties.toarray()[source] @ shares,
        features.delivered_share.toarray()[source] @ features.delivered.toarray().T,
        gaps[source] @ held.T,
        places[source] @ (places * (1 + features.seats)[:, None]).T,
        1 + features.seats,
        np.rint(features.embedding.found @ features.embedding.seeking[source] / 1e-5),
    ]
    permitted = one.open_to & (one.ground.barred.toarray()[source] == 0)
    total = np.zeros(graph.n_partners)
    for scores in kinds:
        for rank, column in enumerate(top(np.where(permitted, scores, 0), source, k, ties), 1):
            total[column] += 1 / (60 + rank)
    return sorted(top(total, source, k, ties))


@pytest.mark.parametrize("k", [1, 3, 6])
@pytest.mark.parametrize("seed", range(4))
def test_candidates_are_the_best_of_all_kinds_of_evidence_merged_by_reciprocal_rank(
    make_graph, seed, k
):
    rng = np.random.default_rng(seed)
    names = [f"p{n:02}" for n in range(20)]
    wins = [
        rng.choice(names[:16], int(rng.integers(2, 4)), replace=False).tolist() for _ in range(14)
    ]
    skills = ["crm", "erp", "iam", "iot"]
    graph = make_graph(
        partners={name: {"country": str(rng.choice(["DE", "FR", "IT"]))} for name in names},
        wins=wins,
        deals={
            f"d-{n}": {"closed_on": f"2024-{int(rng.integers(1, 13)):02}-01"}
            for n in range(1, 1 + len(wins))
        },
        deal_requirements={
            f"d-{n}": rng.choice(skills, 2, replace=False).tolist() for n in range(1, 1 + len(wins))
        },
        partner_capabilities={name: [str(rng.choice(skills))] for name in names[::2]},
    )
    one = finder(graph, n_candidates=k)
    everybody = np.arange(graph.n_partners)
    pairs = one.new(everybody)
    for source in everybody:
        ours = pairs.targets[pairs.sources == source].tolist()
        assert ours == merged_by_definition(one, source, k)
    some = rng.random(graph.n_partners) < 0.5
    narrow = one.open_only_to(some)
    pairs = narrow.new(everybody)
    for source in everybody:
        ours = pairs.targets[pairs.sources == source].tolist()
        assert ours == merged_by_definition(narrow, source, k)


def test_of_the_candidates_found_120_are_scored_unless_fewer_are_found(make_graph):
    graph = make_graph(wins=["ann bob"])
    assert finder(graph).n_candidates == 400
    assert finder(graph).n_scored == 120
    assert finder(graph, n_candidates=121).n_scored == 120
    assert finder(graph, n_candidates=119).n_scored == 119


@pytest.mark.parametrize("most", [1, 2, 5])
def test_embedding_neighbours_are_searched_among_those_with_the_longest_vectors(
    make_graph, monkeypatch, most
):
    monkeypatch.setattr(module, "_FINDABLE", most)
    graph = make_graph(wins=["a b", "b c", "c d", "b e", "e f", "g h"])
    one = finder(graph)
    closed = one.open_only_to(np.arange(8) != 1)
    for which in (one, closed):
        kept, columns = which._findable
        found = which.features.embedding.found
        length = np.round((found.astype(float) ** 2).sum(axis=1), 6)
        open_to = np.flatnonzero(which.open_to)
        order = np.lexsort((graph.tie_rank[open_to], -length[open_to]))
        assert kept.tolist() == sorted(open_to[order[:most]].tolist())
        np.testing.assert_allclose(columns, found[kept].T / 1e-5, rtol=1e-5)


def test_only_the_strongest_ties_of_a_known_partner_and_of_a_shared_one_are_followed(
    make_graph, monkeypatch
):
    monkeypatch.setattr(module, "_ONWARD", 1)
    wins = ["hub a"] * 3 + ["hub b"] * 2 + ["hub c"]
    one = finder(make_graph(wins=wins))
    a, b, c, hub = range(4)
    onward = one.ground.onward.toarray()
    np.testing.assert_allclose(onward[hub], [0.5, 0, 0, 0])
    np.testing.assert_allclose(onward[[a, b, c], hub], 1.0)
    known = finder(make_graph(wins=wins), n_candidates=2).known(np.array([hub, c]))
    assert known.sources.tolist() == [hub, hub, c]
    assert known.targets.tolist() == [a, b, hub]


def test_how_many_of_each_kind_of_evidence_are_followed():
    assert (module._TOP_HOLDERS, module._ONWARD, module._WIDEST_GAPS) == (500, 500, 8)
    assert module._FINDABLE == 16_384


@settings(max_examples=40)
@given(data=st.data(), depth=st.integers(1, 6))
def test_through_finds_the_largest_entries_of_a_product(make_graph, ecosystems, data, depth):
    graph = make_graph(as_of=AS_OF, **data.draw(ecosystems))
    n = graph.n_partners
    # Few values, exact in binary: sums are the same in any order.
    amounts = st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0])
    first, second = (
        data.draw(hnp.arrays(float, shape, elements=amounts)) for shape in ((n, 3), (3, n))
    )
    open_to = data.draw(hnp.arrays(bool, n))
    asked = finder(graph, open_to=open_to)
    factors = csr_array(first), csr_array(second)
    found = asked.through(asked.open_lookup(factors), np.arange(n), depth)
    assert np.array_equal(factors[1].toarray(), second)
    product = first @ second
    for a in range(n):
        may = [
            b
            for b in range(n)
            if product[a, b] > 0
            and asked.permits(np.array([a]), np.array([b]))[0]
            and open_to[b]
            and not graph.adjacency[a, b]
            and a != b
        ]
        listed = found.targets[found.sources == a].tolist()
        if not asked.eligibility.takes_part[a]:
            assert listed == []
            continue
        assert len(listed) == min(depth, len(may))
        assert set(listed) <= set(may)
        assert listed == sorted(listed)
        left_out = [product[a, b] for b in may if b not in listed]
        assert min((product[a, b] for b in listed), default=9) >= max(left_out, default=0)


def test_a_lookup_keeps_the_best_open_partners_of_each_key(make_graph, monkeypatch):
    monkeypatch.setattr(module, "_TOP_HOLDERS", 2)
    graph = make_graph(partners="ann bob cy di eve", wins=["ann bob"])
    open_to = np.array([True, True, True, False, True])
    asked = finder(graph, n_candidates=1, open_to=open_to)
    first = csr_array(np.ones((5, 1)))
    index = csr_array(np.array([[0.1, 0.2, 0.3, 0.9, 0.5]]))
    kept = asked.open_lookup((first, index))
    assert kept[0] is first
    assert kept[1].toarray().tolist() == [[0, 0, 0.3, 0, 0.5]]
    found = asked.through(kept, np.array([0, 4]), 5)
    assert spelled(graph, found) == [("ann", "cy"), ("ann", "eve"), ("eve", "cy")]
