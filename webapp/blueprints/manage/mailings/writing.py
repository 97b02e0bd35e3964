"""The letters to many of an event, and writing one: its words, its time and its files."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints import uploads
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import ButtonForm, Form, error_list, page_number
from webapp.blueprints.mailings import words as letter_words
from webapp.blueprints.manage.mailings import bp, words
from webapp.blueprints.manage.mailings.forms import LABELS, LARGEST, UNITS, MaterialForm, WhenForm, WordsForm
from webapp.blueprints.merging import Difference
from webapp.errors import DomainError
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.mailings import LetterState, MailKind
from webapp.models.to_many import Mailing
from webapp.queries import to_many as queries
from webapp.queries.events import get_managed_event
from webapp.queries.surveys import surveys_to_lead_to
from webapp.services import files
from webapp.services import to_many as services
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """The event's letters to many, and the rules that are ready to be switched on."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".index", event=found)
    return index_page(found)


@bp.post("/rules/<rule>")
@allow(Who.ORGANISER)
def rule(event: Ref, rule: str) -> Answer:
    """Take a ready-made rule up, as a draft in our words; taken up already, it leads to it."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    services.rule_of(rule)
    form = ButtonForm()
    if not form.validate_on_submit():
        return index_page(found, problem=form.problem), 422
    with attempt():
        mailing = services.begin_rule(found.id, rule, actor=current_user.actor, now=clock.now())
    return redirect(url_for(".show", event=found, mailing=mailing.public_id))


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(event: Ref) -> Answer:
    """Begin a letter: its words first."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    form = WordsForm(data={"kind": MailKind.NEWS.value, "version": 0})
    form.surveys = surveys_to_lead_to(found.id)
    if form.validate_on_submit():
        try:
            with attempt():
                mailing = services.begin(found.id, form.words(), actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            _refuse(form, refused)
        else:
            return redirect(url_for(".audience", event=found, mailing=mailing.public_id))
    return _words_page(found, None, form), 422 if form.is_submitted() else 200


@bp.get("/<mailing>")
@allow(Who.ORGANISER)
def show(event: Ref, mailing: str) -> str:
    """One letter: what it says, to whom and when, how far it has come, and its letters one by one."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    return show_page(found, queries.get_mailing(found.id, mailing))


@bp.route("/<mailing>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(event: Ref, mailing: str) -> Answer:
    """Change what it says."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    form = WordsForm.of(row)
    form.surveys = surveys_to_lead_to(found.id)
    if form.validate_on_submit():
        version = form.version.data or 0
        try:
            with attempt():
                saved = services.change_words(
                    row.id, form.words(), version=version, actor=current_user.actor, now=clock.now()
                )
        except services.MailingChanged as changed:
            return _words_page(found, row, form, theirs=changed_meanwhile(form, row, changed)), changed.status
        except services.NotOpen as refused:
            return show_page(found, row, problem=refused.message), refused.status
        except DomainError as refused:
            _refuse(form, refused)
        else:
            _tell_saved("What the letter says is saved", found, saved)
            return redirect(url_for(".show", event=found, mailing=mailing))
    return _words_page(found, row, form), 422 if form.is_submitted() else 200


@bp.route("/<mailing>/when", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def when(event: Ref, mailing: str) -> Answer:
    """Change when it goes."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    form, status, problem = WhenForm.of(row), 200, ""
    if form.validate_on_submit():
        version = form.version.data or 0
        try:
            with attempt():
                saved = services.change_when(
                    row.id, form.when(), version=version, actor=current_user.actor, now=clock.now()
                )
        except services.MailingChanged as changed:
            form.version.raw_data, form.version.data = None, row.version
            problem = f"{changed.message} It now goes: {words.going(row, found)}."
            status = changed.status
        except services.NotOpen as refused:
            return show_page(found, row, problem=refused.message), refused.status
        else:
            _tell_saved("When the letter goes is saved", found, saved)
            return redirect(url_for(".show", event=found, mailing=mailing))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/mailings/when.html",
        event=found,
        mailing=row,
        form=form,
        units=list(UNITS),
        errors=[{"text": problem}] if problem else error_list(form),
    )
    return page, status


@bp.route("/<mailing>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(event: Ref, mailing: str) -> Answer:
    """Delete a letter of which nothing was sent: first asks, then does."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            with attempt():
                services.delete(row.id, actor=current_user.actor, now=clock.now())
        except services.NotOpen as refused:
            return show_page(found, row, problem=refused.message), refused.status
        flash(f"“{row.name}” is deleted.", "success")
        return redirect(url_for(".index", event=found))
    page = render_template("manage/mailings/remove.html", event=found, mailing=row, problem=form.problem)
    return page, 422 if form.is_submitted() else 200


@bp.route("/<mailing>/material", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def material(event: Ref, mailing: str) -> Answer:
    """The files that go with it: add one."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    uploads.expect(LARGEST, "A file")
    form, now = MaterialForm(data={"place": "link"}), clock.now()
    if form.validate_on_submit() and form.document is not None:
        written = files.write(form.content, form.document.media_type, folder=files_folder(), now=now)
        inside = form.place.data == "inside"
        try:
            with attempt():
                services.add_material(
                    row.id, written, form.filename, form.title.data or "", enclosed=inside,
                    actor=current_user.actor, now=now,
                )  # fmt: skip
        except DomainError as refused:
            return _material_page(found, row, form, problem=refused.message), refused.status
        flash(f"{form.filename} goes with the letter.", "success")
        return redirect(url_for(".material", event=found, mailing=mailing))
    return _material_page(found, row, form), 422 if form.is_submitted() else 200


@bp.post("/<mailing>/material/<material>/remove")
@allow(Who.ORGANISER)
def remove_material(event: Ref, mailing: str, material: str) -> Answer:
    """Take a file out; gone already, it stays so."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _material_page(found, row, MaterialForm(formdata=None), problem=form.problem), 422
    try:
        with attempt():
            services.remove_material(row.id, material, actor=current_user.actor, now=clock.now())
    except services.NotOpen as refused:
        return show_page(found, row, problem=refused.message), refused.status
    flash("The file is taken out.", "success")
    return redirect(url_for(".material", event=found, mailing=mailing))


def _hindrance(event: Event, mailing: Mailing) -> str:
    """Why the letter could not go by itself as things stand; empty where it could."""
    try:
        services.check_confirmable(mailing, event, now=clock.now())
    except services.NotNow as refused:
        return refused.message
    return ""


def _tell_saved(what: str, event: Event, mailing: Mailing) -> None:
    """Say that it is saved; plainly and not as a success where the letter cannot go like this."""
    if _hindrance(event, mailing):
        flash(f"{what}, but the letter cannot go like this.", "info")
    else:
        flash(f"{what}.", "success")


def index_page(event: Event, *, problem: str = "") -> str:
    """The page of all letters to many."""
    rows, now = queries.mailings_of(event.id), clock.now()
    rules = {row.rule: row for row in rows if row.rule}
    queued = {row.id: row.queued_number for row in rows if row.queued_number is not None}
    meant = services.count_each(event, [row for row in rows if row.id not in queued], now=now)
    return render_template(
        "manage/mailings/index.html",
        event=event,
        written=[row for row in reversed(rows) if not row.rule],
        rules=[(one, rules.get(one.key)) for one in services.RULES],
        numbers=queued | {row_id: one.going for row_id, one in meant.items()},
        attendance_is_known=queries.attendance_is_known(event.id),
        progress=queries.progress_of([row.id for row in rows if row.queued_at]),
        words=words,
        why_not={row.id: services.why_not(row, event, now=now) for row in rows},
        writes=may(current_user, Power.DECIDE, event),
        problem=problem,
    )


def show_page(event: Event, mailing: Mailing, *, problem: str = "") -> str:
    """The page of one letter, with a sentence when something about it was refused."""
    now = clock.now()
    state = request.args.get("state", "")
    wanted = LetterState(state) if state in list(LetterState) else None
    queued = mailing.queued_at is not None
    meant = None if queued else services.count(event, mailing.people, mailing.kind, survey=mailing.survey, now=now)
    material = queries.material_of(mailing.id)
    return render_template(
        "manage/mailings/show.html",
        event=event,
        mailing=mailing,
        told=words.told(mailing.people, queries.offered_at(event.id)),
        meant=meant,
        hindrance=_hindrance(event, mailing),
        why_not=services.why_not(mailing, event, now=now) if not queued else "",
        waits_for_attendance=mailing.people.goes_by_attendance and not queries.attendance_is_known(event.id),
        material=material,
        slips=[] if queued else services.slips(mailing, has_material=bool(material)),
        progress=queries.progress_of([mailing.id])[mailing.id] if queued else {},
        found=queries.letters_of(mailing.id, wanted, page=page_number(request.args.get("page", "")))
        if queued
        else None,
        wanted=wanted,
        page_query=lambda page: urlencode({"page": page} | ({"state": wanted.value} if wanted else {})),
        words=words,
        letter_words=letter_words,
        writes=may(current_user, Power.DECIDE, event),
        problem=problem,
    )


def changed_meanwhile(form: Form, mailing: Mailing, changed: services.MailingChanged) -> list[Difference]:
    """Put the form on the version that stands now, and tell what stands beside what was typed."""
    stands: dict[str, Any] = {name: getattr(mailing, name) for name in ("name", "subject", "body")}
    who = mailing.changed_by.name if mailing.changed_by else ""
    found = [
        Difference(LABELS[name], "", value, str(form[name].data or ""), who)
        for name, value in stands.items()
        if value != form[name].data
    ]
    version: Any = form["version"]
    version.raw_data, version.data = None, mailing.version
    form.form_errors = [changed.message]
    return found


def _refuse(form: WordsForm, refused: DomainError) -> None:
    (form.survey if isinstance(refused, services.SurveyNeeded) else form.body).errors = list(refused.sentences)


def _words_page(event: Event, mailing: Mailing | None, form: WordsForm, theirs: list[Difference] | None = None) -> str:
    return render_template(
        "manage/mailings/edit.html" if mailing else "manage/mailings/new.html",
        event=event,
        mailing=mailing,
        form=form,
        placeholders=services.PLACEHOLDERS,
        theirs=theirs or [],
        errors=error_list(form),
    )


def _material_page(event: Event, mailing: Mailing, form: MaterialForm, *, problem: str = "") -> str:
    return render_template(
        "manage/mailings/material.html",
        event=event,
        mailing=mailing,
        form=form,
        material=queries.material_of(mailing.id),
        largest=LARGEST // 1024 // 1024,
        enclosed=services.LARGEST_ENCLOSED // 1024 // 1024,
        most=services.MOST_FILES,
        to=services.MOST_WITH_FILES,
        errors=[{"text": problem}] if problem else error_list(form),
    )
