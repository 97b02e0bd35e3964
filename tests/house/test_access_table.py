"""Who may reach what: one list of every door, compared with the application."""

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import settings_for
from webapp import create_app
from webapp.access import Who

pytestmark = pytest.mark.memory

# Flask's own door to our style sheets and scripts, which hold nothing of anybody.
WITHOUT_DECORATOR = {"static"}

TABLE = """
accounts.link_sent               GET       anyone
accounts.password                GET/POST  signed in
accounts.show                    GET/POST  signed in
accounts.sign_in                 GET/POST  anyone
accounts.sign_in_by_password     GET/POST  anyone
accounts.sign_out                GET/POST  anyone
accounts.signed_out              GET       anyone
accounts.use_link                GET/POST  holder of a personal link
agenda.changes                   GET       anyone
agenda.changes_feed              GET       anyone
agenda.events                    GET       signed in
agenda.mine                      GET       signed in
agenda.schedule_as_json          GET       anyone
agenda.schedule_as_xml           GET       anyone
agenda.session                   GET       anyone
agenda.show                      GET       anyone
agenda.star                      POST      signed in
agenda.table                     GET       anyone
agenda.unstar                    POST      signed in
agenda.version                   GET       anyone
areas.add_file                   GET/POST  signed in
areas.add_link                   GET/POST  signed in
areas.contacts                   GET/POST  signed in
areas.describe                   GET/POST  signed in
areas.document                   GET/POST  signed in
areas.documents                  GET       signed in
areas.download                   GET       anyone
areas.erase                      GET/POST  signed in
areas.history                    GET       signed in
areas.move_document              POST      signed in
areas.remove_document            GET/POST  signed in
areas.show                       GET       anyone
areas.strand                     GET/POST  signed in
attendance.here                  GET/POST  anyone
attendance.ticket                GET/POST  holder of a personal link
calendars.agenda                 GET       signed in
calendars.choose                 GET/POST  signed in
calendars.choose_by_link         GET/POST  holder of a personal link
calendars.community_feed         GET       anyone
calendars.event                  GET       anyone
calendars.event_feed             GET       anyone
calendars.feed                   GET       holder of a personal link
calendars.open_feed              POST      signed in
calendars.own_community_feed     GET       holder of a personal link
calendars.programme_feed         GET       anyone
calendars.revoke_feed            POST      signed in
calendars.session                GET       anyone
calendars.speaker_feed           GET       anyone
communities.accept               POST      signed in
communities.accept_rules         POST      signed in
communities.acknowledge          POST      signed in
communities.add_poll             GET/POST  signed in
communities.begin                GET/POST  signed in
communities.case                 GET/POST  signed in
communities.choose_letters       POST      signed in
communities.claim                POST      signed in
communities.close                POST      signed in
communities.close_poll           POST      signed in
communities.delete               GET/POST  signed in
communities.dismiss_moderator    POST      signed in
communities.edit                 GET/POST  signed in
communities.feed                 GET       anyone
communities.file                 GET       anyone
communities.follow               POST      signed in
communities.have_too             POST      signed in
communities.history              GET       anyone
communities.in_my_role           GET       signed in
communities.index                GET       anyone
communities.issue                GET/POST  signed in
communities.issues               GET       anyone
communities.keep_reply           POST      signed in
communities.keep_topic           POST      signed in
communities.letters              GET/POST  signed in
communities.meetings             GET       anyone
communities.merge                GET/POST  signed in
communities.moderate             GET       signed in
communities.moderation           GET       signed in
communities.moderation_everywhere GET       signed in
communities.moderators           GET/POST  signed in
communities.move                 GET/POST  signed in
communities.mute                 POST      signed in
communities.open_calendar        POST      signed in
communities.people               GET       signed in
communities.people_to_mention    GET       signed in
communities.person               GET       signed in
communities.pin                  POST      signed in
communities.post                 GET       anyone
communities.profile              GET/POST  signed in
communities.quote                GET       signed in
communities.read_all             POST      signed in
communities.read_on              GET       anyone
communities.received             GET       signed in
communities.release              POST      signed in
communities.remove_poll          POST      signed in
communities.reply                GET/POST  signed in
communities.report               GET/POST  signed in
communities.reported             GET       signed in
communities.rules                GET       anyone
communities.show                 GET       anyone
communities.split                GET/POST  signed in
communities.stop_letters         GET/POST  holder of a personal link
communities.topic                GET       anyone
communities.unread               GET       signed in
communities.vote                 POST      signed in
communities.want_letters         POST      holder of a personal link
events.index                     GET       anyone
events.join                      GET       anyone
events.material                  GET       anyone
events.show                      GET       anyone
library.collection               GET       anyone
library.collections              GET       anyone
library.feed                     GET       anyone
library.file                     GET       anyone
library.index                    GET       anyone
library.show                     GET       anyone
mailbox.calendar                 GET       developer
mailbox.html                     GET       developer
mailbox.index                    GET       developer
mailbox.show                     GET       developer
mailbox.source                   GET       developer
mailings.calendar                GET       signed in
mailings.html                    GET       signed in
mailings.index                   GET       signed in
mailings.show                    GET       signed in
mailings.source                  GET       signed in
manage.abbreviations.edit        GET/POST  organiser
manage.abbreviations.index       GET       organiser
manage.abbreviations.new         GET/POST  organiser
manage.abbreviations.remove      GET/POST  organiser
manage.activity.download         GET       organiser
manage.activity.index            GET       organiser
manage.activity.person           GET       organiser
manage.admission.change          POST      organiser
manage.admission.programme       POST      organiser
manage.admission.show            GET       organiser
manage.agenda.nudge              POST      organiser
manage.agenda.open_draft         POST      organiser
manage.agenda.place              POST      organiser
manage.agenda.run_sheet          GET       organiser
manage.agenda.show               GET       organiser
manage.agenda_files.download     GET       organiser
manage.agenda_files.index        GET       organiser
manage.areas.edit                GET/POST  organiser
manage.areas.new                 GET/POST  organiser
manage.areas.remove              GET/POST  organiser
manage.attendance.download       GET       organiser
manage.attendance.index          GET       organiser
manage.attendance.record         GET/POST  organiser
manage.attendance.remove         GET/POST  organiser
manage.attendance.report         GET       organiser
manage.attendance.upload         GET/POST  organiser
manage.check_in.add              POST      organiser
manage.check_in.index            GET       organiser
manage.check_in.new_code         POST      organiser
manage.check_in.remove           POST      organiser
manage.check_in.scan             GET       organiser
manage.check_in.screen           GET       organiser
manage.collections.add           POST      organiser
manage.collections.archive       POST      organiser
manage.collections.bring_back    POST      organiser
manage.collections.edit          GET/POST  organiser
manage.collections.index         GET       organiser
manage.collections.move          POST      organiser
manage.collections.new           GET/POST  organiser
manage.collections.publish       POST      organiser
manage.collections.show          GET       organiser
manage.communities.archive       POST      organiser
manage.communities.bring_back    POST      organiser
manage.communities.category      GET/POST  organiser
manage.communities.download      GET       organiser
manage.communities.download_of_all GET       organiser
manage.communities.edit          GET/POST  organiser
manage.communities.figures       GET       organiser
manage.communities.figures_of_all GET       organiser
manage.communities.index         GET       organiser
manage.communities.meetings      GET/POST  organiser
manage.communities.move_category POST      organiser
manage.communities.new           GET/POST  organiser
manage.communities.new_category  GET/POST  organiser
manage.communities.remove_category GET/POST  organiser
manage.communities.rules         GET/POST  organiser
manage.communities.show          GET       organiser
manage.dashboard.download        GET       organiser
manage.dashboard.organisations   GET       organiser
manage.events.copy               GET/POST  organiser
manage.events.index              GET       organiser
manage.events.new                GET/POST  organiser
manage.events.show               GET       organiser
manage.exports.create            POST      organiser
manage.exports.download          GET       organiser
manage.exports.index             GET       organiser
manage.exports.show              GET       organiser
manage.frameworks.about          GET/POST  organiser
manage.frameworks.index          GET       organiser
manage.frameworks.move           POST      organiser
manage.frameworks.new            GET/POST  organiser
manage.frameworks.new_outcome    GET/POST  organiser
manage.frameworks.offer          POST      organiser
manage.frameworks.outcome        GET/POST  organiser
manage.frameworks.publish        POST      organiser
manage.frameworks.remove_outcome GET/POST  organiser
manage.frameworks.send           GET/POST  organiser
manage.frameworks.show           GET       organiser
manage.frameworks.version        GET       organiser
manage.imports.confirm           POST      organiser
manage.imports.new               GET/POST  organiser
manage.imports.show              GET       organiser
manage.imports.template          GET       organiser
manage.invitees.index            GET       organiser
manage.invitees.new              GET/POST  organiser
manage.invitees.restore          POST      organiser
manage.invitees.revoke           POST      organiser
manage.invitees.send             POST      organiser
manage.invitees.send_all         GET/POST  organiser
manage.letters.act               GET/POST  organiser
manage.letters.calendar          GET       organiser
manage.letters.html              GET       organiser
manage.letters.index             GET       organiser
manage.letters.person            GET       organiser
manage.letters.show              GET       organiser
manage.letters.source            GET       organiser
manage.library.archive           POST      organiser
manage.library.author            POST      organiser
manage.library.bring_back        POST      organiser
manage.library.edit              GET/POST  organiser
manage.library.file              GET/POST  organiser
manage.library.index             GET       organiser
manage.library.new               GET/POST  organiser
manage.library.publish           POST      organiser
manage.library.remove_file       POST      organiser
manage.library.sessions          GET/POST  organiser
manage.library.show              GET       organiser
manage.life.archive              POST      organiser
manage.life.bring_back           POST      organiser
manage.life.cancel               GET/POST  organiser
manage.life.publish              POST      organiser
manage.life.show                 GET       organiser
manage.life.withdraw             GET/POST  organiser
manage.mailings.audience         GET/POST  organiser
manage.mailings.cancel           POST      organiser
manage.mailings.confirm          GET/POST  organiser
manage.mailings.edit             GET/POST  organiser
manage.mailings.index            GET       organiser
manage.mailings.material         GET/POST  organiser
manage.mailings.new              GET/POST  organiser
manage.mailings.preview          GET       organiser
manage.mailings.preview_html     GET       organiser
manage.mailings.rehearsal        GET       organiser
manage.mailings.rehearsed        GET       organiser
manage.mailings.rehearsed_html   GET       organiser
manage.mailings.remove           GET/POST  organiser
manage.mailings.remove_material  POST      organiser
manage.mailings.rule             POST      organiser
manage.mailings.show             GET       organiser
manage.mailings.stop             POST      organiser
manage.mailings.test             POST      organiser
manage.mailings.when             GET/POST  organiser
manage.materials.add_files       GET/POST  organiser
manage.materials.add_link        GET/POST  organiser
manage.materials.edit            GET/POST  organiser
manage.materials.fetch           GET       organiser
manage.materials.index           GET       organiser
manage.materials.move            POST      organiser
manage.materials.offer_given     GET/POST  organiser
manage.materials.remove          GET/POST  organiser
manage.member_imports.confirm    POST      organiser
manage.member_imports.new        GET/POST  organiser
manage.member_imports.show       GET       organiser
manage.member_imports.template   GET       organiser
manage.memberships.add           GET/POST  organiser
manage.memberships.download      GET       organiser
manage.memberships.end           GET/POST  organiser
manage.memberships.index         GET       organiser
manage.memberships.invitations   GET       organiser
manage.memberships.role          GET/POST  organiser
manage.memberships.send          POST      organiser
manage.memberships.show          GET       organiser
manage.memberships.withdraw      POST      organiser
manage.milestones.edit           GET/POST  organiser
manage.milestones.new            GET/POST  organiser
manage.milestones.remove         GET/POST  organiser
manage.people.change             GET/POST  organiser
manage.people.index              GET       organiser
manage.people.invite             GET/POST  organiser
manage.people.leave              GET/POST  organiser
manage.people.letter             POST      organiser
manage.people.remove             GET/POST  organiser
manage.programmes.add_part       POST      organiser
manage.programmes.edit           GET/POST  organiser
manage.programmes.index          GET       organiser
manage.programmes.new            GET/POST  organiser
manage.programmes.remove_part    POST      organiser
manage.programmes.show           GET       organiser
manage.publications.about        GET/POST  organiser
manage.publications.about_issue  GET/POST  organiser
manage.publications.approve      GET/POST  organiser
manage.publications.article      GET       organiser
manage.publications.authors      GET/POST  organiser
manage.publications.bring_back   GET/POST  organiser
manage.publications.cover        GET/POST  organiser
manage.publications.erase_versions GET/POST  organiser
manage.publications.figure       GET/POST  organiser
manage.publications.found        GET/POST  organiser
manage.publications.history      GET       organiser
manage.publications.index        GET       organiser
manage.publications.issue        GET       organiser
manage.publications.kept_picture GET       organiser
manage.publications.move         POST      organiser
manage.publications.new          GET/POST  organiser
manage.publications.new_article  GET/POST  organiser
manage.publications.new_figure   GET/POST  organiser
manage.publications.new_issue    GET/POST  organiser
manage.publications.publish      GET/POST  organiser
manage.publications.read_in      GET/POST  organiser
manage.publications.remove       GET/POST  organiser
manage.publications.remove_figure GET/POST  organiser
manage.publications.review       POST      organiser
manage.publications.review_issue POST      organiser
manage.publications.show         GET       organiser
manage.publications.take_article_back POST      organiser
manage.publications.take_back    POST      organiser
manage.publications.tick_off     POST      organiser
manage.publications.version      GET       organiser
manage.publications.write        GET/POST  organiser
manage.questions.answer          GET/POST  organiser
manage.questions.delete          GET/POST  organiser
manage.questions.edit            GET/POST  organiser
manage.questions.index           GET       organiser
manage.questions.move            POST      organiser
manage.questions.new             GET/POST  organiser
manage.questions.restore         POST      organiser
manage.questions.retire          POST      organiser
manage.recordings.add            GET/POST  organiser
manage.recordings.edit           GET/POST  organiser
manage.recordings.index          GET       organiser
manage.recordings.move           POST      organiser
manage.recordings.none           GET/POST  organiser
manage.recordings.publish        POST      organiser
manage.recordings.recorded       POST      organiser
manage.recordings.remove         GET/POST  organiser
manage.recordings.show           GET       organiser
manage.recordings.take_back      POST      organiser
manage.recordings.upload         GET/POST  organiser
manage.registrations.add         GET/POST  organiser
manage.registrations.add_note    POST      organiser
manage.registrations.add_tag     POST      organiser
manage.registrations.approve     POST      organiser
manage.registrations.cancel      GET/POST  organiser
manage.registrations.decline     GET/POST  organiser
manage.registrations.delete_note POST      organiser
manage.registrations.edit        GET/POST  organiser
manage.registrations.index       GET       organiser
manage.registrations.remove_tag  POST      organiser
manage.registrations.send_again  POST      organiser
manage.registrations.several     GET/POST  organiser
manage.registrations.show        GET       organiser
manage.registrations.swap        GET/POST  organiser
manage.releases.index            GET       organiser
manage.releases.new              GET/POST  organiser
manage.releases.under_way        GET       organiser
manage.series.add                POST      organiser
manage.series.index              GET       organiser
manage.series.new                GET/POST  organiser
manage.series.publish            POST      organiser
manage.series.remove             GET/POST  organiser
manage.series.show               GET       organiser
manage.sessions.cancel           GET/POST  organiser
manage.sessions.edit             GET/POST  organiser
manage.sessions.move             GET/POST  organiser
manage.sessions.new              GET/POST  organiser
manage.sessions.restore          POST      organiser
manage.sessions.shift            POST      organiser
manage.sessions.swap             POST      organiser
manage.setup.about               GET/POST  organiser
manage.setup.afterwards          GET/POST  organiser
manage.setup.contact             GET/POST  organiser
manage.setup.days                GET/POST  organiser
manage.setup.joining             GET       organiser
manage.setup.place               GET/POST  organiser
manage.setup.preview             GET       organiser
manage.setup.registration        GET/POST  organiser
manage.setup.show                GET       organiser
manage.sign_ups.add              POST      organiser
manage.sign_ups.door             GET       organiser
manage.sign_ups.download         GET       organiser
manage.sign_ups.download_all     GET       organiser
manage.sign_ups.index            GET       organiser
manage.sign_ups.remove           GET/POST  organiser
manage.sign_ups.show             GET       organiser
manage.speakers.choose           GET       organiser
manage.speakers.edit             GET/POST  organiser
manage.speakers.index            GET       organiser
manage.speakers.invite           GET/POST  organiser
manage.speakers.kept_photo       GET       organiser
manage.speakers.merge            GET/POST  organiser
manage.speakers.new              GET/POST  organiser
manage.speakers.revoke           POST      organiser
manage.speakers.show             GET       organiser
manage.speakers.slides           GET       organiser
manage.speakers.suggest          GET       organiser
manage.streams.index             GET/POST  organiser
manage.streams.move              POST      organiser
manage.streams.remove            GET/POST  organiser
manage.streams.room              GET/POST  organiser
manage.streams.stream            GET/POST  organiser
manage.survey_results.add_theme  POST      organiser
manage.survey_results.answers    GET       organiser
manage.survey_results.compare    GET       organiser
manage.survey_results.numbers    GET       organiser
manage.survey_results.printed    GET       organiser
manage.survey_results.public     GET/POST  organiser
manage.survey_results.put_themes POST      organiser
manage.survey_results.remove_text GET/POST  organiser
manage.survey_results.remove_theme GET/POST  organiser
manage.survey_results.responses  GET       organiser
manage.survey_results.show       GET       organiser
manage.survey_results.texts      GET       organiser
manage.survey_results.written    GET       organiser
manage.surveys.add_about_you     POST      organiser
manage.surveys.address_code      GET       organiser
manage.surveys.become            GET/POST  organiser
manage.surveys.copy              GET/POST  organiser
manage.surveys.delete            GET/POST  organiser
manage.surveys.delete_question   GET/POST  organiser
manage.surveys.delete_section    GET/POST  organiser
manage.surveys.index             GET       organiser
manage.surveys.move_question     POST      organiser
manage.surveys.move_section      POST      organiser
manage.surveys.new               GET/POST  organiser
manage.surveys.new_for_event     GET/POST  organiser
manage.surveys.new_question      GET/POST  organiser
manage.surveys.new_section       GET/POST  organiser
manage.surveys.of_event          GET       organiser
manage.surveys.preview           GET       organiser
manage.surveys.publish           GET/POST  organiser
manage.surveys.question          GET/POST  organiser
manage.surveys.questions         GET       organiser
manage.surveys.section           GET/POST  organiser
manage.surveys.settings          GET/POST  organiser
manage.surveys.show              GET       organiser
manage.surveys.texts             GET/POST  organiser
manage.surveys.version           GET       organiser
manage.surveys.write             POST      organiser
manage.themes.edit               GET/POST  organiser
manage.themes.move               POST      organiser
manage.themes.new                GET/POST  organiser
manage.themes.remove             GET/POST  organiser
manage.transcripts.about         GET/POST  organiser
manage.transcripts.accept        POST      organiser
manage.transcripts.ask_to_check  POST      organiser
manage.transcripts.decline       POST      organiser
manage.transcripts.delete_source GET/POST  organiser
manage.transcripts.doubts        GET       organiser
manage.transcripts.erase         GET/POST  organiser
manage.transcripts.erase_words   GET/POST  organiser
manage.transcripts.history       GET       organiser
manage.transcripts.index         GET       organiser
manage.transcripts.join          POST      organiser
manage.transcripts.labels        GET/POST  organiser
manage.transcripts.proposals     GET       organiser
manage.transcripts.publish       GET/POST  organiser
manage.transcripts.put_back      POST      organiser
manage.transcripts.read_in       GET/POST  organiser
manage.transcripts.remove        POST      organiser
manage.transcripts.show          GET       organiser
manage.transcripts.source        GET       organiser
manage.transcripts.split         GET/POST  organiser
manage.transcripts.take_back     POST      organiser
manage.transcripts.turn          GET/POST  organiser
manage.waves.edit                GET/POST  organiser
manage.waves.move                POST      organiser
manage.waves.new                 GET/POST  organiser
manage.waves.remove              GET/POST  organiser
manage.wordings.edit             GET/POST  organiser
manage.wordings.html             POST      organiser
manage.wordings.index            GET       organiser
manage.wordings.original         GET/POST  organiser
materials.download               GET       anyone
materials.index                  GET       anyone
memberships.domains              GET/POST  signed in
memberships.end                  GET/POST  signed in
memberships.index                GET       signed in
memberships.invitation           GET/POST  holder of a personal link
memberships.invite               GET/POST  signed in
memberships.join                 GET/POST  signed in
memberships.leave                GET/POST  signed in
memberships.people               GET       signed in
memberships.role                 GET/POST  signed in
memberships.send                 POST      signed in
memberships.withdraw             POST      signed in
organisations.suggest            GET       anyone
pages.accessibility              GET       anyone
pages.contact                    GET       anyone
pages.cookies                    GET       anyone
pages.health                     GET       anyone
pages.home                       GET       anyone
pages.privacy                    GET       anyone
pages.robots                     GET       anyone
pages.security_file              GET       anyone
pages.security_policy            GET       anyone
pages.worried                    GET       anyone
preferences.by_link              GET/POST  holder of a personal link
preferences.mine                 GET/POST  signed in
preferences.undo                 POST      holder of a personal link
preferences.unsubscribe          GET/POST  holder of a personal link
programmes.compare               GET       anyone
programmes.download              GET       anyone
programmes.index                 GET       anyone
programmes.show                  GET       anyone
publications.article             GET       anyone
publications.feed                GET       anyone
publications.feed_of             GET       anyone
publications.index               GET       anyone
publications.issue               GET       anyone
publications.picture             GET       anyone
publications.show                GET       anyone
publications.whole               GET       anyone
recordings.captions              GET       anyone
recordings.file                  GET       anyone
reflections.add_entry            POST      signed in
reflections.begin                GET/POST  signed in
reflections.blank                GET       anyone
reflections.changes              GET       signed in
reflections.delete               GET/POST  signed in
reflections.delete_entry         GET/POST  signed in
reflections.delete_team          GET/POST  signed in
reflections.document             GET       signed in
reflections.erase                GET/POST  signed in
reflections.file                 GET       signed in
reflections.index                GET       signed in
reflections.new_team             GET/POST  signed in
reflections.pdf                  POST      signed in
reflections.put_back             POST      signed in
reflections.remove_member        POST      signed in
reflections.rename               GET/POST  signed in
reflections.share                GET/POST  signed in
reflections.show                 GET       signed in
reflections.stop_sharing         POST      signed in
reflections.team                 GET/POST  signed in
reflections.tool                 GET       anyone
reflections.tools                GET       anyone
reflections.word                 GET       signed in
reflections.write                GET/POST  signed in
registrations.accept             POST      holder of a personal link
registrations.ask_link           GET/POST  anyone
registrations.cancel             GET/POST  holder of a personal link
registrations.change             GET/POST  holder of a personal link
registrations.check              GET/POST  anyone
registrations.done               GET       anyone
registrations.invited            GET/POST  holder of a personal link
registrations.join               GET       holder of a personal link
registrations.material           GET       holder of a personal link
registrations.new                GET/POST  anyone
registrations.recording          GET       holder of a personal link
registrations.recording_captions GET       holder of a personal link
registrations.recording_file     GET       holder of a personal link
registrations.show               GET       holder of a personal link
registrations.swap               GET/POST  holder of a personal link
saved.index                      GET       signed in
saved.new                        GET/POST  signed in
saved.note                       GET/POST  signed in
saved.remove                     POST      signed in
search.index                     GET       anyone
series.leave                     GET/POST  holder of a personal link
series.member                    GET       holder of a personal link
series.show                      GET       anyone
sign_ups.give_up                 GET/POST  holder of a personal link
sign_ups.index                   GET       holder of a personal link
sign_ups.leave                   POST      signed in
sign_ups.new                     POST      signed in
sign_ups.take                    POST      holder of a personal link
speakers.add_slides              POST      holder of a personal link
speakers.confirm                 POST      holder of a personal link
speakers.decline                 GET/POST  holder of a personal link
speakers.kept_photo              GET       holder of a personal link
speakers.own_photo               GET       holder of a personal link
speakers.own_slides              GET       holder of a personal link
speakers.photo                   GET       anyone
speakers.profile                 GET/POST  holder of a personal link
speakers.propose                 GET/POST  holder of a personal link
speakers.remove_slides           POST      holder of a personal link
speakers.session                 GET/POST  holder of a personal link
speakers.show                    GET       anyone
speakers.speaking                GET       holder of a personal link
speakers.take_back               POST      holder of a personal link
speakers.transcript              GET       holder of a personal link
survey_results.show              GET       anyone
surveys.begin                    GET       holder of a personal link
surveys.check                    GET/POST  holder of a personal link
surveys.done                     GET       holder of a personal link
surveys.everything               GET/POST  holder of a personal link
surveys.question                 GET/POST  holder of a personal link
surveys.show                     GET       anyone
surveys.start                    POST      anyone
transcripts.download             GET       anyone
transcripts.quotation            GET       anyone
transcripts.show                 GET       anyone
transcripts.turn                 GET       anyone
"""


