# %% [markdown]
# # A first list
# Ranks collaborators for one partner of the dataset `channel-demo`, and says why.

# %%
import polars as pl

import ecosystem_graph as eg

tables = eg.load_dataset("channel-demo")  # or eg.read_tables("acme/")
graph = eg.EcosystemGraph.from_tables(tables)

# %% [markdown]
# ## Ten collaborators
# The shipped model ranks here. `eg.Recommender().fit(tables)` learns one from your own history.

# %%
recommender = eg.Recommender.load("default")
recommendations = recommender.recommend(graph, partners=["p-0042"], k=10)
recommendations.select(
    "rank", "collaborator_name", "score", "gain", "reciprocal_gain", "competition"
)

# %% [markdown]
# ## Why the first of them
# Contributions add up to the score exactly.

# %%
best = recommendations["collaborator_id"][0]
explanation = recommender.explain(graph, "p-0042", best)
pl.DataFrame(
    {
        "signal": [part.signal for part in explanation.contributions],
        "log_odds": [part.log_odds for part in explanation.contributions],
    }
).head(8)
