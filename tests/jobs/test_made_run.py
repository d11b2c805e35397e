import polars as pl
import pytest

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.jobs.made_run import MadeRun


def test_a_run_is_answered_for_by_the_model_that_ranked_it_and_no_other():
    made = MadeRun({"model": {"name": "ours", "weights": "abc"}}, pl.LazyFrame())
    made.check_model("abc")
    with pytest.raises(ArtifactError, match="ranked by the model 'ours'") as refused:
        made.check_model("xyz")
    assert refused.value.remedy == "model"


def test_a_run_that_does_not_say_what_ranked_it_is_taken_at_its_word():
    MadeRun({"model": {"name": "ours"}}, pl.LazyFrame()).check_model("abc")
