"""What every story types and scans."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from incoming.models import IncomingDocument
from tests.stories.visitor import Visitor

SUBJECT = "Khắc phục sạt lở bờ kè sông Đăk Bla và bảo đảm an toàn giao thông"


def written(**changes):
    """What the clerk types from the paper."""
    today = clock.today()
    return {
        "type_name": "Công văn",
        "code_number": "4127",
        "code_notation": "UBND-HTKT",
        "issued_date": (today - timedelta(days=2)).strftime("%d/%m/%Y"),
        "organ_name": "UBND tỉnh Kon Tum",
        "subject": SUBJECT,
        "signer_position": "Phó Chủ tịch",
        "signer_full_name": "Lê Hoàng Sơn",
        **changes,
    }


def scanned(pdf: bytes, name: str = "quet-001.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf, content_type="application/pdf")


def registered(clerk: Visitor, pdf: bytes, **changes) -> str:
    """A letter in the book, entered with its scan; the address of its page in the agency."""
    clerk.open("incoming/register/?new")
    clerk.press("Lưu và nhập tiếp", files=scanned(pdf), **written(**changes))
    assert clerk.status == 200, clerk.text
    return f"incoming/{IncomingDocument.objects.latest('pk').pk}/"


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).strftime("%d/%m/%Y")
