"""The help page tells what the rules do, in every state, for every role, under every regulation."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from accounts import regulation
from accounts.choices import Role
from core.errors import Refusal
from documents.models import DocumentAct
from incoming import actions, guide, presenting, rules, transitions
from incoming.choices import State, Verb
from incoming.models import IncomingDocument
from incoming.transitions import MOVES, Who
from tests import cast as play
from tests.cast import act_as
from tests.sent import recalled_here

pytestmark = pytest.mark.django_db

RULES = dict(presenting.VERBS) | {
    Verb.REGISTER: rules.may_register,
    Verb.REFUSE: rules.may_refuse,
    Verb.MERGE: rules.may_sort,
    Verb.SPLIT: rules.may_sort,
    Verb.FORWARD: rules.may_forward,
}
CITY = (
    "chair", "vice", "chief", "clerk", "archivist", "adviser", "admin", "head", "deputy",
    "specialist", "colleague", "finance_head", "accountant",
)  # fmt: skip
WARD = ("ward_chair", "ward_clerk", "ward_officer")


def in_every_state(cast, pdf) -> dict[State, tuple[IncomingDocument, SimpleNamespace]]:
    """A document in each state, who holds it, who heads a unit that holds it, and who was asked."""

    def held(asked=(), holders=(), heads=()):
        return SimpleNamespace(
            asked=set(asked), holders=set(holders), heads=set(heads), givers=set()
        )

    proposed = play.submitted(cast, pdf, code_number="3")
    actions.propose(act_as(cast.chief), proposed, cast.chair, text="Đề xuất.")
    refused = play.received(cast.clerk, pdf)
    actions.refuse(act_as(cast.clerk), refused, reason="not_ours")
    documents = {
        State.RECEIVED: (play.received(cast.clerk, pdf), held()),
        State.REFUSED: (refused, held()),
        State.REGISTERED: (play.registered(cast.clerk, pdf, code_number="1"), held()),
        State.SUBMITTED: (play.submitted(cast, pdf, code_number="2"), held()),
        State.PROPOSED: (proposed, held(asked=["chair"])),
        State.IN_PROCESS: (
            play.distributed(cast, pdf, code_number="4"),
            held(holders=["head", "finance_head"], heads=["head", "finance_head"]),
        ),
        State.FINISHED: (play.finished(cast, pdf, code_number="5"), held()),
        State.VOID: (play.purged(cast.chair, play.registered(cast.clerk, pdf)), held()),
    }
    return {
        state: (IncomingDocument.objects.get(pk=document.pk), who)
        for state, (document, who) in documents.items()
    }


def allowed(actor, name, verb, state, held) -> bool:
    """What the table says."""
    member = actor.agency.is_member
    moves = transitions.moves_from(state, actor.agency.regulation, member=member)
    for move in moves:
        if move.verb != verb or (move.when and verb != Verb.RECALL):
            continue  # what is only in a certain case is played by test_transitions
        if move.who == Who.READER:
            return True
        if move.who == Who.HEAD and name in held.heads:
            return True
        if move.who == Who.HOLDER and name in held.holders:
            return True
        if move.who in (Who.GIVER, Who.ASSIGNER) and name in held.givers:
            return True
        roles = transitions.roles_of(move.who, actor.agency.regulation, member=member)
        if actor.role in roles and (move.who != Who.ASKED or name in held.asked):
            return True
    return False


def test_the_table_is_what_the_rules_say(cast, pdf):
    """Kon Tum Điều 13.1–13.3, 13.7, 20.2, 21.1: every verb, every state, every role."""
    tried = 0
    for state, (document, held) in in_every_state(cast, pdf).items():
        assert document.state == state
        for name in CITY:
            actor = act_as(getattr(cast, name))
            document.__dict__.pop("all_assignments", None)
            for verb, rule in RULES.items():
                answer: Refusal | None = rule(actor, document)
                told = allowed(actor, name, verb, state, held)
                assert (answer is None) == told, (state, name, verb, answer)
                tried += 1
    assert tried == 8 * len(CITY) * len(RULES)


def test_the_table_is_what_the_rules_say_to_whoever_works_on_it(cast, pdf):
    """With the work given on, its head waits for his people."""
    document = IncomingDocument.objects.get(pk=play.assigned(cast, pdf).pk)
    held = SimpleNamespace(
        asked=set(),
        holders={"head", "finance_head", "specialist"},
        heads={"head", "finance_head"},
        givers={"head"},
    )
    for name in CITY:
        actor = act_as(getattr(cast, name))
        for verb, rule in RULES.items():
            if (name, verb) in {("head", Verb.FINISH), ("chief", Verb.RECALL)}:
                # Not before his specialist has; not once somebody has begun: a refusal with its
                # reason, not a right.
                assert rule(actor, document) is not None
                continue
            told = allowed(actor, name, verb, State.IN_PROCESS, held)
            assert (rule(actor, document) is None) == told, (name, verb)


def test_the_table_of_a_ward_is_what_the_rules_say_there(cast, pdf):
    """Kon Tum Điều 16.1: the clerk submits to the leader, who distributes; nothing is proposed."""
    clerk = act_as(cast.ward_clerk)
    documents = {
        State.RECEIVED: play.received(cast.ward_clerk, pdf),
        State.REGISTERED: play.registered(cast.ward_clerk, pdf, code_number="1"),
        State.SUBMITTED: actions.submit(
            clerk, play.registered(cast.ward_clerk, pdf, code_number="2")
        ),
    }
    nobody = SimpleNamespace(asked=set(), holders=set(), heads=set(), givers=set())
    for state, document in documents.items():
        for name in WARD:
            actor = act_as(getattr(cast, name))
            for verb, rule in RULES.items():
                told = allowed(actor, name, verb, state, nobody)
                assert (rule(actor, document) is None) == told, (state, name, verb)
    labels = {stop.code for stop in guide.way(clerk)}
    assert labels == {"received", "registered", "submitted", "in_process", "finished"}
    assert all(stop.branch is None for stop in guide.way(clerk) if stop.code == "submitted")


def test_each_verb_leads_where_the_table_says(cast, pdf):
    """Every act that is played goes from and to the states of the table."""
    in_every_state(cast, pdf)
    document = play.submitted(cast, pdf, code_number="21")
    actions.send_back(act_as(cast.chief), document, text="Thiếu trang.")
    document = play.submitted(cast, pdf, code_number="22")
    actions.finish(act_as(cast.chief), document, text="Để biết.")
    document = play.submitted(cast, pdf, code_number="23")
    actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất.")
    actions.send_back(act_as(cast.chair), document, text="Nêu rõ hơn.")
    actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất.")
    actions.direct(act_as(cast.chair), document, text="Đồng ý.")
    document = play.finished(cast, pdf, code_number="24")
    actions.reopen(act_as(cast.chief), document, text="Còn thiếu.")
    document = play.distributed(cast, pdf, code_number="25")
    actions.send_back(act_as(cast.head), document, text="Không thuộc phòng.")
    actions.comment(act_as(cast.chief), document, text="Chuyển phòng khác.")
    actions.propose(act_as(cast.chief), document, cast.chair, text="Trình lại.")
    chair = cast.chair.appointments.get()
    document = play.registered(cast.clerk, pdf, code_number="26")
    actions.forward(act_as(cast.clerk), document, cast.planning, by=chair, text="QLĐT xử lý.")
    main = actions.receive(act_as(cast.clerk), [play.upload(pdf), play.upload(pdf)])
    actions.split(act_as(cast.clerk), main, 2)
    for state, (document, _held) in in_every_state(cast, pdf).items():
        if state not in (State.RECEIVED, State.REFUSED, State.VOID):
            play.purged(cast.chair, document)
    for state, (document, _held) in in_every_state(cast, pdf).items():
        if state not in (State.RECEIVED, State.REFUSED, State.VOID):
            actions.cancel(act_as(cast.clerk), recalled_here(cast, document))
    actions.recall(act_as(cast.chief), play.distributed(cast, pdf, code_number="26"))
    document = play.submitted(cast, pdf, code_number="27")
    actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất.")
    actions.recall(act_as(cast.chief), document)
    table = {(move.verb, move.state): set() for move in MOVES}
    for move in MOVES:
        table[move.verb, move.state].add(move.to or move.state)
    played = set()
    for act in DocumentAct.objects.exclude(verb__in=(Verb.RECEIVE, Verb.READ, Verb.SENDER_RECALL)):
        key = (Verb(act.verb), State(act.from_state))
        after = {State(act.to_state)}
        if key == (Verb.FINISH, State.IN_PROCESS) and act.to_state == State.IN_PROCESS:
            continue  # one of several has finished his part
        assert after <= table[key], key
        played.add(key)
    moving = {(move.verb, move.state) for move in MOVES if move.to is not None}
    assert moving <= played


def test_every_key_of_a_regulation_has_its_words():
    everything = regulation.keys()
    keys = {key for key in everything if not key.startswith(("gate.", "titles."))}
    keys = {key.replace("review.member.", "review.") for key in keys}
    assert keys == set(guide.POLICIES)


@pytest.mark.parametrize(
    ("who", "sentences"),
    [
        (
            "clerk",
            [
                "Văn thư trình Chánh Văn phòng.",
                "Chánh Văn phòng phân phối cho đơn vị và người xử lý.",
                "Tài liệu, phụ lục từ 15 trang trở lên: chỉ quét văn bản chính.",
                "Khi vào sổ phải nhập: trích yếu nội dung, ",
                "Dự thảo: chỉ lãnh đạo cơ quan, đơn vị trình đến lãnh đạo HĐND và UBND thành phố.",
                "Dự thảo: Chánh Văn phòng chỉ đạo thẩm định trước khi trình lãnh đạo.",
                "Văn bản chuyển đến lãnh đạo thì đồng gửi lãnh đạo Văn phòng.",
                "Dự thảo chưa đạt thì lãnh đạo chuyển cho Chánh Văn phòng, kèm ý kiến chỉ đạo.",
                "Lãnh đạo xem xét, chỉnh sửa trực tiếp trên dự thảo.",
            ],
        ),
        (
            "ward_clerk",
            [
                "Văn thư trình lãnh đạo cơ quan.",
                "Lãnh đạo cơ quan phân phối cho đơn vị và người xử lý.",
                "Dự thảo: bộ phận chuyên môn chuyển đến lãnh đạo cơ quan xem xét, phê duyệt.",
                "Dự thảo: văn thư nhận văn bản đã được đồng ý phát hành, in, trình lãnh đạo ký",
                "Văn thư kiểm tra chính tả, thể thức trình bày trước khi in, trình ký.",
            ],
        ),
    ],
)
def test_the_policies_stand_in_words(cast, who, sentences):
    words = [one.words for one in guide.policies(act_as(getattr(cast, who)))]
    for sentence in sentences:
        assert any(one.startswith(sentence) for one in words), sentence
    assert not any("%(" in one for one in words)


def test_what_is_said_of_the_city_is_not_said_of_a_ward(cast):
    """Kon Tum Điều 12, 14.2, 14.5 of the city, Điều 16.2a, 17.1 of the agencies below it."""
    city, ward = (
        {one.article.short for one in guide.policies(act_as(who))}
        for who in (cast.clerk, cast.ward_clerk)
    )
    of_city = {"khoản 1 Điều 12", "khoản 2 Điều 12", "khoản 2 Điều 14", "khoản 5 Điều 14"}
    of_ward = {"điểm a khoản 2 Điều 16", "khoản 1 Điều 17"}
    assert of_city <= city
    assert of_ward <= ward
    assert not of_city & ward
    assert not of_ward & city


def test_the_steps_of_a_draft_stand_in_their_order(cast):
    """Cần Thơ Điều 9.3, 9.4, 9.5: content, form, the clerk."""
    type(cast.city).objects.filter(pk=cast.city.pk).update(regulation_name="can-tho-2019")
    found = guide.policies(act_as(cast.clerk))
    steps = [one.article.short for one in found if one.words.startswith("Dự thảo: ")]
    assert steps == ["khoản 3 Điều 9", "khoản 4 Điều 9", "khoản 5 Điều 9"]
    typed = next(one for one in found if one.article.short == "điểm b khoản 2 Điều 9")
    assert typed.words == (
        "Người soạn thảo nhập: tên loại văn bản, trích yếu nội dung, ngôn ngữ, ghi chú, "
        "mức độ khẩn, hạn trả lời văn bản."
    )


@pytest.mark.parametrize(
    ("name", "said", "unsaid"),
    [
        (
            "son-la-2014",
            {"khoản 3 Điều 3": "Không gửi bản giấy: "},
            ("chính tả", "thẩm định"),
        ),
        (
            "bac-giang-2014",
            {
                "khoản 1 Điều 7": "Dự thảo: phòng, ngành, đơn vị hoàn chỉnh văn bản được giao",
                "điểm b khoản 2 Điều 11": "Văn phòng theo dõi, tổng hợp kết quả giải quyết công",
                "điểm b khoản 1 Điều 11": "Mỗi đơn vị phân công người thường xuyên theo dõi việc",
                "khoản 1 Điều 5": "Văn bản đến được kiểm tra trước khi vào sổ.",
            },
            # Its clerk checks the form with the number, after the signature (Điều 7.2): that is no
            # step of a draft, whose form is checked by the decree.
            (
                "tồn đọng",
                "Văn thư trình",
                "đề xuất và trình",
                "trả lại nơi gửi",
                "Văn thư kiểm tra",
                "thể thức",
            ),
        ),
        (
            "can-tho-2019",
            {
                "khoản 3 Điều 9": "Dự thảo: trưởng đơn vị xem xét, cho ý kiến và chịu trách nhiệm",
                "khoản 3 Điều 4": "Số của một văn bản đến là duy nhất",
                "khoản 1 Điều 5": "Văn bản đến được kiểm tra trước khi tiếp nhận; không bảo đảm",
            },
            ("chạy từ 1",),
        ),
        (
            "binh-dinh-2016",
            {
                "khoản 2 Điều 9": "Dự thảo được ký duyệt đồng thời trên hệ thống và văn bản giấy",
                "khoản 3 Điều 8": "Chánh Văn phòng Sở theo dõi tiến độ, không để tồn đọng văn bản.",
                "khoản 1 Điều 9": "Văn bản đến được kiểm tra trước khi vào sổ.",
            },
            ("phản hồi để nơi gửi", "chịu trách nhiệm về nội dung"),
        ),
    ],
)
def test_an_article_is_quoted_for_what_it_says_itself(cast, name, said, unsaid):
    """Bắc Giang Điều 5.1–5.2, 7.1, 11.1b, 11.2b, Cần Thơ Điều 4.3, 5.1, 9.3, Sơn La Điều 3.3,
    Bình Định Điều 8.3, 9.1, 9.2."""
    type(cast.city).objects.filter(pk=cast.city.pk).update(regulation_name=name)
    actor = act_as(cast.clerk)
    found = guide.policies(actor)
    for place, words in said.items():
        assert any(one.article.short == place and one.words.startswith(words) for one in found), (
            place
        )
    own = [one.words for one in found if one.article.anchor]
    for words in unsaid:
        assert not any(words in one for one in own), words
    if name == "bac-giang-2014":
        lines = [line for stop in guide.way(actor) for line in (*stop.lines, stop.onward) if line]
        proposing = [line for line in lines if line.verb == "Trình lãnh đạo"]
        assert proposing
        assert all(line.article is None for line in proposing)


def test_the_text_has_all_articles_of_the_regulation_and_none_of_the_decision():
    articles = guide.text_of("kon-tum-2017")
    assert [one.number for one in articles] == [str(number) for number in range(1, 27)]
    assert articles[0].title == "Phạm vi điều chỉnh, đối tượng áp dụng"
    assert [one.chapter[:9] for one in articles if one.chapter] == [
        "Chương I.", "Chương II", "Chương II", "Chương IV", "Chương V.",
    ]  # fmt: skip
    assert articles[-1].paragraphs[-1].text.startswith("4. Trong quá trình thực hiện")
    assert guide.text_of("nd-30-2020") == ()


def test_every_article_that_is_quoted_can_be_read(cast):
    """Each citation of Kon Tum's own text leads to its clause and point on the page."""
    text = regulation.load("kon-tum-2017")
    for key in sorted(regulation.keys()):
        try:
            citation = text.article(key)
        except KeyError:
            continue
        cited = guide.cite(citation, text)
        own = citation.endswith(text.decision.title)
        assert bool(cited.anchor) == own, citation
    returning = guide.cite(text.article("return_to"), text)
    assert returning.anchor == "dieu-13-khoan-7-diem-a"
    point = {
        one.anchor: one.text for article in guide.text_of(text.name) for one in article.paragraphs
    }
    assert point[returning.anchor].startswith("a. Nếu văn bản không thuộc thẩm quyền")


