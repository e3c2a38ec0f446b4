"""What belongs to one language: how it writes days and numbers, and its catalogues (`make messages`)."""
