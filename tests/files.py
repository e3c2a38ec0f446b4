"""Small files of every kind, made here: good ones, and ones that are not what they say."""

import io
import struct
import zipfile
import zlib

_OPENXML = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    "docx": ("word/document.xml", f"{_OPENXML}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OPENXML}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{_OPENXML}presentationml.presentation.main+xml"),
}


def pdf(text: str = "Evidence") -> bytes:
    return f"%PDF-1.7\n1 0 obj\n({text})\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n".encode()


def png(width: int = 2, height: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * (7 * 2))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg(width: int = 2, height: int = 2) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    jfif = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return (
        b"\xff\xd8"
        + b"\xff\xe0"
        + struct.pack(">H", len(jfif) + 2)
        + jfif
        + b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xd9"
    )


def office(
    kind: str, extra: dict[str, bytes] | None = None, types: str = "", links: tuple[str, ...] = ()
) -> bytes:
    """An Office document with further parts, further content types, and parts that are symbolic links."""
    main, main_type = _MAIN[kind]
    content_types = f'<Types><Override PartName="/{main}" ContentType="{main_type}"/>{types}</Types>'
    made = io.BytesIO()
    parts = {"[Content_Types].xml": content_types, main: "<document/>"} | (extra or {})
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # A ZipInfo's own date, not today's: the same document is the same bytes in every process.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        for name in links:
            link = zipfile.ZipInfo(name)
            link.external_attr = 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
    return made.getvalue()