def doors(app: Flask) -> list[str]:
    """One line for each endpoint: what it is called, by which methods it opens, and to whom."""
    lines = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in WITHOUT_DECORATOR:
            who = getattr(app.view_functions[rule.endpoint], "who", "NOBODY SAID")
            methods = "/".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            lines.append(f"{rule.endpoint:<32} {methods:<9} {who}")
    return sorted(lines)


def test_doors_are_those_of_the_table(house: Flask) -> None:
    found = doors(house)
    assert found == TABLE.strip().splitlines(), "the table should read:\n" + "\n".join(found)


def test_every_door_carries_the_decorator(house: Flask) -> None:
    bare = {
        endpoint for endpoint, view in house.view_functions.items() if not isinstance(getattr(view, "who", None), Who)
    }
    assert bare == WITHOUT_DECORATOR


def test_developers_doors_are_shut_in_production(house: Flask, tmp_path: Path) -> None:
    production = create_app(settings_for(tmp_path, "sqlite://", env="production", mailbox_dir=str(tmp_path)))

    shut = sorted(set(doors(house)) - set(doors(production)))

    assert shut == [line for line in TABLE.strip().splitlines() if line.endswith(Who.DEVELOPER)]
    assert doors(production) == [line for line in TABLE.strip().splitlines() if not line.endswith(Who.DEVELOPER)]


def test_organisers_side_opens_to_organisers_alone(house: Flask) -> None:
    inside = [line for line in doors(house) if line.startswith("manage.")]
    by_address = {rule.endpoint for rule in house.url_map.iter_rules() if rule.rule.startswith("/manage")}

    assert inside
    assert [line for line in inside if not line.endswith(Who.ORGANISER)] == []
    assert {line.split()[0] for line in inside} == by_address
