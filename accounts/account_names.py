"""Names of accounts, as Điều 7 khoản 2 of Kon Tum's and of Sơn La's regulation forms them."""

from collections.abc import Container

from core.text import fold


def personal(
    full_name: str, unit: str = "", taken: Container[str] = (), *, given_first: bool = False
) -> str:
    """Initials of family and middle names, then the given name: "Nguyễn Quốc Bảo" → "nqbao".

    ``given_first``: the given name before the initials, "Nguyễn Văn Chiến" → "chiennv".

    A name that is taken gets the unit's abbreviation behind it. Raises ValueError when the name
    is empty, or when that is taken too: then a person decides.
    """
    words = fold(full_name).split()
    if not words:
        raise ValueError("A person without a name has no account.")
    initials = "".join(word[0] for word in words[:-1])
    name = words[-1] + initials if given_first else initials + words[-1]
    if name not in taken:
        return name
    longer = name + together(unit)
    if longer in taken:
        raise ValueError(f"{name} and {longer} are taken.")
    return longer


def of_post(post: str, agency: str) -> str:
    """The account of a leader, a clerk, a special post: its abbreviation and the agency's name."""
    return together(post) + together(agency)


def together(words: str) -> str:
    """Lower case, without marks and spaces: also the one shared account of a small agency."""
    return fold(words).replace(" ", "")


def address(form: str, username: str) -> str:
    """The account as the regulation's form writes it: "nqbao.tp@kontum.gov.vn"."""
    return form.format(username=username)
