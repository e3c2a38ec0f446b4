"""What the web server refuses by itself: a body beyond all limits, which the product never gets to see.

Programs are promised a problem document for every refusal of the API, so this one is written as such too. It is loaded
before Django is set up, and must need none of it.
"""

import json

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from readiness.api.codes import KINDS, PROBLEM_JSON, Code, plain_document

API = "/api/"


class Refusal(ErrorTask):
    """The answer to what the server would not read. The connection ends with it, as with the server's own."""

    def execute(self) -> None:
        too_large = KINDS[Code.TOO_LARGE].status
        if self.request.error.code != too_large or not self.request.path.startswith(API):
            super().execute()
            return
        body = json.dumps(plain_document(Code.TOO_LARGE)).encode()
        self.status = f"{too_large} {self.request.error.reason}"
        self.response_headers += [("Content-Type", PROBLEM_JSON), ("Cache-Control", "no-store")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


def refuse_as_problems() -> None:
    """Let every server of this process answer so from now on."""
    HTTPChannel.error_task_class = Refusal
