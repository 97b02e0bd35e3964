"""Results on the page: numbers with bars, split by what parts the people, on paper, beside others, and one by one."""

from collections.abc import Sequence

from flask import render_template, request

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import page_number
from webapp.blueprints.manage.survey_results import bp, doors
from webapp.blueprints.surveys.reading import words
from webapp.errors import Forbidden
from webapp.models.accounts import Power
from webapp.models.surveys import Survey
from webapp.models.surveys_answered import Part
from webapp.models.surveys_asked import Question
from webapp.queries.surveys import results
from webapp.queries.surveys.comparing import comparable_surveys, compared
from webapp.queries.surveys.published import Results
from webapp.queries.surveys.responses import Given, responses_of
from webapp.queries.surveys.taking_part import taking_part


@bp.get("")
@allow(Who.ORGANISER)
def show(survey: str) -> str:
    """The results of a survey, split by one thing where the address says so."""
    found = doors.looking(survey)
    return _page(found, "manage/survey_results/show.html", request.args.get("by", ""))


@bp.get("/print")
@allow(Who.ORGANISER)
def printed(survey: str) -> str:
    """The same to be printed, without what leads elsewhere."""
    found = doors.looking(survey)
    return _page(found, "manage/survey_results/printed.html", request.args.get("by", ""))


@bp.get("/responses")
@allow(Who.ORGANISER)
def responses(survey: str) -> str:
    """What each person answered, one after the other; of an anonymous survey there is no such page."""
    found = doors.looking(survey, Power.READ_ANSWERS)
    if not doors.sees_answers(found):
        raise Forbidden("Single answers to this survey are for those alone who may see what each person answered.")
    questions = [one for one in doors.asked_of(found).questions if one.kind.is_asked]
    page = responses_of(found, page=page_number(request.args.get("page", "")))
    said = [[(one.label, _in_words(one, each.answers.get(one.no, ()))) for one in questions] for each in page.rows]
    return render_template("manage/survey_results/responses.html", survey=found, page=page, said=said)


def _in_words(question: Question, given: Sequence[Given]) -> list[str]:
    return words(question, [Part(part=part, value=value, text=text) for part, value, text in given])


@bp.get("/compare")
@allow(Who.ORGANISER)
def compare(survey: str) -> str:
    """Questions of this survey beside the same ones of others that the viewer may see."""
    found = doors.looking(survey)
    sight = doors.sight_of(found)
    others = [one for one in comparable_surveys(found) if doors.has(Power.SEE_RESULTS, one)]
    chosen = [one for one in others if one.public_id in request.args.getlist("with")]
    return render_template(
        "manage/survey_results/compare.html",
        survey=found,
        others=others,
        chosen=chosen,
        sight=sight,
        rows=compared(sight.results, [_seen(one) for one in chosen]) if sight else [],
        may_build=doors.has(Power.SET_UP, found),
    )


def _seen(survey: Survey) -> Results | None:
    sight = doors.sight_of(survey)
    return sight.results if sight else None


def _page(survey: Survey, template: str, by: str) -> str:
    asked = doors.asked_of(survey)
    splittings = results.splittings_of(survey, asked, doors.titles_of(survey))
    chosen = next((one for one in splittings if one.by == by), None)
    sight = doors.sight_of(survey, *([chosen.by] if chosen else []))
    sent = results.count_responses(survey.id)
    over = doors.is_over(survey)
    readable = doors.readable_texts(survey)
    stops = results.drop_off(survey, asked, sent) if over or doors.sees_answers(survey) else []
    return render_template(
        template,
        survey=survey,
        sight=sight,
        over=over,
        parting={one.no for one in asked.splitting},
        splittings=splittings,
        chosen=chosen,
        split=sight.results.split(chosen.by) if sight and chosen else None,
        part=taking_part(survey),
        stops=stops if sent >= survey.threshold else [],
        with_texts=readable,
        themes=doors.themes_of(survey, readable),
        sees_answers=doors.sees_answers(survey),
        sent=sent,
        in_box=results.count_in_box(survey.id),
        took_part=results.count_taking_part(survey.id),
        grace_ends=survey.grace_ends(clock.now()),
        may_build=doors.has(Power.SET_UP, survey),
    )
