"""Comments with their subjects and mentions, and items that somebody is asked to see to."""
