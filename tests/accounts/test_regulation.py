"""Regulations as data: every value, its article, and that the code really asks for it."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts import account_names, regulation
from accounts.choices import TITLES
from documents import catalogue
from incoming import guide

ROOT = Path(__file__).resolve().parents[2]
KON_TUM = "Quy chế ban hành kèm theo Quyết định 04/2017/QĐ-UBND"
ND30 = "Nghị định 30/2020/NĐ-CP"
FIVE = ("bac-giang-2014", "binh-dinh-2016", "can-tho-2019", "kon-tum-2017", "son-la-2014")


@pytest.fixture
def kon_tum():
    return regulation.load("kon-tum-2017")


@pytest.fixture
def nd30():
    return regulation.load("nd-30-2020")


def test_names_and_choices():
    ours = {path.stem for path in regulation.FOLDER.glob("*.toml")}
    assert ours == {*FIVE, "nd-30-2020"}
    assert ours <= set(regulation.names())
    titles = dict(regulation.choices())
    assert titles["kon-tum-2017"] == f"{KON_TUM}, Ủy ban nhân dân thành phố Kon Tum"
    assert titles["nd-30-2020"] == f"{ND30}, Chính phủ"
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
        ("account_order", "initials_first", "khoản 2 Điều 7"),
        ("daily_visits", 1, "khoản 5 Điều 11"),
        ("delegate_chief", "deputy", "khoản 1 Điều 13"),
        ("assign", True, "khoản 2 Điều 20"),
        ("dossier_assign", True, "khoản 2 Điều 20"),
        ("task_assign", True, "khoản 2 Điều 20"),
        ("progress", True, "khoản 1 Điều 21"),
        ("titles.office_chief", "Chánh Văn phòng", "khoản 1 Điều 13"),
        ("titles.member.leader", "lãnh đạo cơ quan", "điểm a khoản 1 Điều 16"),
        ("deadline_in_document", True, "điểm a khoản 6 Điều 11"),
        ("urgent_first", True, "điểm b khoản 6 Điều 11"),
        ("extension_decider", "leader", "điểm c khoản 6 Điều 11"),
        ("directive_binding", True, "khoản 2 Điều 20"),
        ("submission_receiver", "office_chief", "khoản 1 Điều 13"),
        ("distributor", "office_chief", "khoản 2 Điều 13"),
        ("proposer", "office_chief", "khoản 2 Điều 13"),
        ("decider", "leader", "khoản 2 Điều 13"),
        ("direction_returns_to", "office_chief", "khoản 3 Điều 13"),
        ("scan_pages", 15, "khoản 4 Điều 13"),
        ("clerk_forwards", True, "khoản 6 Điều 13"),
        ("paper_receipt", True, "khoản 3 Điều 13"),
        ("return_to", "office_chief", "điểm a khoản 7 Điều 13"),
        ("return_reason", True, "điểm a khoản 7 Điều 13"),
        ("opinion", True, "điểm b khoản 7 Điều 13"),
        ("finish", True, "điểm c khoản 7 Điều 13"),
        ("share", True, "điểm c khoản 7 Điều 13"),
        ("submission_receiver_member", "leader", "điểm a khoản 1 Điều 16"),
        ("distributor_member", "leader", "điểm b khoản 1 Điều 16"),
        ("review.content", "unit_head", "khoản 1 Điều 12"),
        ("review.appraisal", "office_chief", "khoản 2 Điều 12"),
        ("review.member.approval", "leader", "điểm a khoản 2 Điều 16"),
        ("review.member.clerk", "clerk", "khoản 1 Điều 17"),
        ("appraised_first", True, "khoản 2 Điều 12"),
        ("draft_returns_to", "office_chief", "khoản 2 Điều 14"),
        ("leader_edits", True, "khoản 5 Điều 14"),
        ("spelling_check", True, "khoản 1 Điều 17"),
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
        ("urge", True, "khoản 1 Điều 24"),
        ("watcher", True, "khoản 1 Điều 24"),
        ("catalogue_approver", "leader", "Điều 28"),
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
    assert nd30.article("review.content") == f"khoản 1 Điều 12 {ND30}"
    assert nd30.article("review.format") == f"khoản 2 Điều 12 {ND30}"
    assert nd30.send_by.value == "next_day"
    assert nd30.send_by.article == f"khoản 1 Điều 18 {ND30}"
    assert nd30.recall_cancels.article == f"điểm b khoản 4 Điều 18 {ND30}"
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


@pytest.mark.parametrize(
    ("name", "member", "steps"),
    [
        ("kon-tum-2017", False, {"content": "unit_head", "appraisal": "office_chief"}),
        ("kon-tum-2017", True, {"approval": "leader", "clerk": "clerk"}),
        ("bac-giang-2014", False, {"content": "unit_head", "format": "office_chief"}),
        ("bac-giang-2014", True, {"content": "unit_head", "format": "office_chief"}),
        ("binh-dinh-2016", False, {"content": "unit_head", "format": "office_chief"}),
        (
            "can-tho-2019",
            False,
            {"content": "unit_head", "format": "office_chief", "clerk": "clerk"},
        ),
        ("son-la-2014", False, {"content": "unit_head", "format": "office_chief"}),
        ("nd-30-2020", False, {"content": "unit_head", "format": "office_chief"}),
    ],
)
def test_the_steps_of_a_draft_in_their_order(name, member, steps):
    """Kon Tum Điều 12, 16.2a, 17.1, Bắc Giang Điều 7.1,
    Cần Thơ Điều 9.3–9.5; Sơn La and Bình Định say nothing of them: NĐ 30/2020 Điều 12."""
    found = regulation.load(name).reviewing(member=member)
    assert list(found.items()) == [(step, found[step]) for step in steps]
    assert {step: one.value for step, one in found.items()} == steps


def test_a_step_that_is_kept_from_the_decree_keeps_its_article():
    """Bắc Giang Điều 7 says nothing of the form before the signature: NĐ 30/2020 Điều 12.2 does."""
    steps = regulation.load("bac-giang-2014").reviewing(member=False)
    assert steps["content"].article.startswith("khoản 1 Điều 7")
    assert steps["format"].article == f"khoản 2 Điều 12 {ND30}"


def test_what_kon_tum_says_of_the_city_is_not_said_of_a_ward(kon_tum):
    """Kon Tum Điều 14.2, 14.5 of the city; Điều 17.1 of the agencies below it."""
    assert kon_tum.drafts_return(member=False).value == "office_chief"
    assert kon_tum.drafts_return(member=True) is None
    assert kon_tum.edited_by_leaders(member=False).article.startswith("khoản 5 Điều 14")
    assert kon_tum.edited_by_leaders(member=True) is None
    assert kon_tum.spelling_checked(member=True).article.startswith("khoản 1 Điều 17")
    assert kon_tum.spelling_checked(member=False) is None


def test_a_value_cannot_be_changed(kon_tum):
    with pytest.raises(AttributeError):
        kon_tum.scan_pages = None
    with pytest.raises(TypeError):
        kon_tum.gate["petitions"] = None


def test_fields_to_type_are_national_fields(kon_tum, nd30):
    for each in (kon_tum, nd30):
        assert all(catalogue.field(name) for name in each.register_fields.value)
    can_tho = regulation.load("can-tho-2019").draft_fields.value
    assert [catalogue.field(name).name for name in can_tho] == list(can_tho)


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
        (
            "[review]\nlook = { value = 'clerk', article = { article = 1 } }",
            "unknown key review.look",
        ),
        (
            "[review]\nclerk = { value = 'boss', article = { article = 1 } }",
            "review.clerk may not be 'boss'",
        ),
        ("[review]\nclerk = 'clerk'", "must be {value, article}"),
        (
            "[rules]\ndraft_returns_to = { value = 'x', article = { article = 1 } }",
            "may not be 'x'",
        ),
        ("[rules]\nspelling_check = { value = 1, article = { article = 1 } }", "of kind bool"),
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
    monkeypatch.setattr(settings, "REGULATIONS_FOLDER", "")
    regulation._files.cache_clear()
    regulation.load.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match=r"wrong\.toml") as caught:
            regulation.load_all()
        assert reason in str(caught.value)
    finally:
        monkeypatch.undo()
        regulation._files.cache_clear()
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
    "delegate_head": "delegate",
    "delegate_chief": "delegate",
    "draft_returns_to": "drafts_return",
    "leader_edits": "edited_by_leaders",
    "spelling_check": "spelling_checked",
    "collect_notice": "collecting",
}


# Tables that are read as a whole, and what reads them.
WHOLE = {"gate": "gate", "titles": "title", "review": "reviewing"}


OF_DRAFTS = {
    "drafts_paperless",
    "draft_fields",
    "draft_returns_to",
    "appraised_first",
    "leader_edits",
    "paper_approval",
    "spelling_check",
}


def test_every_key_has_a_reader():
    apps = ["accounts", "documents", "dossiers", "signatures", "notifications", "incoming"]
    apps += ["outgoing", "exchange", "reports", "edocman"]
    sources = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    sources += (ROOT / "templates").rglob("*.html")
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in sources if path.name != "regulation.py"
    )
    # Asked of something called regulation, or by its quoted name; the gate is read as a whole.
    asked = set(re.findall(r"regulation\.([a-z_]+)\b", code))
    asked |= set(re.findall(r'\.(?:value|article|provision)\("([a-z_]+)"\)', code))
    # The guide says every policy in words; those that no verb needs yet are read there.
    # New keys of drafts are held to more: the guide alone does not count.
    asked |= set(guide.POLICIES) - OF_DRAFTS
    asked |= set(re.findall(r"\b(title)_of\(", code))
    asked |= set(re.findall(r'article_of\(actor, "([a-z_]+)"\)', code))
    declared = regulation.keys()
    unread = {
        key for key in declared if THROUGH.get(key, WHOLE.get(key.split(".")[0], key)) not in asked
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


def test_copies_of_what_came_in(kon_tum):
    """Kon Tum Điều 15.3: the clerk enters copies and issues them."""
    rule = kon_tum.copies_issued
    assert rule.value is True
    assert "khoản 3 Điều 15" in rule.article


BAC_GIANG = "Quy chế ban hành kèm theo Quyết định 04/2014/QĐ-UBND"
SON_LA = "Quy chế ban hành kèm theo Quyết định 31/2014/QĐ-UBND"
BINH_DINH = "Quy chế ban hành kèm theo Quyết định 131/QĐ-SXD"
CAN_THO = "Quy chế ban hành kèm theo Quyết định 1637/QĐ-UBND"


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("gate.one_stop", None, "khoản 3 Điều 3"),
        ("gate.petitions", "Đơn thư kiến nghị, khiếu nại, tố cáo", "khoản 2 Điều 3"),
        ("gate.state_secrets", None, "khoản 1 Điều 3"),
        ("reception_check", True, "khoản 1 Điều 5"),
        ("submission_receiver", "office_chief", "khoản 2 Điều 5"),
        ("distributor", "office_chief", "khoản 2 Điều 5"),
        ("proposer", "office_chief", "khoản 2 Điều 5"),
        ("decider", "leader", "khoản 2 Điều 5"),
        ("leader_gives_out", True, "khoản 1 Điều 6"),
        ("submission_receiver_member", "leader", "điểm a khoản 3 Điều 5"),
        ("distributor_member", "leader", "điểm a khoản 3 Điều 5"),
        ("assign", True, "điểm a khoản 3 Điều 5"),
        ("return_to", "clerk", "điểm b khoản 3 Điều 5"),
        ("delegate_head", "deputy", "điểm d khoản 3 Điều 5"),
        ("deputy_assigns", True, "điểm a khoản 4 Điều 5"),
        ("urge", True, "điểm c khoản 3 Điều 5"),
        ("deputy_follows", True, "điểm b khoản 4 Điều 5"),
        ("watcher", True, "điểm b khoản 1 Điều 11"),
        ("review.content", "unit_head", "khoản 1 Điều 7"),
        ("backlog_watcher", "office_chief", "điểm b khoản 2 Điều 11"),
        ("dossier_assign", True, "khoản 2 Điều 6"),
        ("dossier_return", True, "điểm b khoản 3 Điều 5"),
        ("dossier_coordinators", True, "khoản 2 Điều 6"),
        ("dossier_opener", "office", "khoản 1 Điều 6"),
        ("dossier_result", True, "khoản 2 Điều 6"),
        ("dossier_closer", "leader", "khoản 3 Điều 6"),
        ("first_password_change", True, "khoản 2 Điều 10"),
        ("titles.leader", "Chủ tịch UBND thành phố", "khoản 2 Điều 5"),
        ("titles.member.leader", "Chủ tịch UBND phường, xã", "khoản 3 Điều 5"),
    ],
)
def test_bac_giang_says(key, value, place):
    """Bắc Giang Điều 3, 5, 6, 7, 10, 11."""
    said = regulation.load("bac-giang-2014")
    assert said.article(key) == f"{place} {BAC_GIANG}"
    assert value is None or said.value(key) == value


def test_the_chair_of_bac_giang_may_give_out_himself_as_its_words_say():
    """Bắc Giang Điều 6.1: the chair or the chief; Điều 5.2 gives distributing to the chief."""
    text = (regulation.FOLDER / "bac-giang-2014.txt").read_text()
    sixth = text[text.index("Điều 6. Lập và xử lý hồ sơ công việc") :]
    first = sixth[: sixth.index("2. Xử lý hồ sơ")]
    assert (
        "Chủ tịch UBND thành phố hoặc Chánh Văn phòng HĐND-UBND thành phố lập hồ sơ giao cho phòng,"
        " đơn vị hoặc cán bộ xử lý văn bản đến." in first
    )
    others = {one for one in FIVE if regulation.load(one).leader_gives_out is not None}
    assert others == {"bac-giang-2014"}


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("gate.state_secrets", None, "khoản 2 Điều 3"),
        ("gate.petitions", "Đơn thư tranh chấp, khiếu nại, tố cáo", "khoản 2 Điều 3"),
        ("gate.harmful", None, "khoản 2 Điều 3"),
        ("paperless_kinds", None, "khoản 3 Điều 3"),
        ("agency_path", "joined", "khoản 1 Điều 7"),
        ("account_form", "{username}", "khoản 2 Điều 7"),
        ("account_order", "given_first", "khoản 2 Điều 7"),
        ("first_password_change", True, "khoản 2 Điều 9"),
        ("print_register", True, "khoản 3 Điều 9"),
        ("drafts_paperless", True, "khoản 3 Điều 3"),
        ("electronic_beside_paper", True, "khoản 1 Điều 8"),
    ],
)
def test_son_la_says(key, value, place):
    """Sơn La Điều 3, 7, 8, 9."""
    said = regulation.load("son-la-2014")
    assert said.article(key) == f"{place} {SON_LA}"
    assert value is None or said.value(key) == value


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("gate.state_secrets", None, "khoản 2 Điều 3"),
        ("gate.security_defence", None, "khoản 1 Điều 7 Chương II"),
        ("field_numbering", "tt01", "khoản 1 Điều 3"),
        ("charset", "TCVN 6909:2001", "khoản 3 Điều 7 Chương II"),
        ("distributor", "leader", "khoản 1 Điều 7 Chương III"),
        ("reception_check", True, "khoản 1 Điều 9"),
        ("submission_receiver", "leader", "khoản 1 Điều 9"),
        ("submission_receiver_member", "leader", "khoản 1 Điều 9"),
        ("rounds", ("09:00", "15:00"), "khoản 1 Điều 9"),
        ("urgent_at_once", True, "khoản 1 Điều 9"),
        ("assign", True, "khoản 1 Điều 10 Chương III"),
        ("dossier_assign", True, "khoản 1 Điều 10 Chương III"),
        ("task_assign", True, "khoản 1 Điều 10 Chương III"),
        ("urge", True, "khoản 1 Điều 10 Chương III"),
        ("backlog_watcher", "office_chief", "khoản 3 Điều 8"),
        ("daily_visits", 2, "khoản 2 Điều 10 Chương III"),
        ("progress", True, "khoản 2 Điều 10 Chương III"),
        ("first_password_change", True, "khoản 3 Điều 10 Chương III"),
        ("paper_approval", True, "khoản 2 Điều 9"),
        ("exchange_with", "parent", "khoản 2 Điều 9"),
        ("titles.leader", "Giám đốc Sở", "khoản 1 Điều 9"),
        ("titles.member.leader", "Giám đốc đơn vị", "khoản 1 Điều 9"),
    ],
)
def test_binh_dinh_says(key, value, place):
    """Bình Định Điều 3, 8, 9, Bình Định chương II Điều 7, Bình Định chương III Điều 7, 10."""
    said = regulation.load("binh-dinh-2016")
    assert said.article(key) == f"{place} {BINH_DINH}"
    assert value is None or said.value(key) == value


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("gate.state_secrets", None, "khoản 4 Điều 1"),
        ("signed_kinds_issuer", ("Quy định", "Chỉ thị"), "khoản 3 Điều 3"),
        (
            "signed_kinds",
            (
                "Quyết định",
                "Tờ trình",
                "Công văn",
                "Báo cáo",
                "Kế hoạch",
                "Thông báo",
                "Hướng dẫn",
                "Giấy mời",
                "Phiếu gửi",
                "Phiếu chuyển",
                "Đề án",
                "Dự án",
            ),
            "khoản 3 Điều 3",
        ),
        ("arrival_numbers", "year", "khoản 3 Điều 4"),
        ("send_by", "next_morning", "khoản 5 Điều 4"),
        ("reception_check", True, "khoản 1 Điều 5"),
        ("recall_cancels", True, "khoản 2 Điều 5"),
        ("recall_notice", True, "điểm b khoản 1 Điều 10"),
        ("field_numbering", "tt01", "điểm a khoản 1 Điều 6"),
        ("register_fields", None, "điểm a khoản 1 Điều 6"),
        ("submission_receiver", "leader", "khoản 1 Điều 7"),
        ("distributor", "leader", "khoản 2 Điều 7"),
        ("lead_required", True, "khoản 2 Điều 7"),
        ("shared_work_terms", True, "khoản 2 Điều 7"),
        ("assign", True, "khoản 1 Điều 8"),
        ("catalogue_addition", True, "khoản 1 Điều 13"),
        ("dossier_notation", True, "khoản 2 Điều 8"),
        ("dossier_opener", "handler", "khoản 1 Điều 13"),
        ("dossier_closer", "handler", "khoản 4 Điều 13"),
        ("review.content", "unit_head", "khoản 3 Điều 9"),
        ("review.format", "office_chief", "khoản 4 Điều 9"),
        ("review.clerk", "clerk", "khoản 5 Điều 9"),
        (
            "draft_fields",
            ("type_name", "subject", "language", "description", "priority", "due_date"),
            "điểm b khoản 2 Điều 9",
        ),
    ],
)
def test_can_tho_says(key, value, place):
    """Cần Thơ Điều 1, 3, 4, 5, 6, 7, 8, 9, 10, 13."""
    said = regulation.load("can-tho-2019")
    assert said.article(key) == f"{place} {CAN_THO}"
    assert value is None or said.value(key) == value


@pytest.mark.parametrize("name", FIVE)
def test_every_article_that_is_quoted_exists(name):
    """Bắc Giang, Bình Định, Cần Thơ, Kon Tum and Sơn La: the number stands in the text itself."""
    said = regulation.load(name)
    text = (regulation.FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    everything = regulation.keys()
    keys = [key for key in everything if _has(said, key)]
    quoted = {said.article(key) for key in keys if said.article(key).endswith(said.decision.title)}
    assert quoted
    for citation in quoted:
        number = re.search(r"Điều (\d+)", citation)
        assert number
        assert re.search(rf"^Điều {number[1]}\.", text, re.MULTILINE), citation


def _has(said: regulation.Regulation, key: str) -> bool:
    try:
        return bool(said.provision(key))
    except KeyError:
        return False


def test_titles_have_their_english():
    """What a regulation calls a role is said in the reader's language."""
    for name in FIVE:
        for title in regulation.load(name).titles.values():
            assert title.value in TITLES, title.value


