"""HEAD under a server that sends on whatever it is given."""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def without_bodies(application: Application) -> Application:
    """The same application, whose answers to HEAD have no body.

    Django leaves a body in place for the server to drop, and waitress does not. It would pass for the next answer on
    the connection: with the file of somebody's evidence, for an answer of their making.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        close = getattr(body, "close", None)
        if close is not None:
            close()
        return []

    return answer
