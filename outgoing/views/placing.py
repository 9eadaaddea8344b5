"""Where number, date and signature go in a file that was made elsewhere, chosen on its pages."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.errors import Refusal
from core.text import small_number
from documents.inspection import call
from outgoing import actions, preparing, rules
from outgoing.actions.making import place_of
from outgoing.actions.placing import SIGNATURE, TARGETS
from outgoing.content import content_of
from outgoing.models import DraftVersion
from outgoing.places import MM, Place
from outgoing.views.opening import open_draft
from outgoing.views.remaking import made_again

# Pixels of the picture on which a place is chosen.
PLACE_WIDTH = 700
LABELS: dict[str, Promise] = {
    "code_number": gettext_lazy("Số"),
    "issued_day": gettext_lazy("Ngày"),
    "issued_month": gettext_lazy("Tháng"),
    SIGNATURE: gettext_lazy("Chữ ký"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a place: a click on the picture of the page sends it, or two lengths in fields do."""
    actor, document = open_draft(request, pk)
    version = document.versions.select_related("source").get(ordinal=document.version_count)
    if rules.may_edit(actor, document) is not None or version.source is None:
        return redirect(document)
    typed = request.POST if request.method == "POST" else request.GET
    pages = version.source.page_count
    page = min(max(small_number(typed.get("page", ""), pages), 1), pages)
    target = typed.get("target", "")
    target = target if target in TARGETS else SIGNATURE
    context = {"document": document, "version": version, "pages": range(1, pages + 1)}
    status = 200
    if request.method == "POST":
        try:
            if "forget" in request.POST:
                actions.forget_place(actor, document, version=version.ordinal, target=target)
                said = _("bỏ chỗ đã chọn, tìm trong chữ của tệp.")
            else:
                x, y = _chosen(request, _size(version, page))
                actions.choose_place(
                    actor,
                    document,
                    version=version.ordinal,
                    page=page - 1,
                    x=x,
                    y=y,
                    target=target,
                )
                said = _("đã chọn chỗ ở trang %(page)d.") % {"page": page}
            elsewhere = made_again(request, actor, document)
        except Refusal as raised:
            context["refusal"], status = raised, 409
        else:
            messages.success(request, f"{LABELS[target]}: {said}")
            return elsewhere or redirect(f"{request.path}?page={page}&target={target}")
    page = page if target == SIGNATURE else 1
    context |= {
        "page": page,
        "marks": _marks(version, page),
        "target": target,
        "target_label": LABELS[target],
        "targets": _targets(version),
        "left": typed.get("left", ""),
        "top": typed.get("top", ""),
        "pages": range(1, pages + 1) if target == SIGNATURE else range(1, 2),
    }
    return render(request, "outgoing/place.html", context, status=status)


def _chosen(request: HttpRequest, size: list[float]) -> tuple[float, float]:
    """The place that was sent, in points from the lower left corner.

    Raises Refusal for one that lies beside the page.
    """
    if "at.x" in request.POST:
        scale = size[0] / PLACE_WIDTH
        x = small_number(request.POST["at.x"], 0) * scale
        y = small_number(request.POST.get("at.y", ""), 0) * scale
    else:
        x = _millimetres(request.POST.get("left", "")) * MM
        y = _millimetres(request.POST.get("top", "")) * MM
    if not (0 < x < size[0] and 0 < y < size[1]):
        raise Refusal(_("Chỗ ấy nằm ngoài trang."), field="left")
    return x, size[1] - y


def _millimetres(typed: str) -> float:
    try:
        return float(typed.strip().replace(",", "."))
    except ValueError:
        raise Refusal(_("Ghi khoảng cách bằng mi-li-mét, ví dụ 45."), field="left") from None


def _size(version: DraftVersion, page: int) -> list[float]:
    assert version.source is not None  # noqa: S101 -- the view has asked
    size, fault = call(
        "outgoing.places.size",
        storages["store"].path(version.source.path),
        seconds=settings.INSPECTION_SECONDS,
        memory_mib=settings.INSPECTION_MEMORY,
        page=page - 1,
    )
    if fault or not size:
        raise Refusal(_("Không đo được trang này. Chọn trang khác."))
    return list(size)


def _chosen_places(version: DraftVersion) -> dict[str, Place]:
    chosen = {name: place_of(stored) for name, stored in version.text_places.items()}
    if version.signer_place is not None:
        chosen[SIGNATURE] = place_of(version.signer_place)
    return chosen


def _marks(version: DraftVersion, page: int) -> dict[str, Any]:
    """The boxes that were chosen on a page, in pixels of its picture."""
    here = {name: at for name, at in _chosen_places(version).items() if at.page == page - 1}
    try:
        wide, high = _size(version, page) if here else (0.0, 0.0)
    except Refusal:
        here = {}
    if not here:
        return {}
    scale = PLACE_WIDTH / wide
    return {
        "height": round(high * scale),
        "boxes": [
            {
                "label": LABELS[name],
                "x": round(at.x0 * scale),
                "y": round((high - at.y1) * scale),
                "width": round((at.x1 - at.x0) * scale),
                "height": round((at.y1 - at.y0) * scale),
            }
            for name, at in here.items()
        ],
    }


def _targets(version: DraftVersion) -> list[dict[str, Any]]:
    """Each of what is put in: where it was chosen, or whether the text shows its place."""
    assert version.source is not None  # noqa: S101 -- the view has asked
    with storages["store"].open(version.source.path) as stored:
        pdf = stored.read()
    try:
        found = preparing.room_in(pdf, content_of(version).signer_full_name)
    except Refusal:
        found = frozenset()
    chosen = _chosen_places(version)
    return [
        {
            "name": name,
            "label": LABELS[name],
            "chosen": chosen[name].page + 1 if name in chosen else 0,
            "is_found": name in found,
        }
        for name in TARGETS
    ]
