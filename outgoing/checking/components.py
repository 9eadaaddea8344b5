"""Components of the sheet: number and notation, subject, signer, recipients, annexes, urgency."""

import re
from collections.abc import Iterator
from itertools import takewhile

from core.text import fold
from documents.annexes import annexes_in, missing
from documents.catalogue import PRIORITIES, TYPES
from outgoing.checking.findings import Hit, Rule, Sheet
from outgoing.checking.places import LISTS
from outgoing.paper import Annex, Form, Paper

_ABBREVIATIONS = {each.name: each.abbreviation for each in TYPES}
_YEAR = re.compile(r"(\d{4}/)?(.*)$")


def _type(paper: Paper) -> str:
    return paper.type_name.split(" (")[0].strip()


# --- Number and notation.


def number_zero(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A number below 10 without its zero."""
    number = (sheet.paper.code_number or "").strip()
    if re.fullmatch(r"[1-9]", number):
        yield Hit("code_number", number, f"0{number}")


def notation_signs(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Spaces, other dashes, the number or the word "Số" in the notation."""
    typed = sheet.paper.code_notation
    wanted = re.sub(r"\s+", "", typed)
    wanted = re.sub(r"[–—_‐‑−]", "-", wanted)
    wanted = re.sub(r"^(?:[Ss]ố)?:?(?:[.…]+|\d{1,3})?/", "", wanted)
    wanted = re.sub(r"-{2,}", "-", wanted).strip("-/.,;:")
    if wanted != typed:
        yield Hit("code_notation", typed, wanted or None)


def notation_cv(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """ "CV" stands for công văn in no notation."""
    groups = sheet.paper.code_notation.split("-")
    rest = [group for group in groups if group.upper() != "CV"]
    if len(rest) < len(groups):
        yield Hit("code_notation", "CV", "-".join(rest) or None)


def notation_case(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Small letters where none belong; some abbreviations keep theirs."""
    keep = {word.upper(): word for word in rule.values["keep"]}
    typed = sheet.paper.code_notation

    def large(found: re.Match[str]) -> str:
        return keep.get(found[0].upper(), found[0].upper())

    wanted = re.sub(r"[^\W\d_]+", large, typed)
    if wanted != typed:
        yield Hit("code_notation", typed, wanted)


def notation_type(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """The abbreviation of another type, or none at all."""
    paper = sheet.paper
    abbreviation = _ABBREVIATIONS.get(_type(paper))
    found = _YEAR.match(paper.code_notation.strip())
    if abbreviation is None or found is None or not found[2]:
        return
    first, dash, rest = found[2].partition("-")
    others = {each.upper() for each in _ABBREVIATIONS.values() if each}
    if abbreviation:
        if first.upper() == abbreviation.upper():
            return
        if first.upper() in others and dash and not _is_organ(first, paper):
            wanted = f"{abbreviation}-{rest}"
        else:
            wanted = f"{abbreviation}-{found[2]}"
        yield Hit("code_notation", paper.code_notation, f"{found[1] or ''}{wanted}", abbreviation)
    elif first.upper() in others and not _is_organ(first, paper):
        yield Hit("code_notation", first, rest if "-" in rest else None)


def _is_organ(group: str, paper: Paper) -> bool:
    """True for "CT" of "CỤC THUẾ": an agency may be short like a type."""
    initials = "".join(word[0] for word in paper.organ_name.split()).upper()
    return initials.startswith(group.upper())


def notation_groups(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """One group where two are wanted; a type without an abbreviation has the agency's alone."""
    typed = sheet.paper.code_notation.strip()
    alone = _ABBREVIATIONS.get(_type(sheet.paper)) == "" and sheet.paper.form is not Form.LETTER
    if typed and not alone and not re.search(r"\w\s*[-–—]\s*\w", typed):
        yield Hit("code_notation", typed)


# --- Subject.


def subject_type(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """The name of the type again."""
    subject, name = sheet.paper.subject.strip(), _type(sheet.paper)
    words = len(name.split())
    if not name or fold(" ".join(subject.split()[:words])) != fold(name):
        return
    rest = " ".join(subject.split()[words:]).lstrip(":-– ")
    # "Quyết định số 5": it names another one.
    if fold(rest).startswith("so ") or (rest and rest[0].isdigit()):
        return
    if sheet.paper.form is not Form.LETTER:
        rest = rest[:1].upper() + rest[1:]
    yield Hit("subject", name, rest or None)


def field_long(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """More letters than the national field holds."""
    for text in sheet.of(tuple(rule.values["most"])):
        amount, most = len(text.whole), rule.values["most"][text.name]
        if amount > most:
            yield Hit(text.place, str(amount), wanted=str(most))


def subject_wordy(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """More words than one likes to read."""
    amount = len(sheet.paper.subject.split())
    if amount > rule.values["most"]:
        yield Hit("subject", str(amount))


# --- Addressees and grounds.


def invited_missing(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """An invitation that invites nobody."""
    if not sheet.paper.addressees and not re.search(r"kính\s+mời", sheet.paper.body, re.IGNORECASE):
        yield Hit("addressees")


def ground_opening(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A ground that begins with another word."""
    openings = {fold(word): word for word in rule.values["openings"]}
    for number, line in enumerate(sheet.paper.grounds, 1):
        opening = next((one for one in openings if f"{fold(line)} ".startswith(f"{one} ")), None)
        if opening is None:
            yield Hit(f"grounds:{number}", " ".join(line.split()[:2]))
            continue
        size = len(openings[opening].split())
        words = line.split()
        if " ".join(words[:size]) != openings[opening]:
            mend = " ".join([openings[opening], *words[size:]])
            yield Hit(f"grounds:{number}", " ".join(words[:size]), mend)


def ground_order(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A "Căn cứ" behind the proposal that it was decided on."""
    proposed = False
    for number, line in enumerate(sheet.paper.grounds, 1):
        folded = fold(line)
        if proposed and folded.startswith("can cu "):
            yield Hit(f"grounds:{number}", line)
            return
        proposed = proposed or folded.startswith(("theo de nghi", "xet de nghi"))


# --- Recipients.

_KEPT = re.compile(r"Lưu: VT(?:, \S.*)?$")


def recipient_first(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A letter whose recipients do not begin with those it is addressed to."""
    lines = list(sheet.paper.recipients)
    if not lines or not sheet.paper.addressees:
        return
    place = next((at for at, line in enumerate(lines) if fold(line).startswith("nhu tren")), None)
    if place == 0:
        return
    rest = lines if place is None else lines[:place] + lines[place + 1 :]
    first = "Như trên" if place is None else lines[place]
    yield Hit("recipients", lines[0], "\n".join([first, *rest]))


def recipient_last(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """The last line is not "Lưu: VT, ..."."""
    lines = list(sheet.paper.recipients)
    if not lines or _KEPT.match(lines[-1]):
        return
    place = next((at for at, line in enumerate(lines) if re.match(r"luu\b", fold(line))), None)
    if place is None:
        rest, units = lines, [_unit(sheet.paper)]
    else:
        rest = lines[:place] + lines[place + 1 :]
        kept = re.sub(r"^lưu\b\s*(?:tại\s+)?[:;.-]?\s*", "", lines[place].strip(), flags=re.I)
        units = [unit.strip(" .;") for unit in re.split(r"[,;]", kept)]
    units = [unit for unit in units if unit and fold(unit) not in ("vt", "van thu")]
    yield Hit("recipients", lines[-1], "\n".join([*rest, ", ".join(["Lưu: VT", *units])]))


def recipient_unit(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """ "Lưu: VT" without the unit that wrote it."""
    lines = sheet.paper.recipients
    if lines and lines[-1] == "Lưu: VT":
        unit = _unit(sheet.paper)
        place = f"recipients:{len(lines)}"
        yield Hit(place, lines[-1], f"Lưu: VT, {unit}" if unit else None)


def _unit(paper: Paper) -> str:
    """The unit that a letter's notation names last."""
    groups = paper.code_notation.split("-")
    return groups[-1].strip() if paper.form is Form.LETTER and len(groups) == 2 else ""


def typed_label(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A line that says again what the form prints above it: "Nơi nhận:"."""
    pattern = rule.pattern
    for name in LISTS:
        for number, line in enumerate(getattr(sheet.paper, name), 1):
            if name in rule.fields and pattern and (found := pattern.match(line)):
                yield Hit(f"{name}:{number}", found[0].strip(), line[found.end() :].strip())


# --- Signer.

_AUTHORITIES = ("TM.", "KT.", "TL.", "TUQ.", "Q.")


def authority_form(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Another way to write TM., KT., TL., TUQ., Q."""
    typed = sheet.paper.signer.authority
    if typed and typed not in _AUTHORITIES:
        letters = re.sub(r"[^\w]", "", typed).upper() + "."
        yield Hit("signer.authority", typed, letters if letters in _AUTHORITIES else None)


def authority_typed(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """The authority stands in the post."""
    for name in ("position", "on_behalf_of", "deputy_for"):
        found = re.match(
            r"(?:TM|KT|TL|TUQ|Q|T\.M|K\.T|T\.L|T/M|K/T|T/L)[./]\s*",
            getattr(sheet.paper.signer, name),
        )
        if found:
            yield Hit(f"signer.{name}", found[0].strip())


def authority_behalf(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Nobody is named in whose name or place he signs."""
    signer = sheet.paper.signer
    if signer.authority in ("TM.", "KT.", "TL.", "TUQ.") and not signer.on_behalf_of.strip():
        yield Hit("signer.on_behalf_of", signer.authority)


def authority_collective(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """TM. before a post: only a body is signed for in this way."""
    signer = sheet.paper.signer
    if signer.authority == "TM." and _is_post(signer.on_behalf_of, rule):
        yield Hit("signer.on_behalf_of", signer.on_behalf_of)


def authority_post(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """KT. before a body: one signs in the place of its head."""
    signer = sheet.paper.signer
    if signer.authority == "KT." and signer.on_behalf_of.strip():
        bodies = tuple(f"{fold(body)} " for body in rule.values["bodies"])
        if f"{fold(signer.on_behalf_of)} ".startswith(bodies):
            yield Hit("signer.on_behalf_of", signer.on_behalf_of)


def deciding_authority(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Another decides, or wires, than the one for whom it is signed: TM. a body, else its head."""
    signer, decides = sheet.paper.signer, sheet.paper.deciding_post.strip()
    if not decides or not signer.position.strip():
        return
    if signer.authority == "TM.":
        is_other = _is_post(decides, rule)
    else:
        # A resolution is always the body's, whoever signs it.
        bodies = tuple(f"{fold(body)} " for body in rule.values["bodies"])
        is_other = f"{fold(decides)} ".startswith(bodies) and _type(sheet.paper) != "Nghị quyết"
    if is_other:
        yield Hit("signer.authority", decides)


def authority_deputy(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """KT. by somebody who is no deputy."""
    signer = sheet.paper.signer
    if signer.authority != "KT." or not signer.position.strip():
        return
    if not any(word in f"{fold(signer.position)} " for word in rule.values["deputies"]):
        yield Hit("signer.position", signer.position)


def authority_for_head(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A deputy below TM. or TL. without the head for whom he signs; a head named for nobody."""
    signer = sheet.paper.signer
    is_deputy = any(word in f"{fold(signer.position)} " for word in rule.values["deputies"])
    if signer.authority == "TM." and is_deputy and not signer.deputy_for.strip():
        yield Hit("signer.position", signer.position)
    if signer.deputy_for.strip() and not (is_deputy and signer.authority in ("TM.", "TL.")):
        yield Hit("signer.deputy_for", signer.deputy_for)


def _is_post(words: str, rule: Rule) -> bool:
    return f"{fold(words)} ".startswith(tuple(f"{fold(post)} " for post in rule.values["posts"]))


# --- Organ, urgency, circulation.


def capitals(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Small letters where the form prints what is typed in capitals."""
    for text in sheet.of(rule.fields):
        typed = text.whole
        if typed != typed.upper():
            yield Hit(text.place, typed, typed.upper())


def priority_unknown(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """A degree of urgency that the national messages do not know."""
    if sheet.paper.priority not in PRIORITIES:
        yield Hit("priority", str(sheet.paper.priority))


def timed_hour(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """ "Hỏa tốc hẹn giờ" without an hour, or an hour without it."""
    paper = sheet.paper
    if (paper.priority == 4) != bool(paper.deliver_at.strip()):
        yield Hit("deliver_at", paper.deliver_at)


def circulation_words(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Other words than those of the form."""
    typed, known = sheet.paper.circulation, rule.values["words"]
    if typed and typed not in known:
        yield Hit(
            "circulation", typed, next((one for one in known if fold(one) == fold(typed)), None)
        )


# --- Annexes.

_ROMAN = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))


def roman(number: int) -> str:
    """The number in Roman digits, below 40."""
    digits = ""
    for letter, value in _ROMAN:
        while number >= value:
            digits, number = digits + letter, number - value
    return digits


def _appended(paper: Paper) -> list[tuple[int, Annex]]:
    """The annexes that are numbered: a regulation that is issued has none."""
    numbered = enumerate(paper.annexes, 1)
    return [(number, annex) for number, annex in numbered if not annex.issued_with]


def annex_heading(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """ "Phụ lục", and its Roman number where there are several, in their order."""
    annexes = _appended(sheet.paper)
    for order, (number, annex) in enumerate(annexes, 1):
        folded = fold(annex.heading)
        wanted = f"Phụ lục {roman(order)}" if len(annexes) > 1 else "Phụ lục"
        allowed = {wanted} if len(annexes) > 1 else {wanted, "Phụ lục I"}
        if annex.heading in allowed | {one.upper() for one in allowed}:
            continue
        # What is called otherwise is renamed by a person.
        known = not folded or re.fullmatch(r"phu luc(?: so)?(?: \w{1,4})?", folded)
        yield Hit(f"annexes.{number}.heading", annex.heading, wanted if known else None, wanted)


def annex_title(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """An annex without a name."""
    for number, annex in enumerate(sheet.paper.annexes, 1):
        if not annex.title.strip():
            yield Hit(f"annexes.{number}.title")


def annex_empty(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """An annex without a text."""
    for number, annex in enumerate(sheet.paper.annexes, 1):
        if not annex.body.strip():
            yield Hit(f"annexes.{number}.body", annex.heading)


def _codes(paper: Paper) -> list[str]:
    """What annexes_in calls each annex: "1", "2", or "annex" for one without a number."""
    return [
        (annexes_in([annex.heading])["there"] or ["annex"])[0]
        for _number, annex in _appended(paper)
    ]


def annex_unnamed(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """An annex that the text does not mention."""
    paper = sheet.paper
    if not paper.annexes:
        return
    named, words = sheet.named, f" {fold(paper.body)} {fold(paper.subject)} "
    several = len(_appended(paper)) > 1
    for (number, annex), code in zip(_appended(paper), _codes(paper), strict=True):
        told = code in named or "annex" in named or (not several and " phu luc " in words)
        if not told:
            yield Hit(f"annexes.{number}.heading", annex.heading)
    for number, annex in enumerate(paper.annexes, 1):
        if annex.issued_with and f" {fold(annex.heading)} " not in words:
            yield Hit(f"annexes.{number}.heading", annex.heading)


def annex_missing(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """An annex that the text names and that does not follow."""
    paper = sheet.paper
    named, there = sheet.named, _codes(paper)
    if len(there) == 1:
        there.append("1")
    gone = missing(named, there, untitled=0, has_more=any(a.issued_with for a in paper.annexes))
    gone = [one for one in gone if one not in ("list", "table", "form", "other")]
    if gone:
        words = ["Phụ lục" if one == "annex" else f"Phụ lục {_shown(one)}" for one in gone]
        yield Hit("annexes", ", ".join(words))


def _shown(code: str) -> str:
    digits = "".join(takewhile(str.isdigit, code))
    return roman(int(digits)) + code[len(digits) :] if digits else code
