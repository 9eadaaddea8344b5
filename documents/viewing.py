"""What shows the pages of a file: the tools of parts/viewer.html, and one picture as an answer."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from documents.models import Attachment, QuarantinedFile, StoredFile
from documents.pages import THUMB_WIDTH, WIDTH, ZOOM_WIDTH, media_type_of
from documents.previews import page_image

_LINKS = 12  # pages that are each offered by number


def viewer(
    file: Attachment | QuarantinedFile,
    page: int,
    *,
    base_url: str,
    image_url: str,
    download_url: str,
    zoom: bool = False,
) -> dict[str, Any]:
    """What parts/viewer.html needs for one page of a file; links keep ``base_url``'s query.

    ``image_url``: that of its first page; the number of a page is its last part.
    """
    pages = pages_of(file)
    page = min(max(page, 1), max(pages, 1))
    joiner = "&" if "?" in base_url else "?"

    def link(number: int, large: bool = False) -> str:
        tail = "&zoom=1" if large else ""
        return f"{base_url}{joiner}file={file.ordinal}&page={number}{tail}"

    image = f"{image_url.removesuffix('1/')}{page}/"
    return {
        "file_name": file.file_name,
        "page": page,
        "pages": pages,
        "image_url": (f"{image}?zoom=1" if zoom else image) if pages else "",
        "previous_url": link(page - 1, zoom) if page > 1 else "",
        "next_url": link(page + 1, zoom) if page < pages else "",
        "zoom_url": link(page, not zoom) if pages else "",
        "is_zoomed": zoom,
        "download_url": download_url,
        "links": [
            {"number": number, "url": link(number, zoom), "current": number == page}
            for number in range(1, pages + 1)
        ]
        if 1 < pages <= _LINKS
        else [],
        "reason": "",
    }


def pages_of(file: Attachment | QuarantinedFile) -> int:
    """How many pages of it can be shown; 0 for what is no PDF."""
    return file.file.page_count if isinstance(file, Attachment) else file.page_count


def picture(request: HttpRequest, file: StoredFile | QuarantinedFile, page: int) -> HttpResponse:
    """One page (from 1) as an image; "zoom" asks for the large one, "thumb" for that of a list.

    Raises Http404 when there is none, or when it cannot be drawn.
    """
    if not 1 <= page <= file.page_count:
        raise Http404
    asked = request.GET
    width = ZOOM_WIDTH if "zoom" in asked else THUMB_WIDTH if "thumb" in asked else WIDTH

    def draw() -> bytes:
        image = page_image(file, page - 1, width)
        if image is None:
            raise Http404
        return image.read_bytes()

    if isinstance(file, QuarantinedFile):
        content = draw()
        answer = HttpResponse(content, content_type=media_type_of(content))
        # What the gate may still refuse stays nowhere, not in the browser either.
        patch_cache_control(answer, private=True, no_store=True)
        return answer
    return kept(request, f"{file.sha256}-{page}-{width}", draw)


def kept(request: HttpRequest, mark: str, draw: Callable[[], bytes]) -> HttpResponse:
    """An image that the browser keeps, and asks about each time before it shows it again.

    So nobody sees what he may see no longer, nor a file in the place of another. ``mark``: of this
    content alone.
    """
    etag = f'"{mark}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        content = draw()
        answer = HttpResponse(content, content_type=media_type_of(content))
    answer.headers["ETag"] = etag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer
