"""The ecosystem as of a date: partners, what they hold, and who has won deals with whom."""

from ecosystem_graph.graph.ecosystem import EcosystemGraph
from ecosystem_graph.graph.eligibility import Eligibility
from ecosystem_graph.graph.ledger import Ledger
from ecosystem_graph.graph.partner_index import PartnerIndex

__all__ = ["EcosystemGraph", "Eligibility", "Ledger", "PartnerIndex"]
