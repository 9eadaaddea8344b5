"""Form fields and signature fields that are put into a PDF, and filled; knows pyHanko.

Runs inside the bounded child: no Django here, every answer is plain JSON. What is added is an
update behind the file, and only that is answered: what was there stays, byte for byte.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from documents.blanks import LETTERS, font_of
from signatures.changes import array, get, resolve
from signatures.pdf import examine

OLDEST = (1, 4)
BASELINE = 0.25  # of the size, from the lower edge of a field
_PRINTED = 4
_TEXT, _SIGNATURE = "/Tx", "/Sig"


class Impossible(Exception):
    """The file cannot take it; the argument is the code of the reason."""


def add(path: str, fields: Sequence[Mapping[str, Any]], fonts: Mapping[str, str]) -> dict[str, str]:
    """Put these fields in, all or none.

    A field has ``kind`` ("text", "signature"), ``name``, ``page``, ``box``; a text field ``size``,
    ``align``, ``font`` (a name in ``fonts``: base64 of a font of ours), ``covers``; a signature
    field the names that it ``locks``. Answers {"update": base64} or {"reason": code}.
    """
    try:
        return _updated(path, lambda writer: _add(writer, path, fields, fonts))
    except Impossible as error:
        return {"reason": str(error)}


def fill(path: str, values: Mapping[str, str]) -> dict[str, str]:
    """Write values into empty text fields, by name; also in "name_2", "name_3" ...

    Answers as ``add``. What the fields look like comes along, so that nobody has to draw it anew.
    """
    try:
        return _updated(path, lambda writer: _fill(writer, values))
    except Impossible as error:
        return {"reason": str(error)}


def _updated(path: str, change: Any) -> dict[str, str]:
    from pyhanko.pdf_utils.incremental_writer import (  # noqa: PLC0415 -- slow import
        IncrementalPdfFileWriter,
    )

    data = Path(path).read_bytes()
    # Strict reading refuses what Microsoft Word writes.
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    if writer.prev.encrypted:
        raise Impossible("encrypted")
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    written = out.getvalue()
    if not written.startswith(data):
        raise Impossible("broken")
    return {"update": base64.b64encode(written[len(data) :]).decode()}


# --- Adding.


def _add(
    writer: Any, path: str, fields: Sequence[Mapping[str, Any]], fonts: Mapping[str, str]
) -> None:
    if writer.prev.input_version < OLDEST:
        raise Impossible("old_version")
    if (verdict := examine(path)["verdict"]) != "unsigned":
        raise Impossible("broken" if verdict == "unreadable" else "signed")
    form = _form(writer)
    if get(form, "/XFA") is not None:
        raise Impossible("xfa")
    if {name for name, _ in _listed(form)} & {field["name"] for field in fields}:
        raise Impossible("prepared")
    kept: dict[str, Any] = {}
    for field in fields:
        if field["kind"] == "text":
            _add_text(writer, form, field, fonts, kept)
    _add_signatures(writer, [field for field in fields if field["kind"] == "signature"])


def _form(writer: Any) -> Any:
    """The form of the file, made when there is none; nobody is asked to draw it anew."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name = generic.pdf_name
    root = writer.root
    form = get(root, "/AcroForm")
    if not isinstance(form, generic.DictionaryObject):
        form = generic.DictionaryObject()
        root[name("/AcroForm")] = writer.add_object(form)
        writer.update_root()
    if not isinstance(get(form, "/Fields"), generic.ArrayObject):
        form[name("/Fields")] = generic.ArrayObject()
    if "/NeedAppearances" in form:
        del form["/NeedAppearances"]
    writer.update_container(form)
    return form


def _listed(form: Any) -> list[tuple[str, Any]]:
    """The fields at the top, by name; ours have no kids."""
    return [
        (str(get(node, "/T") or ""), node) for node in map(resolve, array(get(form, "/Fields")))
    ]


def _add_text(
    writer: Any, form: Any, field: Mapping[str, Any], fonts: Mapping[str, str], kept: dict[str, Any]
) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name, number = generic.pdf_name, generic.NumberObject
    key = field["font"]
    if key not in kept:
        kept[key] = _add_font(writer, base64.b64decode(fonts[key]))
        _own(writer, _own(writer, form, "/DR"), "/Font")[name(f"/{key}")] = kept[key]
    left, low, right, high = field["box"]
    page = _page(writer, field["page"])
    look = {name("/BG"): generic.ArrayObject([number(1)])} if field.get("covers") else {}
    made = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/Widget"),
            name("/FT"): name(_TEXT),
            name("/T"): generic.pdf_string(field["name"]),
            name("/V"): generic.pdf_string(""),
            name("/Q"): number(field["align"]),
            name("/DA"): generic.pdf_string(f"0 g /{key} {field['size']:g} Tf"),
            name("/F"): number(_PRINTED),
            name("/P"): page,
            name("/Rect"): generic.ArrayObject(
                [generic.FloatObject(f"{side:.2f}") for side in (left, low, right, high)]
            ),
            name("/MK"): generic.DictionaryObject(look),
        }
    )
    made[name("/AP")] = _appearance(writer, b"", right - left, high - low)
    reference = writer.add_object(made)
    form["/Fields"].append(reference)
    writer.update_container(form["/Fields"])
    writer.register_annotation(page, reference)


