"""Runs over many requirements: capacity, refusals, the record, the folder."""

import json
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.errors import OutputError, RequirementError
from ecosystem_graph.graph import Eligibility
from ecosystem_graph.jobs import TeamOptions, form_teams, write_team_run
from ecosystem_graph.jobs.team_job import Refused
from ecosystem_graph.lists.reranking import Reranking
from ecosystem_graph.recommending import Request
from ecosystem_graph.recommending.requests.requirement import Requirement
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.teams import TeamFinder

PARTNERS = [f"p{n}" for n in range(9)]
CAPABILITIES = ["crm", "erp", "iam", "soc"]
WORDS = st.lists(st.sampled_from(CAPABILITIES), unique=True, max_size=3)


def maybe(*values):
    return st.sampled_from([None, *values])


@st.composite
def ecosystems(draw):
    columns = st.fixed_dictionaries(
        {
            "country": maybe("DE", "FR"),
            "status": maybe("active", "active", "suspended"),
            "participates": maybe(True, True, False),
            "intro_capacity": maybe(0, 1, 2),
        }
    )
    everybody = {
        key: {**draw(columns), "parent_id": draw(maybe(*PARTNERS[place + 1 :][:1]))}
        for place, key in enumerate(PARTNERS)
    }
    kinds = st.dictionaries(st.sampled_from(PARTNERS[1:]), maybe("do_not_pair"), max_size=4)
    return {
        "partners": everybody,
        "wins": draw(st.lists(st.lists(st.sampled_from(PARTNERS), unique=True), max_size=4)),
        "partner_capabilities": {key: draw(WORDS) for key in PARTNERS},
        "offerings": {key: draw(maybe("vpn", "lan vpn")) or [] for key in PARTNERS},
        "restrictions": {
            key: {PARTNERS[0]: kind} for key, kind in draw(kinds).items() if kind is not None
        },
        "capabilities": {key: {} for key in CAPABILITIES},
    }


