"""The one search. Its page is made for each who asks, and never kept: it may show what is theirs alone."""

from flask import render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.search import bp
from webapp.blueprints.search.forms import SearchForm
from webapp.blueprints.search.results import shown
from webapp.models.passages import PassageKind
from webapp.queries import passages as queries
from webapp.queries.communities import find_community
from webapp.queries.passages import Narrowing
from webapp.queries.programmes import programmes_with_themes
from webapp.searching import ask


@bp.get("/search")
@allow(Who.ANYONE)
def index() -> str:
    """What was found, of every kind; without words, what can be looked for."""
    form = SearchForm(request.args)
    abbreviations = queries.known_abbreviations() if form.text else []
    question = ask(form.asked, abbreviations)
    programme_id, theme_id = queries.find_narrowing(form.programme, form.theme)
    let_through = queries.tags_come_out(now=clock.now()) if question.groups else ()
    community = find_community(form.community, viewer=current_user) if form.community else None
    narrowing = Narrowing(
        let_through=let_through,
        kind=form.kind,
        programme_id=programme_id,
        theme_id=theme_id,
        # Of none that there is there is nothing to be found.
        community_id=(community.id if community else 0) if form.community else None,
        from_on=form.days.from_on,
        to_on=form.days.to_on,
        within=_within(form),
    )
    found = queries.find_passages(question, narrowing, viewer=current_user, page=form.page)
    told = queries.told_of(found.rows)
    meant, elsewhere = None, 0
    if question.groups and not found.rows:
        meant = queries.did_you_mean(question, narrowing, abbreviations, viewer=current_user)
        if form.is_filtered:
            (elsewhere,) = queries.count_found(
                [question], Narrowing(let_through=let_through), viewer=current_user, most=1
            )
    return render_template(
        "search/index.html",
        form=form,
        question=question,
        found=found,
        results=[shown(hit, question, told.get((hit.kind, hit.thing_id))) for hit in found.rows],
        meant=meant,
        elsewhere=elsewhere,
        kinds=list(PassageKind),
        programmes=programmes_with_themes(),
        community=community,
    )


def _within(form: SearchForm) -> tuple[int, int] | None:
    if form.topic:
        return queries.find_places_written(form.topic)
    return queries.find_places_said(form.within) if form.within else None
