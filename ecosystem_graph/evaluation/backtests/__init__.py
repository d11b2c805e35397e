"""The back-tests: new collaborators, other tasks, teams, and the cost of capacities."""
