"""Deals: sizes of teams, and who wins together."""


def test_most_teams_are_small_and_some_are_large(tables):
    sizes = tables["deal_partners"]["deal_id"].value_counts()["count"]
    assert (sizes <= 8).mean() > 0.98
    assert 30 < sizes.max() <= 60


def test_joint_wins_are_explained_by_communities_and_repeat(made, joint_wins):
    of = dict(made.truth["partners"].select("partner_id", "community").iter_rows())
    alike = joint_wins["partner_id"].replace_strict(of) == joint_wins[
        "partner_id_2"
    ].replace_strict(of)
    shares = (
        made.truth["partners"]["community"].value_counts()["count"] / made.tables["partners"].height
    )
    assert alike.mean() > 4 * (shares**2).sum()
    distinct = joint_wins.n_unique(["partner_id", "partner_id_2"])
    assert distinct < 0.9 * joint_wins.height