def help_page(client, user, slug="kontum"):
    client.force_login(user)
    return client.get(reverse("incoming:help", args=[slug]))


def test_what_is_told_comes_from_the_code_not_from_the_database(cast, django_assert_num_queries):
    actor = act_as(cast.clerk)
    with django_assert_num_queries(0):
        assert guide.way(actor)
        assert [line.verb for line in guide.beside(actor)] == [
            "Cho ý kiến",
            "Góp ý",
            "Thôi xin ý kiến",
            "Thông báo",
            "Sửa dữ liệu",
            "Gỡ văn bản",
            "Hủy văn bản được thu hồi",
            "Không hủy văn bản được thu hồi",
        ]
        assert guide.policies(actor)
        assert guide.forbidden(actor)


def test_the_page_shows_the_way_the_rules_and_the_text(client, cast):
    response = help_page(client, cast.clerk)
    text = response.content.decode()
    for words in (
        "Đường đi của văn bản đến",
        "Trình lãnh đạo",
        "Đã từ chối",
        'href="#dieu-13-khoan-1"',
        'id="dieu-13-khoan-1"',
        "Đơn thư khiếu nại, tố cáo",
        "ngày 03/02/2017, Ủy ban nhân dân thành phố Kon Tum",
        '<kbd class="key">PgUp</kbd>',
        "Điều 26.",
    ):
        assert words in text, words
    assert len(response.content) < 150_000
    # register, refuse, merge, split, submit, forward, correct, cancel, keep
    assert text.count("moves__mine") == 9


