"""The page of a topic."""

from flask import render_template, request

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at
from webapp.blueprints.communities.forms import ReplyForm
from webapp.blueprints.communities.noting import note_read
from webapp.blueprints.communities.showing import topic_page
from webapp.blueprints.communities.writing import rules_to_read
from webapp.blueprints.forms import page_number


@bp.get("/communities/<ref:community>/topics/<ref:topic>")
@allow(Who.ANYONE)
def topic(community: Ref, topic: Ref) -> str:
    """A topic: its posts, 20 a page, and the form for an answer."""
    found = reached(community, ".topic")
    row = topic_at(found, topic)
    shown = topic_page(found, row, page=page_number(request.args.get("page", "")))
    note_read(row, shown.own.reading, max((one.post.number or 0 for one in shown.posts.rows), default=0))
    form, rules = None, None
    if shown.may_reply:
        form = ReplyForm(formdata=None).ask_for_rules(found, shown.own.participation).take_up(shown.own.draft)
        rules = rules_to_read(found, form)
    return render_template("communities/topic.html", shown=shown, community=found, topic=row, form=form, rules=rules)
