"""What lists hold: positions, ranks and scores; rows as people see them; how exposure spreads."""
