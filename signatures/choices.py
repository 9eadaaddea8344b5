"""Where a key lies, and what a signature is for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

WRONG_PINS = 3  # in a row, then the key is locked
# Letters; what a key was kept with can be typed wherever one signs.
LONGEST_PIN = 128


class BackEnd(models.TextChoices):
    """Where the private key is, and so who signs with it."""

    PKCS12 = "pkcs12", _("Tệp PKCS#12 giữ trên máy chủ")
    PKCS11 = "pkcs11", _("Thiết bị PKCS#11 của máy chủ")
    PLUGIN = "plugin", _("Thiết bị của người ký, qua phần mềm ký số")
    ELSEWHERE = "elsewhere", _("Ký bằng phần mềm khác rồi tải lên")


# Here the key is within our reach; elsewhere there is a certificate only.
OURS = (BackEnd.PKCS12, BackEnd.PKCS11)


class Form(models.TextChoices):
    """What a signature of an agency shows, by the rules that the agency works under."""

    DECREE = "nd-30-2020", _("Nghị định 30/2020/NĐ-CP")
    CIRCULAR = "tt-01-2019", _("Thông tư 01/2019/TT-BNV")


class Copy(models.TextChoices):
    """The form of a copy (NĐ 30 Điều 25)."""

    WHOLE = "SAO Y", _("Sao y")
    AGAIN = "SAO LỤC", _("Sao lục")
    PART = "TRÍCH SAO", _("Trích sao")


class Purpose(models.TextChoices):
    """What a file goes out for."""

    SIGN = "sign", _("Ký duyệt")
    SEAL = "seal", _("Ký số của cơ quan")
    APPENDIX = "appendix", _("Ký phụ lục")
    COPY = "copy", _("Ký bản sao")
    SCAN = "scan", _("Ký bản số hóa")


# What the program on the person's machine is asked to do (VGCA Sign Service).
OPERATIONS = {
    Purpose.SIGN: "SignApproved",
    Purpose.SEAL: "SignIssued",
    Purpose.APPENDIX: "SignAppendix",
    Purpose.COPY: "SignCopy",
    Purpose.SCAN: "SignIncome",
}


class Way(models.TextChoices):
    """How a signed file came back."""

    PLUGIN = "plugin", _("Qua phần mềm ký số trên máy")
    ELSEWHERE = "elsewhere", _("Ký ở nơi khác rồi tải lên")
