"""Why a partner is not in a list, as text."""

import pytest

from ecosystem_graph.lists.why_not import WhyNot
from ecosystem_graph.ranking.explanation.comparison import Difference
from ecosystem_graph.report import why_not_text


@pytest.fixture(scope="module")
def text_of(asked):
    graph = asked(partners={"ann": {"name": "Ann Ltd"}, "bob": {}, "cy": {}}).graph

    def text_of(**facts):
        text = why_not_text(WhyNot("ann", "bob", 10, **facts), graph)
        return " ".join(text.split())

    return text_of


def difference(log_odds, needed=None):
    return Difference("trust", "trust in it", "0..1, mean", 0.25, 0.5, log_odds, needed)


def test_a_barred_pair_has_its_reasons_and_no_rank(text_of):
    text = text_of(barred=("it has opted out", "the two are of one family"))
    assert text == (
        "bob in the list of Ann Ltd (ann) Never proposed: it has opted out. Never proposed: the "
        "two are of one family."
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"candidate": True, "rank": 12},
            "Not listed: 12 of 400 candidates by score (-3.0000); the list holds 10.",
        ),
        (
            {"candidate": True, "rank": 2},
            "It is listed: 2 of 400 candidates by score (-3.0000); the list holds 10.",
        ),
        (
            {"candidate": True, "rank": 2, "capacity": 5, "places_taken": 2},
            "It has capacity for 5 introductions, of which open introductions take 2: a run",
        ),
        (
            {"rank": 401, "connected": True},
            "Not among the 400 candidates: others have more evidence that links them to the "
            "partner. If scored, it would rank 401 (-3.0000).",
        ),
        ({"rank": 401}, "no shared market, demand, capability or collaborator links it"),
    ],
)
def test_its_rank_is_given_or_why_it_is_no_candidate(text_of, facts, sentence):
    assert sentence in text_of(n_candidates=400, score=-3.0, **facts)


def test_the_differences_to_the_last_are_seen_from_it_and_add_up(text_of):
    text = text_of(
        candidate=True,
        rank=12,
        score=-3.0,
        last_id="cy",
        last_score=-2.0,
        differences=(difference(1.5, needed=0.4), difference(-0.5)),
    )
    assert "Compared with the last of the list, cy (-2.0000):" in text
    assert "-1.5000 trust in it 0.25 0.5" in text
    assert "-1.0000 difference of the scores: the sum of the above" in text
    assert text.endswith("make the scores equal: trust in it: 0.4 instead of 0.25 (0..1)")


def test_where_no_single_change_suffices_the_fewest_together_are_counted(text_of):
    parts = (difference(1.0), difference(1.0), difference(1.0), difference(-1.0))
    text = text_of(
        candidate=True, rank=12, score=-3.0, last_id="cy", last_score=-1.0, differences=parts
    )
    assert "the first 2 of these together would" in text
