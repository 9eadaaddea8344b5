"""Regulations as data: every value, its article, and that the code really asks for it."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts import account_names, regulation
from documents import catalogue
from incoming import guide

ROOT = Path(__file__).resolve().parents[2]
KON_TUM = "Quy chế ban hành kèm theo Quyết định 04/2017/QĐ-UBND"
ND30 = "Nghị định 30/2020/NĐ-CP"


@pytest.fixture
def kon_tum():
    return regulation.load("kon-tum-2017")


@pytest.fixture
def nd30():
    return regulation.load("nd-30-2020")


def test_names_and_choices():
    assert regulation.names() == ("kon-tum-2017", "nd-30-2020")
    assert dict(regulation.choices()) == {
        "kon-tum-2017": f"{KON_TUM}, Ủy ban nhân dân thành phố Kon Tum",
        "nd-30-2020": f"{ND30}, Chính phủ",
    }
    assert regulation.DEFAULT in regulation.names()


def test_decision_of_kon_tum_carries_the_right_number(kon_tum):
    assert kon_tum.decision.number == "04/2017/QĐ-UBND"
    assert kon_tum.decision.date == date(2017, 2, 3)


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("gate.state_secrets", "Văn bản mật, tối mật, tuyệt mật", "khoản 1 Điều 4"),
        ("gate.petitions", "Đơn thư khiếu nại, tố cáo", "khoản 2 Điều 4"),
        ("gate.by_name", "Văn bản gửi đích danh", "khoản 4 Điều 4"),
        ("charset", "TCVN 6909:2001", "khoản 1 Điều 3"),
        ("account_form", "{username}.tp@kontum.gov.vn", "khoản 2 Điều 7"),
        ("daily_login", True, "khoản 5 Điều 11"),
        ("deadline_in_document", True, "điểm a khoản 6 Điều 11"),
        ("urgent_first", True, "điểm b khoản 6 Điều 11"),
        ("extension_decider", "leader", "điểm c khoản 6 Điều 11"),
        ("submission_receiver", "office_chief", "khoản 1 Điều 13"),
        ("distributor", "office_chief", "khoản 2 Điều 13"),
        ("proposer", "office_chief", "khoản 2 Điều 13"),
        ("decider", "leader", "khoản 2 Điều 13"),
        ("direction_returns_to", "office_chief", "khoản 3 Điều 13"),
        ("scan_pages", 15, "khoản 4 Điều 13"),
        ("return_to", "office_chief", "điểm a khoản 7 Điều 13"),
        ("return_reason", True, "điểm a khoản 7 Điều 13"),
        ("opinion", True, "điểm b khoản 7 Điều 13"),
        ("finish", True, "điểm c khoản 7 Điều 13"),
        ("share", True, "điểm c khoản 7 Điều 13"),
        ("submission_receiver_member", "leader", "điểm a khoản 1 Điều 16"),
        ("distributor_member", "leader", "điểm b khoản 1 Điều 16"),
        ("first_password_change", True, "khoản 3 Điều 21"),
    ],
)
def test_kon_tum_says(kon_tum, key, value, place):
    assert (kon_tum.value(key), kon_tum.article(key)) == (value, f"{place} {KON_TUM}")


def test_kon_tum_forbids_papers_on_petitions_until_they_may_be_published(kon_tum):
    assert kon_tum.gate["petition_papers"].article == f"khoản 3 Điều 4 {KON_TUM}"
    assert "chưa có ý kiến của người có thẩm quyền" in kon_tum.gate["petition_papers"].value


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("field_numbering", "nd30", "phần II Phụ lục VI"),
        ("register_days", 1, "điểm c khoản 2 Điều 4"),
        ("urgent_at_once", True, "điểm c khoản 2 Điều 4"),
        ("submit_days", 1, "khoản 1 Điều 23"),
        ("lead_required", True, "khoản 2 Điều 23"),
        ("arrival_numbers", "year", "khoản 2 Điều 22"),
        ("print_register", True, "điểm b khoản 3 Điều 22"),
    ],
)
def test_the_decree_stands_beneath_kon_tum(kon_tum, nd30, key, value, place):
    for each in (kon_tum, nd30):
        assert (each.value(key), each.article(key)) == (value, f"{place} {ND30}")


def test_the_decree_says(nd30):
    assert nd30.article("gate.state_secrets") == f"khoản 4 Điều 22 {ND30}"
    assert nd30.article("gate.by_name") == f"điểm b khoản 1 Điều 21 {ND30}"
    assert set(nd30.gate) == {"state_secrets", "by_name"}
    assert nd30.submission_receiver.value == "leader"
    assert nd30.urgent_first.article == f"khoản 2 Điều 24 {ND30}"
    assert nd30.scan_pages is None
    with pytest.raises(KeyError):
        nd30.value("scan_pages")


def test_city_and_member_go_different_ways(kon_tum, nd30):
    assert kon_tum.receiver(member=False).value == "office_chief"
    assert kon_tum.receiver(member=True).value == "leader"
    assert kon_tum.distribution(member=True).article.startswith("điểm b khoản 1 Điều 16")
    assert kon_tum.returning(member=False).article.startswith("điểm a khoản 7 Điều 13")
    assert kon_tum.returning(member=True).value == "leader"
    assert nd30.returning(member=False).value == "leader"


def test_a_value_cannot_be_changed(kon_tum):
    with pytest.raises(AttributeError):
        kon_tum.scan_pages = None
    with pytest.raises(TypeError):
        kon_tum.gate["petitions"] = None


def test_fields_to_type_are_national_fields(kon_tum, nd30):
    for each in (kon_tum, nd30):
        assert all(catalogue.field(name) for name in each.register_fields.value)


DECISION = """
extends = "nd-30-2020"
[decision]
kind = "Quyết định"
number = "1/QĐ"
name = "Thử"
date = 2020-01-01
place = "X"
issuer = "X"
"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[rules]\nscan = { value = 1, article = { article = 1 } }", "unknown key rules.scan"),
        ("[gate]\nsecret = { value = 'x', article = { article = 1 } }", "unknown key gate.secret"),
        ("[other]\nx = 1", "unknown key other"),
        ("[rules]\nscan_pages = 15", "must be {value, article}"),
        ("[rules]\nscan_pages = { value = '15', article = { article = 1 } }", "of kind int"),
        ("[rules]\nscan_pages = { value = true, article = { article = 1 } }", "of kind int"),
        ("[rules]\nproposer = { value = 'boss', article = { article = 1 } }", "may not be 'boss'"),
        ("[rules]\nscan_pages = { value = 15, article = { clause = 1 } }", "needs an article"),
        ("[rules]\nscan_pages = { value = 15, article = { artikel = 1 } }", "artikel"),
        ("[rules]\nregister_days = { value = 3, article = { article = 1 } }", "loosens"),
        ("[rules]\nurgent_at_once = { value = false, article = { article = 1 } }", "loosens"),
        ("[rules]\nscan_pages = {", "Invalid"),
    ],
)
def test_a_wrong_file_stops_the_start(tmp_path, monkeypatch, text, reason):
    above = (regulation.FOLDER / "nd-30-2020.toml").read_text(encoding="utf-8")
    (tmp_path / "nd-30-2020.toml").write_text(above, encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(DECISION + text, encoding="utf-8")
    monkeypatch.setattr(regulation, "FOLDER", tmp_path)
    regulation.names.cache_clear()
    regulation.load.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match=r"wrong\.toml") as caught:
            regulation.load_all()
        assert reason in str(caught.value)
    finally:
        monkeypatch.undo()
        regulation.names.cache_clear()
        regulation.load.cache_clear()


