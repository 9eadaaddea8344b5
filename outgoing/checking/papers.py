"""A paper that is written here: its findings, and the mend of one."""

from collections.abc import Iterator

from outgoing.checking import components, findings, numbering, places, spelling, texts
from outgoing.checking.findings import Finding, Function, Hit, Rule, Sheet, rules
from outgoing.checking.sentences import SENTENCES
from outgoing.paper import Paper

_FUNCTIONS: dict[str, Function] = {
    "required": findings.required,
    "regex": findings.regex,
    **{
        name: function
        for module in (components, numbering, texts, spelling)
        for name, function in vars(module).items()
        if callable(function) and getattr(function, "__module__", "") == module.__name__
    },
}


def check(paper: Paper) -> tuple[Finding, ...]:
    """What is not in the right form, in the order of the rules; one finding a rule and place."""
    sheet = Sheet(paper)
    return tuple(
        finding for rule in rules() if rule.applies(paper) for finding in _findings(sheet, rule)
    )


def mend(paper: Paper, code: str, where: str) -> Paper:
    """The paper without this finding; as it is when there is nothing to mend."""
    for rule in rules():
        if rule.code == code and rule.applies(paper):
            for finding in _findings(Sheet(paper), rule):
                if finding.where == where and finding.mend is not None:
                    return places.put(paper, where, finding.mend)
    return paper


def hits(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """What a rule has met."""
    return _FUNCTIONS[rule.check](sheet, rule)


def _findings(sheet: Sheet, rule: Rule) -> Iterator[Finding]:
    told: set[str] = set()
    for hit in hits(sheet, rule):
        if hit.where not in told:
            told.add(hit.where)
            yield finding_of(rule, hit)


def finding_of(rule: Rule, hit: Hit) -> Finding:
    """What a rule says of what it met."""
    values = {"found": hit.found, "wanted": hit.wanted or hit.mend or ""}
    return Finding(
        code=rule.code,
        severity=rule.severity,
        message=str(SENTENCES[rule.code]) % values,
        article=rule.article,
        where=hit.where,
        found=hit.found,
        mend=hit.mend,
    )
