import polars as pl

from ecosystem_graph.report import recommendations_text


def test_a_partner_is_named_with_its_id_unless_they_are_equal(asked):
    done = asked(partners={"ann": {"name": "Ann Ltd"}, "bob": {}})
    text = recommendations_text(done.recommendations, done.graph)
    assert "Ann Ltd (ann): 1 collaborator\n  1. bob\n" in text


def test_a_row_shows_why_it_was_moved(asked):
    done = asked(partners="ann bob cy")
    text = recommendations_text(done.recommendations, done.graph)
    assert "moved" not in text
    flags = pl.Series([["moved_by_reciprocity", "moved_by_diversity"]], dtype=pl.List(pl.String))
    moved = done.recommendations.head(1).with_columns(flags=flags)
    text = recommendations_text(moved, done.graph)
    assert "moved by the gain of both sides, by diversity: similar partners are in the list" in text
