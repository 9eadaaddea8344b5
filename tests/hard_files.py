"""Hard PDF files of our own making, one for each habit that files of the world have."""

import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.files import FONT, PAGE, _updated, assemble, build, sign, stream

WORDS = b"BT /F1 12 Tf 72 700 Td (127) Tj ET"


# --- What was signed, and what came later.


def small_faults() -> bytes:
    """A table of objects whose places are padded with blanks: strict readers refuse it."""
    data = build()
    place = data.rindex(b"xref\n0 ")
    head, table = data[:place], data[place:]
    for number in (b"%010d" % offset for offset in range(len(head))):
        if number + b" 00000 n" in table:
            padded = number.lstrip(b"0").rjust(10)
            table = table.replace(number + b" 00000 n", padded + b"     0 n")
    return head + table


def pages_removed_later(path: Path) -> Path:
    """Two pages were signed; an update leaves one."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    def remove(update: Any) -> None:
        tree = update.root["/Pages"]
        tree["/Kids"].pop()
        tree[generic.pdf_name("/Count")] = generic.NumberObject(1)
        update.update_container(tree)

    path.write_bytes(_updated(sign(build(pages=2)), remove))
    return path


def looks_replaced_later(*, certify: bool) -> bytes:
    """A field as large as the page; later only its look changes, which passes as form filling."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    box = "/BBox[0 0 595 842]/Type/XObject/Subtype/Form"
    field = (
        b"<</FT/Tx/T(so)/V(127)/Type/Annot/Subtype/Widget/F 4/P 6 0 R"
        b"/Rect[0 0 595 842]/AP<</N 5 0 R>>>>"
    )
    signed = sign(
        build(
            catalog="/AcroForm<</Fields[4 0 R]>>",
            page="/Annots[4 0 R]",
            more=[field, stream(b"", box)],
        ),
        certify=certify,
    )

    def replace(update: Any) -> None:
        for item in update.root["/AcroForm"]["/Fields"]:
            node = item.get_object()
            if node["/T"] == "so":
                name, number = generic.pdf_name, generic.NumberObject
                side = generic.ArrayObject([number(at) for at in (0, 0, 595, 842)])
                entries = {
                    name("/Type"): name("/XObject"),
                    name("/Subtype"): name("/Form"),
                    name("/BBox"): side,
                }
                white = b"1 g 0 0 595 842 re f 0 g " + WORDS.replace(b"127", b"721")
                look = generic.StreamObject(entries, stream_data=white)
                node["/AP"][name("/N")] = update.add_object(look)
                update.update_container(node)

    return _updated(signed, replace)


