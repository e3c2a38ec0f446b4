"""Real services for the tests: PostgreSQL, Redis, Chromium, and the product's own processes.

What runs here is private: its own port on the loopback, its own scratch folder, ended with the tests. Whatever else
happens to listen on this machine is left alone, unless DATABASE_URL or REDIS_URL names it.
"""
