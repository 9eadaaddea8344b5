"""Filters and tags of every template."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Engine
from django.utils import translation

from core import clock
from core.templatetags import ui


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


class Letter(forms.Form):
    numbers = {"subject": "8"}  # noqa: RUF012

    subject = forms.CharField(max_length=500)
    code_number = forms.CharField(max_length=11, disabled=True)
    note = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"readonly": True}))
    issued_date = forms.DateField()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nguyễn Quốc Bảo", "QB"),
        ("Hoàng Thị Mỹ Linh", "ML"),
        ("A Thiu", "AT"),
        ("Đỗ", "Đ"),
        ("", ""),
    ],
)
def test_initials_are_those_of_the_last_two_words(name, letters):
    assert ui.initials(name) == letters


@pytest.mark.parametrize(
    ("days", "form", "words"),
    [
        (None, "short", "không hạn"),
        (0, "short", "hôm nay"),
        (2, "short", "còn 2 ngày"),
        (2, "long", "còn 2 ngày làm việc"),
        (-1, "long", "quá hạn 1 ngày"),
    ],
)
def test_a_distance_is_words(days, form, words):
    assert ui.due_distance(days, form) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(1846, "1.846"), (Decimal("2.85"), "2,85"), ("999+", "999+"), (None, ""), (0, "0")],
)
def test_a_number_is_grouped_as_the_office_writes_it(value, words):
    assert ui.vnumber(value) == words


def test_a_code_never_breaks_and_keeps_its_letters():
    assert ui.nbsp_code("4127/UBND-HTKT") == '<span class="code">4127/UBND-HTKT</span>'
    assert ui.nbsp_code("<b>") == '<span class="code">&lt;b&gt;</span>'
    assert ui.nbsp_code("") == ""


def test_a_day_has_its_weekday_in_the_time_of_the_office():
    assert ui.weekday(date(2024, 11, 19)) == "Thứ Ba, 19/11/2024"
    assert ui.weekday(date(2024, 11, 24)) == "Chủ nhật, 24/11/2024"
    assert ui.weekday(datetime(2024, 11, 18, 20, 0, tzinfo=UTC)) == "Thứ Ba, 19/11/2024"
    assert ui.weekday(None) == ""


def test_a_field_knows_its_number_its_lock_and_its_limit():
    form = Letter()
    assert [ui.field_number(field) for field in form] == ["8", "", "", ""]
    assert [ui.is_locked(field) for field in form] == [False, True, True, False]
    assert [ui.counts_from(field) for field in form] == [500, None, None, None]


@pytest.mark.parametrize(
    ("message", "html"),
    [
        ("Chưa kết thúc được: chưa trả lời.", "<strong>Chưa kết thúc được:</strong> chưa trả lời."),
        ("Có <đơn thư>. Trả lại.", "<strong>Có &lt;đơn thư&gt;.</strong> Trả lại."),
        ("Chưa có chủ trì.", "<strong>Chưa có chủ trì.</strong> "),
    ],
)
def test_a_refusal_says_its_conclusion_first(message, html):
    assert ui.conclusion(message) == html


def test_today_is_what_the_clock_says():
    with clock.set_to(datetime(2024, 11, 18, 20, 0, tzinfo=UTC)):
        assert ui.today() == date(2024, 11, 19)


def test_an_icon_is_drawn_by_name_and_hidden_from_readers():
    engine = Engine(builtins=["core.templatetags.ui"])
    html = engine.from_string("{% icon name 22 %}").render(Context({"name": "inbox"}))
    assert html.startswith("<svg")
    assert 'width="22"' in html
    assert 'aria-hidden="true"' in html
