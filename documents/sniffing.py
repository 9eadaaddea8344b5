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
IMAGE = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg")
OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def sniff(path: str | Path) -> str:
    """The kind of a file: pdf, image, office, zip, html, executable, empty or other."""
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
    if b"%PDF-" in head[: PDF_HEADER_WITHIN + len(b"%PDF-")]:
        return "pdf"
    if head.startswith(IMAGE):
        return "image"
    if head.removeprefix(BYTE_ORDER_MARK).lstrip()[:32].lower().startswith(HTML):
        return "html"
    return "other"
