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


def test_a_row_shows_what_the_introduction_adds_to_both_sides_in_points(asked):
    done = asked(partners="ann bob")
    text = recommendations_text(done.recommendations, done.graph)
    assert "points to its chance" not in text
    points = {"uplift": 0.0712, "uplift_low": -0.0101, "uplift_high": 0.1525}
    row = done.recommendations.head(1).with_columns(
        **{name: pl.lit(value) for name, value in points.items()},
        reciprocal_uplift=pl.lit(-0.0349),
    )
    text = " ".join(recommendations_text(row, done.graph).split())
    assert (
        "adds 7.1 points to its chance of winning what its markets ask for (-1.0 to 15.2); "
        "-3.5 to the collaborator's"
    ) in text
