"""What a browser complains of: the one place where it is heard, in every page of every test."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

VIOLATION = "violation of the content security policy"
_LISTEN = """
addEventListener('securitypolicyviolation', (event) => window.sayViolation(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
# What a test does on purpose: an answer that refuses, and a line that was cut.
_EXPECTED = re.compile(
    r"status of (400|401|403|404|409|413|422)\b|Status Error Code (400|401|403|404|409|413|422)\b"
    r"|net::ERR_|^htmx:(sendError|afterRequest|sendAbort|timeout)\b"
)


class Complaints:
    """Of all pages of one context, from now on: errors of scripts, errors and warnings of the console, and whatever
    the content security policy stopped."""

    def __init__(self, context: BrowserContext) -> None:
        self._heard: list[str] = []
        context.expose_binding("sayViolation", lambda source, what: self._say(source["page"].url, what))
        context.add_init_script(_LISTEN)
        context.on("weberror", self._error)
        context.on("console", self._console)

    def since(self) -> list[str]:
        """What was heard since one asked the last time, in its order."""
        heard, self._heard = self._heard, []
        return heard

    def _say(self, url: str, what: str) -> None:
        self._heard.append(f"{url}: {VIOLATION}: {what}")

    def _error(self, error: WebError) -> None:
        self._heard.append(f"{error.page.url if error.page else ''}: error: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _EXPECTED.search(message.text):
            where = message.page.url if message.page else ""
            self._heard.append(f"{where}: {message.type}: {message.text}")
