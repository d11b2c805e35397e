"""Who is proposed: against the rules written out again in plain sets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.ranking import CandidateFinder
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
