"""Which files may be evidence: the name and the content must agree, and nothing dangerous comes along."""

import io
import random
import struct
import zipfile

import pytest

from readiness.actions.file_types import ALLOWED, ENTRIES_MAX, UNPACKED_MAX, NotThatType, type_of
from readiness.actions.files import NAME_MAX, clean_name
from tests import files


def _type_of(name: str, content: bytes) -> str:
    return type_of(name, io.BytesIO(content), len(content)).media_type


def _refused(name: str, content: bytes) -> str:
    with pytest.raises(NotThatType) as refused:
        type_of(name, io.BytesIO(content), len(content))
    return str(refused.value)


GOOD = {
    "a.pdf": files.pdf(),
    "a.PDF": files.pdf(),
    "a.png": files.png(),
    "a.jpg": files.jpeg(),
    "a.jpeg": files.jpeg(),
    "a.docx": files.office("docx"),
    "a.xlsx": files.office("xlsx"),
    "a.pptx": files.office("pptx"),
    "a.csv": b"item;answer\nDATA-1;met\n",
    "a.txt": "Größe: 5 µm 🚀\n".encode(),
    "utf-16.txt": "Größe".encode("utf-16"),
    "bom.csv": "Größe".encode("utf-8-sig"),
    "windows.csv": "Größe € 5".encode("cp1252"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_known_by_its_name_and_content(name: str) -> None:
    assert _type_of(name, GOOD[name]) == ALLOWED[name.rpartition(".")[2].lower()].media_type


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.xhtml", "a.zip", "a.exe", "a.docm", "a", ".pdf", "a.pdf.js"]
)
def test_other_types_are_refused_whatever_they_hold(name: str) -> None:
    assert "One of pdf, png" in _refused(name, files.pdf())


@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.jpg", "a.docx", "a.xlsx", "a.pptx", "a.txt", "a.csv"])
@pytest.mark.parametrize("content", ["pdf", "png", "jpg", "docx", "xlsx", "pptx", "exe", "nothing but zeros"])
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, content: str) -> None:
    contents = {
        "pdf": files.pdf(),
        "png": files.png(),
        "jpg": files.jpeg(),
        "docx": files.office("docx"),
        "xlsx": files.office("xlsx"),
        "pptx": files.office("pptx"),
        "exe": b"MZ\x90\x00" + b"\x00" * 200,
        "nothing but zeros": b"\x00" * 500,
    }
    if name.endswith(f".{content}"):
        assert _type_of(name, contents[content])
    else:
        assert _refused(name, contents[content])


@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith(("txt", "csv"))])
def test_a_file_that_breaks_off_is_refused(name: str) -> None:
    assert _refused(name, GOOD[name][: len(GOOD[name]) // 2])


@pytest.mark.parametrize(
    ("width", "height"), [(60_000, 60_000), (0, 5), (5, 0), (2**31, 1), (20_000, 20_000)]
)
def test_a_picture_of_an_impossible_size_is_refused(width: int, height: int) -> None:
    assert "too large" in _refused("a.png", files.png(width, height))
    assert "too large" in _refused("a.jpg", files.jpeg(min(width, 65_535), min(height, 65_535)))


def test_a_picture_with_an_archive_behind_it_is_refused() -> None:
    assert "does not end" in _refused("a.png", files.png() + files.office("docx"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (files.office("docx", {"word/vbaProject.bin": b"x"}), "macros"),
        (files.office("docx", types='<Default ContentType="application/vnd.ms-word.vbaProject"/>'), "macros"),
        (files.office("docx", types='<Override ContentType="x.macroEnabled.main+xml"/>'), "macros"),
        (files.office("docx", {"../../etc/cron.d/x": b"x"}), "path out"),
        (files.office("docx", {"/etc/passwd": b"x"}), "path out"),
        (files.office("docx", {"C:\\x": b"x"}), "path out"),
        (files.office("docx", links=("word/link.xml",)), "link"),
        (files.office("docx", {f"word/{n}.xml": b"" for n in range(ENTRIES_MAX)}), "too many"),
        (files.office("xlsx"), "another kind"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (b"x" + files.office("docx"), "no Office"),
    ],
)
def test_an_office_document_with_something_in_it_is_refused(content: bytes, why: str) -> None:
    assert why in _refused("a.docx", content)


def test_a_bomb_is_refused_by_what_it_says_it_unpacks_to() -> None:
    zeros = b"\x00" * (UNPACKED_MAX // 10 + 1)
    bomb = files.office("docx", {f"word/{number}.xml": zeros for number in range(10)})
    assert len(bomb) < 1_000_000
    assert "unpack" in _refused("a.docx", bomb)


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(files.office("docx"))
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 0x1
    assert "encrypted" in _refused("a.docx", bytes(content))


def test_a_list_of_contents_that_would_take_much_memory_is_refused_unread() -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 60_000, 60_000, 3_000_000, 0, 0)
    assert "too many" in _refused("a.docx", b"PK\x03\x04" + b"x" * 100 + end)


@pytest.mark.parametrize("seed", range(300))
def test_no_mutation_of_a_good_file_breaks_the_check(seed: int) -> None:
    chance = random.Random(seed)
    name, content = chance.choice([*GOOD.items()])
    mutated = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        at = chance.randrange(len(mutated))
        match chance.randrange(3):
            case 0:
                mutated[at] = chance.randrange(256)
            case 1:
                del mutated[at : at + chance.randint(1, 9)]
            case _:
                mutated[at:at] = chance.randbytes(chance.randint(1, 9))
        if not mutated:
            break
    try:
        assert _type_of(name, bytes(mutated)) == ALLOWED[name.rpartition(".")[2].lower()].media_type
    except NotThatType as refused:
        assert str(refused)


def test_an_archive_of_another_method_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    content = bytearray(made.getvalue())
    content[content.rfind(b"PK\x01\x02") + 10] = 99
    assert "damaged" in _refused("a.docx", bytes(content))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\lena\\report.pdf", "report.pdf"),
        ("re\x00po\r\nrt.pdf", "report.pdf"),
        ("evil\u202efdp.exe.pdf", "evilfdp.exe.pdf"),
        ("Größe 🚀.csv", "Größe 🚀.csv"),
        ("", "file"),
        ("\u200b", "file"),
        ("x" * 400 + ".pdf", "x" * (NAME_MAX - 4) + ".pdf"),
        ("x." + "y" * 400, "." + "y" * (NAME_MAX - 1)),
    ],
)
def test_a_file_s_name_is_cleaned_to_be_shown(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert len(clean_name(given)) <= NAME_MAX
