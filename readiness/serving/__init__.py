"""The embedded default: everything on one machine, started and kept alive by one command."""
