"""Every number a synthetic ecosystem rests on.

They are chosen to look like the field, not measured in it, except that activity is about as uneven
as in the Horizon 2020 records: with many partners the busiest 1 % are on a third of all rows, with
2,000 of them on a fifth. What a partner truly holds it held all along, whatever the days of its
facts say. Status, opt-outs and restrictions are those of today and had no effect on past deals. All
probabilities are 0..1, all coefficients are log-odds, all days count from 1970-01-01.
"""

from datetime import date
from types import MappingProxyType
from typing import Final

from ecosystem_graph.synthetic.assumptions.words import COUNTRIES

FIRST_DAY: Final = date(2020, 1, 1)
AS_OF: Final = date(2026, 1, 1)
"""Deals are opened from the first day on; the last events are of the day before `AS_OF`."""

START: Final = (FIRST_DAY - date(1970, 1, 1)).days
END: Final = (AS_OF - date(1970, 1, 1)).days
"""The same two days as numbers."""

QUARTERS: Final = 24
QUARTERLY_GROWTH: Final = 0.02
"""Growth of deals opened per quarter; teams know the joint wins of earlier quarters."""

# --- partners ------------------------------------------------------------------------------------
PARTNERS_PER_COMMUNITY: Final = 50
COMMUNITY_EXPONENT: Final = 0.6
COUNTRY_EXPONENT: Final = 0.9
"""The k-th largest community or country has a weight of k to the minus this exponent."""

COMMUNITY_COUNTRIES: Final = (0.6, 0.25, 0.15)
"""A member is from its community's first country, from its second one, from anywhere."""

ACTIVITY_TAIL: Final = 1.15
MOST_ACTIVE: Final = 2000
MOST_ACTIVE_PER_PARTNER: Final = 0.05
"""Activity is Pareto with this tail index, from 1 to the first bound, or the number of partners
times the second (at least 10), so that no partner is on more than a few percent of all deals."""

TYPES: Final = MappingProxyType(
    {"reseller": 0.40, "integrator": 0.22, "ISV": 0.16, "MSP": 0.14, "distributor": 0.08}
)
SECOND_TYPE: Final = 0.08
TIERS: Final = MappingProxyType({"Member": 0.50, "Select": 0.30, "Premier": 0.15, "Gold": 0.05})
"""Tiers go by size plus chance, not by quality."""

SIZE_OF_ACTIVITY: Final = 0.6
"""Coefficient of log activity in log size, to which standard normal noise is added."""

QUALITY: Final = (5.0, 2.5)
QUALITY_OF_SIZE: Final = 0.03
"""Latent quality: a Beta draw (mean 2/3), plus this per standard deviation of log size."""

STATUSES: Final = MappingProxyType(
    {"active": 0.97, "inactive": 0.018, "suspended": 0.006, "closed": 0.006}
)
OPTED_OUT: Final = 0.03
OWNED: Final = 0.04
STATES_CAPACITY: Final = 0.5
MEAN_CAPACITY: Final = 6
JOINED_BEFORE: Final = 0.7
YEARS_BEFORE: Final = 8
"""Share of partners that joined in the eight years before the first day; others joined since."""

RIVALS: Final = 0.25
"""Share of partners in groups of two to four that sell the same products in the same markets."""

# --- what they can do ----------------------------------------------------------------------------
CAPABILITIES_PER_ROOT: Final = 4.0
FEWEST_CAPABILITIES: Final = 60
MOST_CAPABILITIES: Final = 2000
"""Number of capabilities: this times the root of the number of partners, within these bounds."""

FAMILY: Final = 10
REPLACED: Final = 0.03
CAPABILITY_EXPONENT: Final = 0.7
COMMUNITY_FAMILIES: Final = 3
FROM_COMMUNITY: Final = 0.65
"""Share of draws from the families its community specialises in; others go by popularity."""

MEAN_DRAWS: Final = 18.0
MOST_DRAWS: Final = 60
DRAWS_OF_SIZE: Final = 0.35
"""Draws per portfolio: they grow with size; capabilities drawn twice count once."""

UNDECLARED: Final = 1 / 3
OVERCLAIMED: Final = 0.03
"""Share of true holdings that are not declared; false declarations per true holding."""

EVIDENCE: Final = MappingProxyType({"certified": 0.35, "reference": 0.20, "self_declared": 0.45})
LEVELS: Final = MappingProxyType({"foundation": 0.5, "advanced": 0.35, "expert": 0.15})
ENDING: Final = 0.25
"""Share of facts with a last day, from one year before `AS_OF` to two years after it."""

