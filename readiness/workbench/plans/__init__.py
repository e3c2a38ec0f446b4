"""What follows if it works, and what it costs: the roadmap, the budget, the profile between a PoC and production."""
