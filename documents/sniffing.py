"""What a file is by its content; its name and what the sender's browser says of it do not count."""

from pathlib import Path

HEAD = 4096
TAIL = 66_000  # the end of a zip: its directory, with the longest comment that the format allows
PDF_HEADER_WITHIN = 1024

EXECUTABLE = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",  # Mach-O for several processors, and Java classes
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut starts a program too
)
SCANNED = {
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "tiff": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
}
SCANS = frozenset(SCANNED)  # pictures that become a PDF
# Pictures that do not: GIF, JPEG 2000, Photoshop; see _is_picture for the others.
PICTURE = (b"GIF87a", b"GIF89a", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"8BPS")
HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def sniff(path: str | Path) -> str:
    """The kind of a file: pdf, jpeg, png, tiff, image (any other), office, zip, html, ..."""
    with Path(path).open("rb") as file:
        head = file.read(HEAD)
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        tail = file.read(TAIL) if head.startswith(ZIP) else b""
    if not head:
        return "empty"
    # A program or an archive may carry a PDF header too: what stands first decides.
    if head.startswith(EXECUTABLE):
        return "executable"
    if head.startswith(ZIP):
        return "office" if any(part in head or part in tail for part in OFFICE_PARTS) else "zip"
    if head.startswith(OLE):
        return "office"
    # A picture that holds a PDF header is one all the same: the child that binds it looks closer.
    for kind, starts in SCANNED.items():
        if head.startswith(starts):
            return kind
    if _is_picture(head):
        return "image"
    if b"%PDF-" in head[: PDF_HEADER_WITHIN + len(b"%PDF-")]:
        return "pdf"
    text = head.removeprefix(BYTE_ORDER_MARK).lstrip().lower()
    if text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!")) and b"<svg" in text):
        return "image"
    return "html" if text.startswith(HTML) else "other"


def _is_picture(head: bytes) -> bool:
    return (
        head.startswith(PICTURE)
        or (head.startswith(b"BM") and head[6:10] == bytes(4))
        or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in HEIF)
    )
