"""The library of lessons: what stopped initiatives leave, and what made live ones work."""
