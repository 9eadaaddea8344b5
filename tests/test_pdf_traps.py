"""What PDF libraries do with hard files, line after line, and the tests that hold it."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PDF = "tests/signatures/test_pdf.py::"
VERIFY = "tests/signatures/test_verify_pdf.py::"
HARD = "tests/signatures/test_hard_files.py::"
READ = "tests/documents/test_inspection.py::"
FOREIGN = "tests/documents/test_hard_files.py::"
PAGES = "tests/documents/test_pages.py::"
LOOKS = "tests/signatures/test_looks.py::"
READY = "tests/outgoing/test_preparing.py::"
UPLOADS = "tests/incoming/test_hostile_uploads.py::"

SIGNATURES: dict[str, tuple[str, ...]] = {
    "the default font of a visible signature garbles Vietnamese names": (
        LOOKS + "test_names_with_all_marks_are_extracted_as_they_are_written",
        LOOKS + "test_names_of_other_peoples_are_written_too",
    ),
    "number and date after the leader's signature: fields, their look, FieldMDP": (
        READY + "test_leader_number_agency_and_all_stays_valid",
        READY + "test_number_and_date_are_written_once",
        READY + "test_the_agency_locks_number_and_date_of_the_annexes_as_well",
    ),
    "form values that are missing from the extracted text of a filled number": (
        READY + "test_what_is_filled_in_is_seen",
    ),
    "strict reading refuses hybrid files and small faults of the table": (
        HARD + "test_what_strict_reading_refuses_is_read_and_judged",
        PDF + "test_hybrid_files_of_word_are_read",
        READ + "test_faulty_files_that_can_be_read_are_read",
    ),
    "listing signatures raises ValueError, CMSExtractionError, OSError, RecursionError": (
        HARD + "test_an_odd_signature_is_a_verdict_and_hides_no_other",
        HARD + "test_whatever_the_library_raises_is_a_verdict",
        HARD + "test_fields_too_deep_to_be_listed_do_not_make_a_file_unsigned",
    ),
    "validating raises KeyError, AssertionError, PdfReadError": (
        HARD + "test_an_odd_signature_is_a_verdict_and_hides_no_other",
        HARD + "test_whatever_the_library_raises_is_a_verdict",
    ),
    "one bad signature must not hide the others": (
        PDF + "test_one_bad_signature_does_not_hide_the_other",
        PDF + "test_the_worst_signature_decides",
    ),
    "no traceback for the person who asks": (
        VERIFY + "test_a_real_process_writes_nothing_but_json",
        VERIFY + "test_a_hostile_file_costs_its_own_verdict_only",
    ),
    "adbe.pkcs7.sha1 is left out of the list": (
        HARD + "test_the_old_format_that_the_library_leaves_out_is_no_unsigned_file",
        PDF + "test_what_cannot_be_judged_is_neither_valid_nor_forged",
    ),
    "intact and valid although pages came or went": (
        HARD + "test_the_clerk_reads_what_came_after_the_signature",
        PDF + "test_what_was_changed_is_found_and_named",
    ),
    "coverage gaps: a tail, a wide gap, one range": (
        PDF + "test_what_was_changed_is_found_and_named",
        PDF + "test_white_space_behind_the_end_does_no_harm",
    ),
    "updates for long-term validation are no forgery": (
        PDF + "test_updates_for_long_term_validation_do_no_harm",
        PDF + "test_what_cannot_be_judged_is_neither_valid_nor_forged",
    ),
    "the person reads what changed": (
        HARD + "test_the_clerk_reads_what_came_after_the_signature",
        PDF + "test_each_signature_has_its_line",
        PDF + "test_every_code_has_its_words",
    ),
    "a shadow attack passes as form filling": (
        HARD + "test_a_look_that_is_swapped_under_the_name_of_form_filling_is_shown",
        PDF + "test_a_form_that_may_be_filled_is_shown_as_changed_until_somebody_signs",
    ),
    "the difference analysis itself fails": (
        HARD + "test_fields_too_deep_to_be_listed_do_not_make_a_file_unsigned",
        PDF + "test_when_the_comparison_fails_the_signed_bytes_are_still_judged",
    ),
    "25 signatures in one document": (
        HARD + "test_twenty_five_signatures_are_all_judged",
        HARD + "test_signatures_that_nobody_came_to_are_named_when_the_time_is_over",
    ),
    "files that take 10 to 20 seconds: a limit, a process, a stored outcome": (
        HARD + "test_a_check_without_end_is_stopped_and_the_file_stays_readable",
        PDF + "test_time_that_runs_out_is_said_for_each_signature",
        VERIFY + "test_thirty_seconds_and_a_gibibyte",
        UPLOADS + "test_requests_are_served_while_several_hostile_files_are_inspected",
    ),
}
READING: dict[str, tuple[str, ...]] = {
    "not only PdfReadError while opening, counting, extracting": (
        FOREIGN + "test_what_the_library_raises_is_a_reason",
        FOREIGN + "test_every_foreign_exception_costs_its_stage_only",
        UPLOADS + "test_each_hostile_file_of_a_batch_costs_itself_and_the_good_one_is_registered",
    ),
    "encrypted for certificates": (READ + "test_a_file_that_cannot_be_read_has_a_plain_reason",),
    "slow or hungry to open and to count": (
        READ + "test_a_file_that_takes_too_long_to_open_is_given_up",
        READ + "test_a_file_that_needs_too_much_memory_is_given_up",
        UPLOADS + "test_a_file_that_does_not_come_to_an_end",
        UPLOADS + "test_a_file_that_needs_too_much_memory",
    ),
    "slow or hungry while its text is taken": (
        READ + "test_slow_text_costs_the_text_only",
        READ + "test_an_inflating_page_costs_the_text_only",
    ),
    "no page at all": (READ + "test_a_file_that_cannot_be_read_has_a_plain_reason",),
    "bytes before the header": (
        READ + "test_faulty_files_that_can_be_read_are_read",
        PDF + "test_files_without_a_verdict_on_signatures",
    ),
    "an empty password": (READ + "test_an_empty_password_keeps_nobody_out",),
    "a real password": (READ + "test_a_file_that_cannot_be_read_has_a_plain_reason",),
    "JavaScript, launch, submit, embedded files, XFA, portfolio": (
        READ + "test_active_content_is_named",
        UPLOADS + "test_active_content_is_named_in_the_tray_and_stays_registrable",
    ),
}
RENDERING: dict[str, tuple[str, ...]] = {
    "a JBIG2 picture of 100,000 x 100,000": (
        PAGES + "test_a_memory_bomb_does_not_take_the_memory",
    ),
    "a shading that runs for ever": (FOREIGN + "test_a_shading_without_end_is_given_up",),
    "time, memory, pages, pixels": (
        PAGES + "test_a_page_without_end_is_given_up",
        PAGES + "test_an_enormous_page_is_drawn_small",
    ),
    "the failure costs that preview only": (
        PAGES + "test_a_bad_page_costs_its_own_preview",
        UPLOADS + "test_a_page_that_cannot_be_drawn_costs_that_picture",
    ),
}
TRAPS = {
    f"{section}: {line}": tests
    for section, lines in (
        ("signatures", SIGNATURES),
        ("reading", READING),
        ("rendering", RENDERING),
    )
    for line, tests in lines.items()
}


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_has_tests_that_run(trap: str) -> None:
    assert TRAPS[trap]
    for node in TRAPS[trap]:
        path, _, name = node.partition("::")
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        test = getattr(module, name)
        assert inspect.isfunction(test), node
        assert Path(inspect.getsourcefile(test) or "").resolve() == ROOT / path, node
        marks = [*getattr(test, "pytestmark", []), *_marks_of(module)]
        assert not [mark for mark in marks if mark.name in {"skip", "skipif", "xfail"}], node


def _marks_of(module: object) -> list[pytest.MarkDecorator]:
    marks = getattr(module, "pytestmark", [])
    return marks if isinstance(marks, list) else [marks]


@pytest.mark.parametrize(
    "path", sorted({node.partition("::")[0] for t in TRAPS.values() for node in t})
)
def test_no_test_of_the_list_leaves_itself_out(path: str) -> None:
    assert not re.search(r"pytest\.(skip|importorskip|xfail)\(", (ROOT / path).read_text())
