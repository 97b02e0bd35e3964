"""Whatever a service records, the page of what happened has a sentence for."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import calls, modules
from webapp.blueprints.manage.activity_verbs import VERBS
from webapp.blueprints.manage.activity_words import KINDS
from webapp.models.accounts import ThingKind

pytestmark = pytest.mark.memory

# Where a verb is handed on: its callers' verbs stand here.
HANDED_ON = {
    "webapp/services/attendance/check_ins.py verb": {"checked_in", "check_in_undone"},
    "webapp/services/attendance/reports.py verb": {"attendance_read_in", "attendance_matched", "attendance_taken_out"},
    "webapp/services/events/life.py verb": {
        "event_archived",
        "event_brought_back",
        "event_cancelled",
        "event_published",
        "event_withdrawn",
    },
    "webapp/services/imports/applying.py f'{row.kind.value}_imported'": {"agenda_imported", "registrations_imported"},
    "webapp/services/invitees.py verb": {"invitation_revoked", "invitation_restored"},
    "webapp/services/letters.py verb": {
        "letter_cancelled",
        "letter_held",
        "letter_released",
        "letter_sent_again",
        "letters_cancelled",
        "letters_held",
        "letters_released",
        "letters_sent_again",
    },
    "webapp/services/materials.py verb": {
        "material_changed",
        "material_moved",
        "material_offered",
        "material_replaced",
        "material_withdrawn",
    },
    "webapp/services/moderation/deciding.py f'post_{ruling.decision.value}'": {
        "post_kept",
        "post_published",
        "post_redacted",
        "post_refused",
    },
    "webapp/services/publications/recording.py verb": {
        "article_approved",
        "article_back_in_review",
        "article_changed",
        "article_created",
        "article_credited",
        "article_in_review",
        "article_taken_back",
        "article_versions_erased",
        "articles_reordered",
        "figure_added",
        "figure_changed",
        "figure_removed",
        "issue_changed",
        "issue_cover_changed",
        "issue_created",
        "issue_in_review",
        "issue_published",
        "issue_remark_done",
        "issue_scheduled",
        "issue_taken_back",
        "publication_changed",
        "publication_created",
    },
    "webapp/services/questions/building.py verb": {
        "question_added",
        "question_changed",
        "question_deleted",
        "question_moved",
        "question_restored",
        "question_retired",
    },
    "webapp/services/recordings.py verb": {
        "recording_added",
        "recording_changed",
        "recording_published",
        "recording_removed",
        "recording_taken_back",
    },
    "webapp/services/speakers/answering.py verb": {
        "slides_added",
        "slides_removed",
        "speaker_confirmed",
        "speaker_declined",
        "technical_needs_changed",
    },
    "webapp/services/surveys/building.py verb": {
        "survey_created",
        "survey_order_changed",
        "survey_question_added",
        "survey_question_changed",
        "survey_question_removed",
        "survey_section_added",
        "survey_section_changed",
        "survey_section_removed",
        "survey_texts_changed",
    },
    "webapp/services/surveys/life.py verb": {
        "survey_archived",
        "survey_brought_back",
        "survey_changed",
        "survey_closed",
        "survey_deleted",
        "survey_published",
        "survey_reopened",
    },
    "webapp/services/transcripts/recording.py verb": {
        "transcript_check_asked",
        "transcript_described",
        "transcript_erased",
        "transcript_proposal_declined",
        "transcript_proposal_taken_back",
        "transcript_proposed",
        "transcript_published",
        "transcript_source_deleted",
        "transcript_taken_back",
    },
    "webapp/services/speakers/merging.py verb": {"speaker_merged", "speaker_took_over"},
}


def _verbs(node: ast.expr) -> Iterator[str]:
    """The verbs that an argument may be; raises TypeError for what only a run of the program tells."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _verbs(node.body)
        yield from _verbs(node.orelse)
    else:
        raise TypeError(ast.unparse(node))


def _recorded() -> Iterator[tuple[str, ast.expr]]:
    for module in modules("webapp/services"):
        for name, call in calls(module.tree):
            if name in {"record", "activity.record"} and call.args:
                yield module.at(call), call.args[0]


def test_every_verb_that_is_recorded_has_a_sentence() -> None:
    recorded = list(_recorded())
    unread, silent = [], set()
    for place, argument in recorded:
        try:
            silent |= {(place, verb) for verb in _verbs(argument) if verb not in VERBS}
        except TypeError as unclear:
            unread.append(f"{place.partition(':')[0]} {unclear}")
    assert len(recorded) > 15
    assert unread == sorted(HANDED_ON)
    assert {verb for verbs in HANDED_ON.values() for verb in verbs} <= set(VERBS)
    assert silent == set(), "add them to webapp/blueprints/manage/activity_verbs.py"


def test_every_kind_of_thing_has_words() -> None:
    assert set(KINDS) == set(ThingKind)