# --- what they sell, and where -------------------------------------------------------------------
PRODUCTS_PER_FAMILY: Final = 2
OFFERINGS: Final = (0.30, 0.35, 0.20, 0.15)
OFFERINGS_ENDED: Final = 0.05
MARKETS: Final = (0.42, 0.26, 0.16, 0.10, 0.06)
"""Shares of partners with one, two, three, ... products and territories."""

# --- what customers want -------------------------------------------------------------------------
DEALS_PER_PARTNER: Final = 3.7
DEALS_PER_CUSTOMER: Final = 4
FAMILY_TASTE: Final = 0.5
TASTE: Final = 0.7
LOCAL_TASTE: Final = 0.3
YEARLY_DRIFT: Final = 0.2
"""Demand of a market: popularity times gamma draws of these shapes per industry and family and per
industry and capability, times log-normal draws of these deviations per territory and per year."""

REQUIREMENTS: Final = (0.30, 0.30, 0.20, 0.12, 0.05, 0.03)
"""Shares of deals that require one, two, ... capabilities."""

# --- who teams with whom -------------------------------------------------------------------------
TEAM_SIZES: Final = (0.35, 0.25, 0.15, 0.09, 0.06, 0.04, 0.03, 0.02)
LARGE_TEAMS: Final = 0.01
LARGEST_TEAM: Final = 60
"""The rest are large teams of 9 partners or more, their size log-uniform."""

LEAD_CANDIDATES: Final = 4
LEAD_COVERAGE: Final = 2.5
"""Candidates for the lead, and log-odds per share of the requirements covered."""

MEETING: Final = MappingProxyType(
    {"community": 0.35, "territory": 0.30, "past joint wins": 0.20, "anywhere": 0.15}
)
MET: Final = 20
MET_BY_LARGE_TEAMS: Final = 120
"""Partners a lead meets: number of draws, and shares by place, in proportion to activity."""

CHOOSING: Final = MappingProxyType(
    {
        "same_community": 0.8,
        "log1p_joint_wins": 0.9,
        "complementarity": 3.0,
        "rivals": -2.0,
        "log_activity": 0.1,
    }
)
"""Log-odds of being asked, among the partners met."""

WINNING: Final = MappingProxyType(
    {
        "intercept": -0.9,
        "coverage": 2.0,
        "mean_quality": 2.5,
        "mean_log1p_joint_wins": 0.5,
        "rivals": -0.8,
    }
)
"""Log-odds that a team wins; quality is measured from its mean, 2/3."""

WITHDRAWN: Final = 0.06
MEDIAN_DAYS: Final = 80
SPREAD_OF_DAYS: Final = 0.6
LOST_REASONS: Final = MappingProxyType(
    {"price": 0.4, "competitor": 0.3, "timing": 0.15, "budget": 0.15}
)
NO_REASON: Final = 0.2
GAP_TOLD: Final = 0.7
"""Share of lost deals without a reason; share with a gap as reason if nothing was covered."""

UNTAGGED: Final = 0.05
"""Share of joint wins in which each partner but the lead is missing from the record."""

MEDIAN_AMOUNT: Final = 60_000.0
SPREAD_OF_AMOUNTS: Final = 1.0

# --- customer satisfaction -----------------------------------------------------------------------
ANSWERED: Final = 0.95
ANSWERED_LESS: Final = 0.6
"""Probability of a response about a partner on a won deal, times activity to the minus this."""

MOOD: Final = 0.35
NOISE: Final = 0.4
LEAST_SCORE: Final = 3.2
SCORE_OF_QUALITY: Final = 1.9
"""Score from 1 to 5: the least, plus this times quality, plus the customer's mood and noise."""

KINDS: Final = MappingProxyType({"csat_mean": 0.80, "csat_top2": 0.12, "nps": 0.08})
SEVERAL: Final = 0.08
MOST_RESPONSES: Final = 12

# --- the program ---------------------------------------------------------------------------------
OBJECTIVES: Final = 0.3
OBJECTIVE_KINDS: Final = (0.5, 0.25, 0.25)
INTRODUCTIONS_PER_PARTNER: Final = 0.5
INTRODUCTION_DAYS: Final = 730
ACCEPTING: Final = MappingProxyType({"intercept": 0.2, "same_community": 0.8, "rivals": -1.5})
WON_AFTERWARDS: Final = 0.2
LOST_AFTERWARDS: Final = 0.2
SUPPORTED: Final = 0.3
KINDS_OF_SUPPORT: Final = 3
RIVALS_KEPT_APART: Final = 0.15
KEPT_APART: Final = 0.005
EXCLUSIVE: Final = 0.004
"""Introductions and restrictions per partner (rivals kept apart: per pair of rivals)."""

N_COUNTRIES: Final = len(COUNTRIES)
