"""Two profiles of one person become one."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.speakers import bp
from webapp.blueprints.manage.speakers.forms import FIRST, SECOND, merge_form
from webapp.blueprints.manage.speakers.profiles import find
from webapp.errors import DomainError
from webapp.folding import clean_line
from webapp.queries import speakers as queries
from webapp.services import speakers as services
from webapp.transaction import attempt


@bp.get("/events/<ref:event>/speakers/<speaker>/merge")
@allow(Who.ORGANISER)
def choose(event: Ref, speaker: str) -> str:
    """Which profile is the same person's."""
    found, row = find(event, speaker, ".choose", editing=True)
    text = clean_line(request.args.get("q", ""))[:100]
    others = queries.suggest_speakers(text, 20) if text else queries.speakers_alike(row.name, but=row.id, limit=20)
    return render_template(
        "manage/speakers/choose.html",
        event=found,
        speaker=row,
        text=text,
        others=[other for other in others if other.id != row.id],
        editable=queries.editable_among([other.id for other in others], viewer=current_user),
    )


@bp.route("/events/<ref:event>/speakers/<speaker>/merge/<other>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def merge(event: Ref, speaker: str, other: str) -> str | Response | tuple[str, int]:
    """The two side by side: which stays, what is kept of either, and what will happen."""
    found, first = find(event, speaker, ".merge", editing=True, other=other)
    second = queries.get_editable(other, viewer=current_user)
    if second.merged_into_id is not None and request.method != "POST":
        return redirect(url_for(".choose", event=found, speaker=first.public_id))
    form, problem, status = merge_form(first, second), "", 200
    if form.validate_on_submit():
        pair = {FIRST: (first, int(form.first_version.data or 0)), SECOND: (second, int(form.second_version.data or 0))}
        stays = str(form.stays.data)
        goes = SECOND if stays == FIRST else FIRST
        try:
            with attempt():
                staying = services.merge(
                    pair[stays][0].id,
                    pair[goes][0].id,
                    from_going=form.taken_from(goes),
                    versions=(pair[stays][1], pair[goes][1]),
                    actor=current_user.actor,
                    now=clock.now(),
                    event_id=found.id,
                )
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"There is one profile of {staying.name} now, and it has everything.", "success")
            return redirect(url_for(".show", event=found, speaker=staying.public_id))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/speakers/merge.html",
        event=found,
        pair=[(first, queries.merge_figures(first.id)), (second, queries.merge_figures(second.id))],
        form=form,
        errors=[{"text": problem}] if problem else error_list(form),
    )
    return page, status
