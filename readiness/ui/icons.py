"""The names of the symbols in static/ui/icons.svg. A test holds the two together."""

# fmt: off
ICONS = frozenset({
    "arrow-down", "arrow-left", "arrow-right", "arrow-up", "bell", "building", "calendar", "chart", "check",
    "check-circle", "checklist", "chevron-down", "chevron-left", "chevron-right", "clock", "coins",
    "comment", "copy", "critical", "cross", "cross-circle", "dot", "download", "edit", "external", "eye",
    "file", "filter", "flag", "grid", "history", "inbox", "info", "key", "keyboard", "lightbulb",
    "link", "list", "lock", "logout", "mail", "menu", "minus", "moon", "more", "partial", "pause",
    "play", "plus", "quote", "return", "rocket", "screen", "search", "settings", "shield", "stop",
    "sun", "target", "trash", "trend", "unanswered", "unlock", "upload", "user", "users", "warning",
})
# fmt: on
