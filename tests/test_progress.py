"""One kind of progress for everything that takes time."""

from ecosystem_graph import EcosystemGraph, Recommender, Stages, load_model
from ecosystem_graph.progress import silent


def test_silence_hears_everything_and_says_nothing(capsys):
    silent("ranking")
    silent("ranking", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_fit_and_recommend_call_one_function_with_stages_and_steps(taught):
    heard = []

    def report(stage, done=0, total=0):
        heard.append((stage, done, total))

    recommender = Recommender().fit(taught, "2025-01-01", progress=report)
    assert ("learning to rank new collaborators", 0, 0) in heard
    heard.clear()
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    recommender.recommend(graph, progress=report)
    assert {(stage, total) for stage, _, total in heard} == {("ranking", graph.n_partners)}
    assert sum(done for _, done, _ in heard) == graph.n_partners


def test_stages_are_a_progress_that_measures(taught):
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    with Stages() as stages:
        Recommender.of(load_model("default")).recommend(graph, k=3, progress=stages)
    assert list(stages.summary()) == ["ranking"]