def test_an_unknown_regulation_is_refused():
    with pytest.raises(ImproperlyConfigured):
        regulation.load("../secrets")


def test_asking_is_noted(kon_tum, monkeypatch):
    monkeypatch.setattr(regulation, "_read", set())
    assert {"scan_pages", "gate.petitions"} <= regulation.unread_keys()
    assert kon_tum.scan_pages.value == 15
    assert kon_tum.article("gate.petitions")
    assert not {"scan_pages", "gate.petitions"} & regulation.unread_keys()


# Asked for through a method of Regulation: the method's name stands for the key.
THROUGH = {
    "submission_receiver": "receiver",
    "submission_receiver_member": "receiver",
    "distributor": "distribution",
    "distributor_member": "distribution",
    "return_to": "returning",
}


def test_every_key_has_a_reader():
    apps = ["accounts", "documents", "notifications", "incoming", "reports", "edocman"]
    sources = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    sources += (ROOT / "templates").rglob("*.html")
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in sources if path.name != "regulation.py"
    )
    # Asked of something called regulation, or by its quoted name; the gate is read as a whole.
    asked = set(re.findall(r"regulation\.([a-z_]+)\b", code))
    asked |= set(re.findall(r'\.(?:value|article|provision)\("([a-z_]+)"\)', code))
    # The guide says every policy in words; those that no verb needs yet are read there.
    asked |= set(guide.POLICIES)
    declared = regulation.keys()
    unread = {
        key
        for key in declared
        if THROUGH.get(key, "gate" if key.startswith("gate.") else key) not in asked
    }
    assert unread == set()


@pytest.mark.parametrize(
    ("full_name", "account"),
    [
        ("Nguyễn Quốc Bảo", "nqbao"),
        ("Hoàng Thị Mỹ Linh", "htmlinh"),
        ("Đặng Ánh", "danh"),
        ("A Thiu", "athiu"),
        ("Y Hạnh", "yhanh"),
        ("Rơ Châm Lan", "rclan"),
        ("Ưng", "ung"),
    ],
)
def test_personal_account_of_article_7(full_name, account):
    assert account_names.personal(full_name) == account


def test_account_in_the_regulations_form(kon_tum):
    name = account_names.personal("Nguyễn Quốc Bảo")
    assert account_names.address(kon_tum.account_form.value, name) == "nqbao.tp@kontum.gov.vn"


def test_a_taken_account_gets_the_agency_behind_the_name():
    assert account_names.personal("Ngô Quang Bảo", "QLĐT", {"nqbao"}) == "nqbaoqldt"
    with pytest.raises(ValueError, match="taken"):
        account_names.personal("Ngô Quang Bảo", "QLĐT", {"nqbao", "nqbaoqldt"})
    with pytest.raises(ValueError, match="without a name"):
        account_names.personal(" ")


def test_account_of_a_post_and_of_a_small_agency():
    assert account_names.of_post("CT", "phường Thắng Lợi") == "ctphuongthangloi"
    assert account_names.of_post("TP", "QLĐT") == "tpqldt"
    assert account_names.together("Đội Thanh niên xung kích") == "doithanhnienxungkich"
