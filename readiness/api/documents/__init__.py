"""Domain objects as the documents of ``readiness.api.shapes``: one module per noun, no decision taken here."""