OWN = """
extends = "son-la-2014"
[decision]
kind = "Quyết định"
number = "9/QĐ-SGTVT"
name = "Thử"
date = 2020-01-01
place = "Sơn La"
issuer = "Sở Giao thông vận tải"
attached = "Quy chế"
"""


@pytest.fixture
def own_file(tmp_path, monkeypatch):
    """Writes a regulation of the office's own and answers it."""
    monkeypatch.setattr(settings, "REGULATIONS_FOLDER", str(tmp_path))

    def write(text: str, name: str = "own") -> regulation.Regulation:
        (tmp_path / f"{name}.toml").write_text(OWN + text, encoding="utf-8")
        regulation._files.cache_clear()
        regulation.load.cache_clear()
        return regulation.load(name)

    yield write
    monkeypatch.undo()
    regulation._files.cache_clear()
    regulation.load.cache_clear()


def test_an_office_narrows_and_adds_to_the_regulation_above(own_file):
    """Sơn La Điều 9.1, Cần Thơ Điều 19.3: an agency issues its own under the higher one."""
    own = own_file(
        "[gate]\none_stop = { value = 'Hồ sơ một cửa', article = { article = 4 } }\n"
        "[rules]\nsubmission_receiver = { value = 'office_chief', article = { article = 5 } }\n"
        "submit_days = { value = 0, article = { article = 6 } }\n"
    )
    title = "Quy chế ban hành kèm theo Quyết định 9/QĐ-SGTVT"
    assert own.submission_receiver.article == f"Điều 5 {title}"
    assert own.submit_days.value == 0
    assert set(own.gate) == {"state_secrets", "petitions", "harmful", "by_name", "one_stop"}
    assert own.gate["petitions"].article == f"khoản 2 Điều 3 {SON_LA}"
    assert own.account_form.article == f"khoản 2 Điều 7 {SON_LA}"
    assert own.register_days.article.endswith(ND30)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("submit_days = { value = 2, article = { article = 6 } }", "submit_days loosens"),
        ("print_register = { value = false, article = { article = 6 } }", "loosens khoản 3 Điều 9"),
        ("paperless_kinds = { value = ['Giấy mời'], article = { article = 6 } }", "loosens"),
        ("rounds = { value = ['9 giờ'], article = { article = 6 } }", "own.toml"),
    ],
)
def test_an_office_does_not_loosen_it(own_file, rule, reason):
    """Sơn La Điều 9.1."""
    with pytest.raises(ImproperlyConfigured, match=reason):
        own_file("[rules]\n" + rule)


