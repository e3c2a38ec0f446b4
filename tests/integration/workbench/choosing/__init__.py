"""Choosing people: whom a field finds, whom its words mean, and what a page weighs."""
