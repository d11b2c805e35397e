"""Why a capability has no owner, and what would bring a partner into a team."""
