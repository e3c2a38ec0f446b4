"""A virus scanner that speaks the protocol of clamd (``INSTREAM``), as the pages of clamd(8) have it.

It finds the EICAR test file, and nothing else. Real clamd knows thousands of others and has to be fed with them; what
the product says to it, and makes of its answers, is the same.
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# In two parts, so that no scanner takes this file for what it describes.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Eicar-Test-Signature"
PATIENCE = 30


@dataclass
class Clamd:
    """``seen``: every stream that came in whole. ``limit``: that of a stream, in bytes. ``answer``: said in place of
    a verdict; "" closes without one."""

    address: str
    limit: int = 25 * 1024 * 1024
    answer: str | None = None
    seen: list[bytes] = field(default_factory=list)

    def verdict(self, stream: bytes) -> str:
        if self.answer is not None:
            return self.answer
        return f"stream: {NAME} FOUND" if EICAR in stream else "stream: OK"


@contextmanager
def scanning() -> Iterator[Clamd]:
    """It listens until the block ends."""

    class Asked(socketserver.StreamRequestHandler):
        timeout = PATIENCE

        def handle(self) -> None:
            if self.rfile.readline() != b"nINSTREAM\n":
                self.wfile.write(b"UNKNOWN COMMAND\n")
                return
            stream = b""
            while length := struct.unpack("!L", self.rfile.read(4))[0]:
                stream += self.rfile.read(length)
                if len(stream) > clamd.limit:
                    self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
                    return
            clamd.seen.append(stream)
            said = clamd.verdict(stream)
            if said:
                self.wfile.write(f"{said}\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Asked) as server:
        clamd = Clamd(f"127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield clamd
        finally:
            server.shutdown()
            thread.join(PATIENCE)
