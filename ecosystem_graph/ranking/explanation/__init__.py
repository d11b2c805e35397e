"""Why a pair scores what it scores, and what separates it from another of the same list."""
