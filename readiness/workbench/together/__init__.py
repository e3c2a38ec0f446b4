"""Working on an initiative together: threads of comments, and items that somebody is asked to see to."""
