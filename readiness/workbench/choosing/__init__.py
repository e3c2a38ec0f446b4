"""Choosing people: whom one may choose where, and the fields that find them."""
