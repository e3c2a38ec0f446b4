"""Addresses and the titles proposed for them, by the server and by the browser alike."""

TITLES = [
    ("https://wiki.example.com/data/load-test-of-may", "Load test of may"),
    ("https://www.example.com/reports/Data_quality+2026.pdf?page=2#top", "Data quality 2026"),
    ("https://wiki.example.com/pages/Pr%C3%BCfbericht%20M%C3%A4rz/", "Prüfbericht März"),
    ("https://tickets.example.com/browse/4711", "tickets.example.com 4711"),
    ("https://www.example.com/", "example.com"),
    ("http://wiki.example.com:8080/übergabe", "Übergabe"),
]
