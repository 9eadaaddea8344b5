"""A person at a browser without JavaScript: reads pages, follows links, fills in their forms."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass(eq=False)
class Node:
    """An element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """This element and everything in it, in reading order."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, *tags: str) -> list["Node"]:
        """The elements of these kinds."""
        return [node for node in self.walk() if node.tag in tags]

    @property
    def text(self) -> str:
        """What is read aloud: without what is hidden from the ear."""
        if self.attributes.get("aria-hidden") == "true" or self.tag in ("script", "template"):
            return ""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join(parts).split())


class Reader(HTMLParser):
    """HTML into a tree of Node."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Node("page")
        self._open = [self.root]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


class Visitor:
    """One of the cast with a browser of his own; signed in by the form."""

    def __init__(self, user: User, slug: str) -> None:
        self.user, self.slug = user, slug
        self.client = Client(enforce_csrf_checks=True)
        self.path = ""
        self.status = 0
        self.page = Node("page")
        self.open("/login/")
        self.press("Đăng nhập", username=user.username, password=PASSWORD)

    @property
    def text(self) -> str:
        """The words of the page in front of him."""
        return self.page.text

    def open(self, path: str) -> "Visitor":
        """Go to an address; "" is his desk, others are of his agency unless they begin with /."""
        return self._show(path if path.startswith("/") else f"/{self.slug}/{path}")

    def follow(self, label: str) -> "Visitor":
        """Press a link of the page."""
        for link in self.page.all("a"):
            if link.text.startswith(label) and "href" in link.attributes:
                return self._show(urljoin(self.path, link.attributes["href"]))
        raise AssertionError(f"no link {label!r} on {self.path}: {self.text}")

    def offers(self) -> list[str]:
        """The verbs beside the document that can be pressed now."""
        return [
            link.text
            for bar in self.page.all("div")
            if bar.attributes.get("class") == "verbs"
            for link in bar.all("a")
            if link.attributes.get("aria-disabled") != "true"
        ]

    def asked(self) -> list[tuple[str, str]]:
        """What his desk asks of him: subject and verb of each line, urgent ones first."""
        self.open("")
        return [
            (item.all("a")[0].text, item.all("a")[-1].text)
            for item in self.page.all("li")
            if item.attributes.get("class", "").startswith("work__item")
        ]

    def press(self, label: str, **typed: Any) -> "Visitor":
        """Fill in the form that has this button, and press it."""
        for form in self.page.all("form"):
            for button in form.all("button"):
                if button.text.startswith(label):
                    return self._send(form, button, typed)
        raise AssertionError(f"no button {label!r} on {self.path}: {self.text}")

    def send(self, path: str, **data: Any) -> "Visitor":
        """A POST that no page offers him."""
        token = self.client.cookies["csrftoken"].value
        path = path if path.startswith("/") else f"/{self.slug}/{path}"
        return self._ask("post", path, {**data, "csrfmiddlewaretoken": token})

    def _send(self, form: Node, button: Node, typed: dict[str, Any]) -> "Visitor":
        data: dict[str, Any] = {}
        name = form.attributes.get("id", "no form")
        controls = [node for node in form.walk() if "form" not in node.attributes]
        controls += [node for node in self.page.walk() if node.attributes.get("form") == name]
        for name, value in _filled(controls):
            data.setdefault(name, []).append(value)
        if unknown := set(typed) - {node.attributes.get("name") for node in controls}:
            raise AssertionError(f"the form has no fields {unknown}")
        data |= typed
        if name := button.attributes.get("name"):
            data[name] = button.attributes.get("value", "")
        action = button.attributes.get("formaction") or form.attributes.get("action", "")
        path = urljoin(self.path, action)
        return self._ask(form.attributes.get("method", "get"), path, data)

    def _show(self, path: str) -> "Visitor":
        return self._ask("get", path)

    def _ask(self, method: str, path: str, data: dict[str, Any] | None = None) -> "Visitor":
        """One request and the redirects after it."""
        self.path = path.partition("#")[0]
        response: HttpResponse = getattr(self.client, method)(self.path, data)
        while response.status_code == 302:
            self.path = urljoin(self.path, response["Location"]).partition("#")[0]
            response = self.client.get(self.path)
        self.status = response.status_code
        self.page = Reader(response.content.decode()).root
        return self


def _filled(controls: list[Node]) -> Iterator[tuple[str, str]]:
    """What a browser sends of a form as it stands."""
    for node in controls:
        if node.tag not in ("input", "textarea", "select"):
            continue
        name, kind = node.attributes.get("name"), node.attributes.get("type", "text")
        if not name or "disabled" in node.attributes or kind in ("file", "submit", "button"):
            continue
        if node.tag == "textarea":
            yield name, "".join(one for one in node.children if isinstance(one, str)).lstrip("\n")
        elif node.tag == "select":
            options = node.all("option")
            chosen = [one for one in options if "selected" in one.attributes]
            if not chosen and "multiple" not in node.attributes:
                chosen = options[:1]
            for one in chosen:
                yield name, one.attributes.get("value", one.text)
        elif kind in ("checkbox", "radio"):
            if "checked" in node.attributes:
                yield name, node.attributes.get("value", "on")
        else:
            yield name, node.attributes.get("value", "")