def test_what_an_office_has_chosen_stands_apart_from_what_articles_say(own_file):
    """Bình Định Điều 9.1: minutes that no article gives, in the file, with their own bounds."""
    theirs = regulation.load("binh-dinh-2016").chosen
    assert (theirs.urgent_minutes, theirs.round_minutes) == (30, 15)
    own = own_file("[chosen]\nurgent_minutes = 10\n")
    assert (own.chosen.urgent_minutes, own.chosen.round_minutes) == (10, 15)
    assert own.rounds is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("urgent_minutes = 31", "loosens"),
        ("round_minutes = -1", "minutes from 0 to 240"),
        ("round_minutes = '5'", "minutes from 0 to 240"),
        ("round_minutes = true", "minutes from 0 to 240"),
        ("lunch_minutes = 5", "unknown key chosen.lunch_minutes"),
    ],
)
def test_a_figure_that_is_wrong_stops_the_start(own_file, line, reason):
    with pytest.raises(ImproperlyConfigured, match=reason):
        own_file(f"[chosen]\n{line}\n")


def test_an_office_has_its_own_way_of_drafts_and_keeps_the_steps_above(own_file, tmp_path):
    """Sơn La Điều 9.1, Cần Thơ Điều 19.3: steps may be added, those of the one above stay."""
    step = "{{ value = '{}', article = {{ article = 7 }} }}"
    clerk, head = step.format("clerk"), step.format("unit_head")
    own = own_file(f"[review]\nclerk = {clerk}\ncontent = {head}\n")
    # Sơn La names none: the decree's are those of agencies that say nothing themselves.
    assert list(own.reviewing(member=False)) == ["content", "clerk"]
    assert own_file("").reviewing(member=False)["format"].article == f"khoản 2 Điều 12 {ND30}"
    above = OWN.replace("son-la-2014", "can-tho-2019")
    for text, reason in (
        (f"[review]\nclerk = {clerk}\ncontent = {head}\n", "review.format loosens khoản 4"),
        ("[rules]\ndraft_fields = { value = ['subject'], article = { article = 7 } }", "loosens"),
    ):
        (tmp_path / "below.toml").write_text(above + text, encoding="utf-8")
        own_file("")  # the files are looked for anew
        with pytest.raises(ImproperlyConfigured, match=reason):
            regulation.load("below")


def test_an_own_file_may_not_take_the_name_of_ours(own_file):
    with pytest.raises(ImproperlyConfigured, match="kon-tum-2017"):
        own_file("", name="kon-tum-2017")


def test_an_account_of_son_la():
    """Sơn La Điều 7.2: Nguyễn Văn Chiến is chiennv."""
    assert account_names.personal("Nguyễn Văn Chiến", given_first=True) == "chiennv"