def test_an_agency_under_the_decree_reads_its_articles_without_a_text(client, cast):
    text = help_page(client, cast.stranger, "so-xay-dung").content.decode()
    assert "Nghị định 30/2020/NĐ-CP" in text
    assert "Toàn văn quy chế" not in text
    assert 'href="#dieu-' not in text
    assert help_page(client, cast.stranger).status_code == 404


def test_keys_that_are_told_exist(client, cast, pdf):
    """Each single letter of the help is a data-key of some page, or known to app.js."""
    from incoming.views.guide import KEYS  # noqa: PLC0415 -- beside its use

    play.submitted(cast, pdf)
    told = {name for names, _what in KEYS for name in names}
    client.force_login(cast.clerk)
    assert 'data-key="N"' in client.get("/kontum/incoming/").content.decode()
    client.force_login(cast.chief)
    assert 'data-key="G"' in client.get("/kontum/").content.decode()
    letters = {"/", "G", "J", "K", "↵", "N", "Ctrl ↵", "Ctrl S", "Ctrl D"}
    assert told == letters | {"F2", "PgUp", "PgDn", "Esc"}


def test_roles_of_every_right_are_known():
    text = regulation.load("nd-30-2020")
    for state in State:
        for move in transitions.moves_from(state, text, member=False):
            assert guide.who_in_words(move.who, text, member=False)
    assert transitions.roles_of(Who.REOPENER, text, member=False) == (Role.LEADER,)


@pytest.mark.parametrize(
    "name", ["bac-giang-2014", "binh-dinh-2016", "can-tho-2019", "kon-tum-2017", "son-la-2014"]
)
def test_every_quotation_leads_to_its_place_in_the_text(name):
    """Bắc Giang, Bình Định, Cần Thơ, Kon Tum, Sơn La: what is quoted can be read on the page."""
    said = regulation.load(name)
    everything = regulation.keys()
    quoted = set()
    for key in everything:
        try:
            quoted.add(said.article(key))
        except KeyError:
            continue
    ours = {one for one in quoted if one.endswith(said.decision.title)}
    assert ours
    assert {one for one in ours if not guide.cite(one, said).anchor} == set()
    articles = [article.anchor for article in guide.text_of(name)]
    assert len(articles) == len(set(articles))


def test_two_articles_of_one_number_are_told_apart():
    """Bình Định chương II Điều 7.3 on use, Bình Định chương III Điều 7.1 on the directors."""
    said = regulation.load("binh-dinh-2016")
    places = [said.article("charset"), said.article("distributor")]
    assert [guide.cite(one, said).anchor for one in places] == [
        "dieu-7-chuong-ii-khoan-3",
        "dieu-7-chuong-iii-khoan-1",
    ]