def deep_fields_later(path: Path, depth: int = 1_200) -> Path:
    """After signing came fields in fields in fields: libraries fall while they list or compare."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    def bury(update: Any) -> None:
        name = generic.pdf_name
        node = update.add_object(generic.DictionaryObject({name("/T"): generic.pdf_string("x")}))
        for _level in range(depth):
            entries = {
                name("/T"): generic.pdf_string("a"),
                name("/Kids"): generic.ArrayObject([node]),
            }
            node = update.add_object(generic.DictionaryObject(entries))
        fields = update.root["/AcroForm"]["/Fields"]
        fields.insert(0, node)
        update.update_container(fields)

    path.write_bytes(_updated(sign(build()), bury))
    return path


@cache
def many_signatures(count: int = 25) -> bytes:
    """So many people have signed one after the other."""
    data = build()
    for place in range(count):
        data = sign(data, "Nguyễn Văn An", field=f"ChuKy{place + 1}")
    return data


# --- Two signatures of which the second is odd: what it is, and what it makes pyHanko raise.


@cache
def _twice() -> tuple[int, bytes]:
    once = sign(build())
    return len(once), sign(once, "Trần Thị Bình", field="ChuKy2")


def _contents(message: bytes) -> bytes:
    first, data = _twice()
    start = data.index(b"/Contents <", first) + len(b"/Contents <")
    end = data.index(b">", start)
    return data[:start] + message.hex().encode().ljust(end - start, b"0") + data[end:]


def _message(change: Callable[[Any], None]) -> bytes:
    from asn1crypto import cms  # noqa: PLC0415 -- slow import

    first, data = _twice()
    start = data.index(b"/Contents <", first) + len(b"/Contents <")
    raw = bytes.fromhex(data[start : data.index(b">", start)].decode())
    whole = cms.ContentInfo.load(raw).copy()
    change(whole["content"])
    return _contents(whole.dump(force=True))


def _nobody(content: Any) -> None:
    from asn1crypto import cms  # noqa: PLC0415 -- slow import

    content["signer_infos"] = cms.SignerInfos([])


def _unknown_digest(content: Any) -> None:
    from asn1crypto import cms  # noqa: PLC0415 -- slow import

    odd = cms.DigestAlgorithm({"algorithm": "1.2.3.4"})
    content["signer_infos"][0]["digest_algorithm"] = odd


def _instead(old: bytes, new: bytes) -> bytes:
    first, data = _twice()
    return data[:first] + data[first:].replace(old, new.ljust(len(old)))


def _range(new: bytes) -> bytes:
    first, data = _twice()
    start = data.index(b"/ByteRange", first)
    return _instead(data[start : data.index(b"]", start) + 1], new)


def _reference(*values: int) -> bytes:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    def change(update: Any) -> None:
        for item in update.root["/AcroForm"]["/Fields"]:
            node = item.get_object()
            if node["/T"] == "ChuKy2":
                odd = [generic.NumberObject(one) for one in values] or [generic.DictionaryObject()]
                node["/V"][generic.pdf_name("/Reference")] = generic.ArrayObject(odd)
                update.update_container(node["/V"])

    return _updated(_twice()[1], change)


ODD_SIGNATURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "rubbish": (lambda: _contents(b"\xff" * 40), "ValueError"),
    "nothing": (lambda: _contents(b""), "ValueError"),
    "another message": (
        lambda: _contents(bytes.fromhex("301206092a864886f70d010701a0050403616263")),
        "TypeError",
    ),
    "nobody signed": (lambda: _message(_nobody), "CMSExtractionError"),
    "unknown digest": (lambda: _message(_unknown_digest), "AttributeError"),
    "no contents": (lambda: _instead(b"/Contents <", b"/Contentz <"), "PdfReadError"),
    "no range": (lambda: _range(b""), "PdfReadError"),
    "range of words": (lambda: _range(b"/ByteRange[(a)(b)(c)(d)]"), "TypeError"),
    "range before the file": (lambda: _range(b"/ByteRange[-5 10 20 10]"), "ValueError"),
    "odd range": (lambda: _range(b"/ByteRange[0 10 20]"), "ValueError"),
    "reference to nothing": (lambda: _reference(), "KeyError"),
    "reference to a number": (lambda: _reference(7), "TypeError"),
}


# --- What readers and painters stumble over.


def _content(entries: str, data: bytes = b"xxx") -> bytes:
    return assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
            stream(data, entries),
            f"<<{PAGE}{FONT}/Contents 3 0 R>>".encode(),
        ]
    )


def _encrypted(entries: str) -> bytes:
    return build().replace(b"/Root 1 0 R", f"/Root 1 0 R/Encrypt {entries}".encode())


# What it is -> the file, what pypdf raises, and what the inspection answers: reason, fault of text.
UNREADABLE: dict[str, tuple[bytes, str, str, str]] = {
    "unknown lock": (
        _encrypted("<</Filter/Standard/V 9>>"),
        "NotImplementedError",
        "encrypted",
        "",
    ),
    "no lock": (_encrypted("7"), "PdfReadError", "broken", ""),
    "unknown packing": (_content("/Filter/Nix"), "NotImplementedError", "", "broken"),
    "false packing": (_content("/Filter/ASCII85Decode", b"x{{{~~x"), "ValueError", "", "broken"),
    "deep words": (
        build(content=b"[" * 5000 + b"]" * 5000 + b" TJ"),
        "RecursionError",
        "",
        "broken",
    ),
}


def raised(data: bytes) -> Iterator[str]:
    """What pypdf raises by itself while it opens, counts and reads: the names of the errors."""
    import io  # noqa: PLC0415

    from pypdf import PdfReader  # noqa: PLC0415 -- slow import

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        for page in reader.pages:
            page.extract_text()
    except Exception as error:  # noqa: BLE001 -- that is the question
        yield type(error).__name__


def endless_shading(path: Path, times: int = 100_000) -> Path:
    """Less than two kilobytes that paint the whole page by calculation, again and again."""
    code = b"{ add sin abs dup dup }"
    function = stream(code, "/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]")
    shading = b"<</ShadingType 1/ColorSpace/DeviceRGB/Matrix[595 0 0 842 0 0]/Function 4 0 R>>"
    data = assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[6 0 R]/Count 1>>",
            stream(zlib.compress(b"/S sh " * times), "/Filter/FlateDecode"),
            function,
            shading,
            f"<<{PAGE}/Resources<</Shading<</S 5 0 R>>>>/Contents 3 0 R>>".encode(),
        ]
    )
    path.write_bytes(data)
    return path
