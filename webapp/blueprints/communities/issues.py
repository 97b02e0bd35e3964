"""Emerging issues: the board of a community, and an issue moved on."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_moderate, may_write_in
from webapp.blueprints.acting import answered
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at
from webapp.blueprints.communities.keeping_forms import NO_STRAND, BoardForm, IssueForm
from webapp.blueprints.forms import error_list
from webapp.errors import NotFound
from webapp.models.topics import IssueStage, Topic, TopicKind
from webapp.queries import topics
from webapp.queries.programmes import themes_of
from webapp.services import topics as services
from webapp.templating import local


@bp.get("/communities/<ref:community>/issues")
@allow(Who.ANYONE)
def issues(community: Ref) -> str:
    """The emerging issues of a community by stage and strand."""
    found, form = reached(community, ".issues"), BoardForm(request.args)
    themes, owners = themes_of(found.programme_id), topics.owners_in(found.id)
    today = local(clock.now()).date()
    page = topics.issues_in(found.id, form.wanted(themes, owners, today), page=form.page)
    counts = topics.count_issues(found.id)
    used: list[tuple[str, str, int | None]] = []
    used += [(one.public_id, one.name, one.id) for one in themes if any(theme == one.id for theme, _ in counts)]
    if any(theme is None for theme, _ in counts):
        used.append((NO_STRAND, "No strand", None))
    return render_template(
        "communities/issues.html",
        community=found,
        form=form,
        page=page,
        stages=list(IssueStage),
        by_stage={stage: [one for one in page.rows if one.stage is stage] for stage in IssueStage},
        counts=counts,
        strands=used,
        owners=owners,
        moves=topics.last_moves([one.id for one in page.rows]),
        today=today,
        may_write=may_write_in(current_user, found),
    )


@bp.route("/communities/<ref:community>/topics/<ref:topic>/issue", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def issue(community: Ref, topic: Ref) -> Response | tuple[str, int]:
    """Move an issue on: its stage, who answers for it, and by when."""
    found = reached(community, ".issue")
    row, moderates = topic_at(found, topic), may_moderate(current_user, found)
    owns = row.owner_id == current_user.id and may_write_in(current_user, found)
    if row.kind is not TopicKind.ISSUE or not (moderates or owns):
        raise NotFound
    form = _form_of(row, moderates=moderates)

    def act() -> Response:
        owner = _owner_of(form, row, moderates=moderates)
        services.move_issue(
            row.id,
            services.IssueState(stage=IssueStage(form.stage.data), owner_id=owner, due_on=form.due_on.data),
            version=form.version.data or 0,
            moderates=moderates,
            actor=current_user.actor,
            now=clock.now(),
        )
        flash("The issue is saved.", "success")
        return redirect(url_for(".topic", community=found, topic=row))

    def page() -> str:
        handles = topics.handles_in(found.id) if moderates else []
        shown = {"community": found, "topic": row, "form": form, "errors": error_list(form)}
        return render_template("communities/issue.html", handles=handles, **shown)

    return answered(form, act, page)


def _form_of(topic: Topic, *, moderates: bool) -> IssueForm:
    values = {"stage": topic.stage, "due_on": topic.due_on, "version": topic.version}
    form = IssueForm(data=values | {"owner": topics.handle_of(topic.owner_id)})
    if not moderates:
        del form.owner
    return form.ask_about(local(clock.now()).date(), topic.due_on)


def _owner_of(form: IssueForm, topic: Topic, *, moderates: bool) -> int | None:
    """The id of who was chosen to answer for it, if anybody was; 0, whom nobody is, for a handle that nobody has."""
    if not moderates:
        return topic.owner_id
    if not form.handle:
        return None
    return next((one.person_id for one in topics.people_by_handle([form.handle])), 0)