REQUIREMENTS = st.lists(
    st.builds(
        Requirement,
        capabilities=st.dictionaries(
            st.sampled_from(CAPABILITIES), st.sampled_from([0.5, 1.0]), min_size=1
        ),
        territory=maybe("DE", "IT"),
        max_size=maybe(1, 2, 3),
        exclude=st.lists(st.sampled_from(PARTNERS), max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=30)
@given(ecosystems(), REQUIREMENTS, maybe(0, 1, 2), maybe(2, 4))
def test_no_rule_is_ever_broken(make_tables, rows, asked, capacity, size):
    tables = make_tables(**rows)
    requirements = {f"r{n}": one for n, one in enumerate(asked)}
    assume(size is None or len(asked) > 1 or (asked[0].max_size or size) >= size)
    run = form_teams(
        tables,
        requirements,
        Request(reranking=Reranking(capacity=capacity)),
        as_of="2025-01-01",
        options=TeamOptions(size=size, seconds=0.0),
    )
    graph = EcosystemGraph.from_tables(tables, "2025-01-01")
    eligibility = Eligibility.from_graph(graph)
    finder = TeamFinder(GraphFeatures(graph))
    proposed = Counter()
    for name, requirement in requirements.items():
        team = run.teams[name]
        if isinstance(team, Refused):
            continue
        members = [member.partner_id for member in team.team]
        proposed.update(members)
        assert len(members) <= (size or requirement.max_size or 5)
        assert not set(members) & set(requirement.exclude)
        owned = Counter(one for member in team.team for one in member.covers)
        missing = {one.capability_id for one in team.uncovered}
        assert set(owned) | missing == set(requirement.capabilities)
        assert not set(owned) & missing
        assert set(owned.values()) <= {1}
        if size is None:
            assert all(member.covers for member in team.team)
        positions = graph.index.positions(members)
        assert eligibility.takes_part[positions].all()
        market = finder.admission.market(requirement.territory)
        for left, right in combinations(positions.tolist(), 2):
            assert finder.admission.why_apart(market, left, right) is None
            assert eligibility.family[left] != eligibility.family[right]
    stated = dict(graph.tables["partners"].select("partner_id", "intro_capacity").iter_rows())
    for partner, times in proposed.items():
        limit = capacity if stated[partner] is None else stated[partner]
        assert limit is None or times <= limit


@settings(max_examples=20)
@given(ecosystems(), REQUIREMENTS)
def test_nobody_who_could_still_own_something_missing_is_left_out(make_graph, rows, asked):
    finder = TeamFinder(GraphFeatures(make_graph(**rows)))
    for requirement in asked:
        choice = finder.solution(finder.resolved(requirement), None)
        problem, team = choice.problem, choice.teams[0]
        if len(team) == problem.max_size:
            continue
        for column in (problem.owners(team) < 0).nonzero()[0]:
            able = (problem.value[:, column] > 0).nonzero()[0]
            gains, _ = problem.additions(team, able)
            assert (gains == -float("inf")).all()


def needs(*leads, **others):
    return {f"r{n}": Requirement({"crm": 1.0}, lead=lead, **others) for n, lead in enumerate(leads)}


@pytest.fixture
def small(make_tables):
    return make_tables(
        partners={"ann": {}, "bob": {"intro_capacity": 2}, "cy": {}, "dan": {"status": "closed"}},
        partner_capabilities={"bob": {"crm": "certified"}, "cy": {"crm": "self_declared"}},
    )


def members(run):
    return [
        None if isinstance(team, Refused) else [member.partner_id for member in team.team]
        for team in run.teams.values()
    ]


def test_the_first_asked_are_served_first(small):
    run = form_teams(small, needs(None, None, None), as_of="2025-01-01")
    assert members(run) == [["bob"], ["bob"], ["cy"]]
    run = form_teams(
        small,
        needs(None, None, None, None),
        Request(reranking=Reranking(capacity=1)),
        as_of="2025-01-01",
    )
    assert members(run) == [["bob"], ["bob"], ["cy"], []]
    (missing,) = run.teams["r3"].uncovered
    assert missing.nearest.why_not == "has no introductions left"


def test_one_that_cannot_be_served_does_not_stop_the_others(small):
    run = form_teams(small, needs("dan", None, "nobody"), as_of="2025-01-01", model="default")
    assert members(run) == [None, ["bob"], None]
    assert "is closed" in run.teams["r0"].why
    assert "no partner 'nobody'" in run.teams["r2"].why
    assert run.record["left_out"]["requirements refused"] == 2
    with pytest.raises(RequirementError, match="is closed"):
        form_teams(small, needs("dan"), as_of="2025-01-01")


def test_a_size_beyond_the_requirement_is_a_contradiction(small):
    with pytest.raises(RequirementError, match="a team of 4 is more than its max_size, 2"):
        form_teams(small, needs(None, max_size=2), as_of="2025-01-01", options=TeamOptions(size=4))


def test_a_deal_asks_and_its_lead_leads(make_tables):
    tables = make_tables(
        deals={"d": {"outcome": "open"}},
        deal_partners={"d": {"ann": "lead", "bob": "resale"}},
        deal_requirements={"d": "crm"},
        partner_capabilities={"bob": {"crm": "certified"}},
    )
    run = form_teams(tables, request=Request(deal="d"), as_of="2025-01-01", model="default")
    assert members(run) == [["ann", "bob"]]
    run = form_teams(
        tables, request=Request(deal="d", partners=["bob"]), as_of="2025-01-01", model="default"
    )
    assert members(run) == [["bob"]]
    with pytest.raises(RequirementError, match="no deal 'e'"):
        form_teams(tables, request=Request(deal="e"), as_of="2025-01-01")


def test_without_a_lead_nothing_is_learnt_and_too_little_to_learn_from_is_said(small):
    assert form_teams(small, needs(None), as_of="2025-01-01").record["model"]["name"] == "none"
    model = form_teams(small, needs("ann"), as_of="2025-01-01").record["model"]
    assert model["name"] == "default"
    assert "too little history" in model["why"]


def test_the_same_run_writes_the_same_bytes(small, tmp_path):
    for name in ("a", "b"):
        run = form_teams(small, needs(None, "ann"), as_of="2025-01-01", model="default")
        write_team_run(run, tmp_path / name)
    for file in ("teams.jsonl", "run.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    rows = [json.loads(line) for line in (tmp_path / "a" / "teams.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["r0", "r1"]
    record = json.loads((tmp_path / "a" / "run.json").read_text())
    assert record["counts"] == {"partners": 4, "requirements": 2, "teams": 2, "members": 3}
    timings = json.loads((tmp_path / "a" / "timings.json").read_text())
    assert list(timings) == ["building the graph", "deriving signals", "forming teams"]
    assert all({"seconds", "peak_memory_bytes", "rows"} == set(stage) for stage in timings.values())
    with pytest.raises(OutputError, match="exists already"):
        write_team_run(run, tmp_path / "a")
    write_team_run(run, tmp_path / "a", overwrite=True)


def test_why_not_is_about_one_team(make_tables):
    tables = make_tables(partner_capabilities={"ann": "crm", "bob": "crm"})
    two = {name: Requirement({"crm": 1.0}) for name in "ab"}
    with pytest.raises(ValueError, match="why_not is about one team"):
        form_teams(tables, two, as_of="2025-01-01", options=TeamOptions(why_not="bob"))
    run = form_teams(
        tables, {"a": two["a"]}, as_of="2025-01-01", options=TeamOptions(why_not="bob")
    )
    assert run.why_not.answer == "worth_less"
    assert run.why_not.difference == 0.0
    assert run.record["parameters"]["why_not"] == "bob"


def test_the_filters_and_the_pair_rule_of_a_request_hold_for_every_member(make_tables):
    tables = make_tables(
        partners={
            "ann": {"country": "DE"},
            "bob": {"country": "DE"},
            "cy": {"country": "FR"},
            "di": {"country": "DE"},
        },
        wins=["ann bob", "ann cy", "ann di"],
        partner_capabilities={"ann": ["iam"], "bob": ["crm"], "cy": ["crm"], "di": ["crm"]},
    )
    asked = {"one": Requirement({"crm": 1.0, "iam": 1.0}, lead="ann")}

    def team(**options):
        request = Request.of(**options)
        return form_teams(tables, asked, request, as_of="2025-01-01", model="default").teams["one"]

    def owner_of_crm(**options):
        return next(m.partner_id for m in team(**options).team if "crm" in m.covers)

    def not_bob(left, right):
        return ((left != "bob") & (right != "bob")).to_numpy()

    assert owner_of_crm(countries=["FR"]) == "cy"
    assert owner_of_crm(candidates=["di"]) == "di"
    assert owner_of_crm(exclude=["bob", "di"]) == "cy"
    assert owner_of_crm(pair_rule=not_bob) != "bob"
    nobody = team(candidates=["ann"])
    assert [one.capability_id for one in nobody.uncovered] == ["crm"]


def test_a_capacity_counts_for_the_team_of_one_deal_or_requirement_too(make_tables):
    small = make_tables(wins=["ann bob"], partner_capabilities={"bob": ["crm"]})
    requirement = Requirement({"crm": 1.0})
    none_left = Reranking(capacity=0)
    for request in (
        Request(requirement=requirement, reranking=none_left),
        Request(requirement=requirement),
    ):
        run = form_teams(small, request=request, as_of="2025-01-01")
        assert list(run.teams) == ["requirement"]
        assert members(run) == ([[]] if request.reranking.requested() else [["bob"]])
    with pytest.raises(ValueError, match="either requirements or a deal must be given"):
        form_teams(small, {"r": requirement}, Request(requirement=requirement))
