"""What an integration sees: the same installation, asked over REST from outside."""

import json
import urllib.request
from typing import Any
from urllib.error import HTTPError


class Rest:
    """A client with a bearer token. Answers are ``(status, document)``."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = base, token

    def get(self, path: str) -> dict[str, Any]:
        """What is there; anything but 200 raises."""
        status, document = self.ask("GET", path)
        assert status == 200, f"{path}: {status} {document}"
        return document

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/api/v1/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read())
