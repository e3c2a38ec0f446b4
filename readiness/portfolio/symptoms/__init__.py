"""Symptoms of the PoC trap: signs that a portfolio tries much and brings little into production.

``window`` says which days are looked at, ``facts`` what is known, ``rules`` (pure) what it means, ``words`` how it is
said and what helps; ``loading`` reads the facts in a fixed number of queries.
"""