def _page(writer: Any, number: int) -> Any:
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 -- slow import

    try:
        return writer.find_page_for_modification(number)[0]
    except (PdfError, IndexError) as error:
        raise Impossible("no_page") from error


def _own(writer: Any, holder: Any, key: str) -> Any:
    """A dictionary in a dictionary, made when there is none."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    if not isinstance(get(holder, key), generic.DictionaryObject):
        holder[generic.pdf_name(key)] = generic.DictionaryObject()
        writer.update_container(holder)
    found = holder[key]
    writer.update_container(found)
    return found


def _add_font(writer: Any, program: bytes) -> Any:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name, number = generic.pdf_name, generic.NumberObject
    font = font_of(program)
    stream = generic.StreamObject({name("/Length1"): number(len(program))}, stream_data=program)
    stream.compress()
    descriptor = generic.DictionaryObject(
        {
            name("/Type"): name("/FontDescriptor"),
            name("/FontName"): name(f"/{font.name}"),
            name("/Flags"): number(32),
            name("/FontBBox"): generic.ArrayObject(map(number, font.box)),
            name("/ItalicAngle"): generic.FloatObject(font.angle),
            name("/Ascent"): number(font.ascent),
            name("/Descent"): number(font.descent),
            name("/CapHeight"): number(font.ascent),
            name("/StemV"): number(80),
            name("/FontFile2"): writer.add_object(stream),
        }
    )
    return writer.add_object(
        generic.DictionaryObject(
            {
                name("/Type"): name("/Font"),
                name("/Subtype"): name("/TrueType"),
                name("/BaseFont"): name(f"/{font.name}"),
                name("/Encoding"): name("/WinAnsiEncoding"),
                name("/FirstChar"): number(32),
                name("/LastChar"): number(126),
                name("/Widths"): generic.ArrayObject(map(number, font.widths)),
                name("/FontDescriptor"): writer.add_object(descriptor),
            }
        )
    )


def _add_signatures(writer: Any, fields: Sequence[Mapping[str, Any]]) -> None:
    from pyhanko.sign.fields import (  # noqa: PLC0415 -- slow import
        FieldMDPAction,
        FieldMDPSpec,
        SigFieldSpec,
        append_signature_field,
    )

    for field in fields:
        _page(writer, field["page"])
        locks = FieldMDPSpec(FieldMDPAction.INCLUDE, list(field["locks"]))
        append_signature_field(
            writer,
            SigFieldSpec(
                sig_field_name=field["name"],
                on_page=field["page"],
                box=tuple(field["box"]),
                field_mdp_spec=locks if field["locks"] else None,
            ),
        )


# --- Filling.


def _fill(writer: Any, values: Mapping[str, str]) -> None:
    form = get(writer.root, "/AcroForm")
    filled = set()
    for name, field in _listed(form):
        key = name.rstrip("0123456789").rstrip("_") if name not in values else name
        if key not in values or get(field, "/FT") != _TEXT:
            continue
        if str(get(field, "/V") or ""):
            raise Impossible("filled")
        _write(writer, form, field, values[key])
        filled.add(key)
    if filled != set(values):
        raise Impossible("no_field")


def _write(writer: Any, form: Any, field: Any, value: str) -> None:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    if not set(value) <= set(LETTERS):
        raise Impossible("letters")
    name = generic.pdf_name
    key, whole = str(field["/DA"]).split("/")[1].split()[:2]
    font = form["/DR"]["/Font"].raw_get(f"/{key}")
    left, low, right, high = (float(side) for side in field["/Rect"])
    taken = sum(float(resolve(font)["/Widths"][ord(letter) - 32]) for letter in value) / 1000
    # A number that is too long for its place is written smaller.
    size = min(float(whole), (right - left) / max(taken, 0.1))
    start = (right - left - taken * size) * int(field["/Q"]) / 2
    paper = b""
    if get(get(field, "/MK"), "/BG") is not None:
        paper = b"1 g 0 0 %.2f %.2f re f " % (right - left, high - low)
    line = float(whole) * BASELINE
    words = b"%sBT 0 g /%s %.2f Tf %.2f %.2f Td (%s) Tj ET" % (
        *(paper, key.encode(), size, start, line),
        value.encode("ascii"),
    )
    field[name("/V")] = generic.pdf_string(value)
    shown = _appearance(writer, words, right - left, high - low)
    own = generic.DictionaryObject({name(f"/{key}"): font})
    resources = generic.DictionaryObject({name("/Font"): own})
    shown["/N"][name("/Resources")] = resources
    field[name("/AP")] = shown
    writer.update_container(field)


def _appearance(writer: Any, content: bytes, width: float, height: float) -> Any:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name = generic.pdf_name
    box = [generic.FloatObject(f"{side:.2f}") for side in (0, 0, width, height)]
    look = generic.StreamObject(
        {
            name("/Type"): name("/XObject"),
            name("/Subtype"): name("/Form"),
            name("/BBox"): generic.ArrayObject(box),
        },
        stream_data=content,
    )
    return generic.DictionaryObject({name("/N"): writer.add_object(look)})
