"""What is kept about people of programmes and their communities, and in which columns."""

from collections.abc import Mapping

from webapp.models.personal.kinds import NOT_PERSONAL, Erasure, Held, Keeping, Nothing, Whose

ASKED = "Until you ask us to erase it. Nothing deletes it by itself"

BELONGING = Keeping(
    title="Where you belong in a programme",
    what="The areas, waves, groups and programmes that you belong to, by which role and for which organisation, who"
    " added or invited you or ended it, the name and address that an invitation went to, and when you joined and left",
    whose=Whose.ATTENDEE,
    why="So that you reach what is meant for the people of your area or wave, and others do not",
    until=ASKED,
    erasure=Erasure.DELETED,
)
AREAS = Keeping(
    title="What an area says of itself",
    what="The people to ask whom an area names, with their role, address and telephone number, what its people write"
    " about its work, and earlier versions of it with who changed them. Most of it is public",
    whose=Whose.ORGANISER,
    why="So that other areas learn from it, and know whom to ask",
    until="Until the area takes it out, or you ask us to",
    erasure=Erasure.EMPTIED,
)
IN_COMMUNITIES = Keeping(
    title="How you take part in communities",
    what="What you tell others of yourself there, which rules of conduct you accepted and when, how far you have read,"
    " what you follow and mute, and how often letters come",
    whose=Whose.ATTENDEE,
    why="To show you what is new to you, to write to you no more than you want, and to let others know who writes",
    until=ASKED,
    erasure=Erasure.DELETED,
)
POSTS = Keeping(
    title="What you write in communities",
    what="Your topics and posts with their files and earlier versions, whom they mention and quote, what you began and"
    " did not send, what you voted for in polls, and the questions that you have, too",
    whose=Whose.ATTENDEE,
    why="So that the people of a community learn from one another. Who reads it, each community says",
    until="Until you delete it, a moderator takes it away, or you ask us to erase it",
    erasure=Erasure.DELETED,
)
MODERATION = Keeping(
    title="What was reported in communities",
    what="Which post was reported or held, by whom and why, who looked at it, and what was decided and told",
    whose=Whose.ATTENDEE,
    why="To keep communities safe, to answer for what was decided, and to act when somebody is worried about a child",
    until=ASKED,
    erasure=Erasure.EMPTIED,
)
COMMUNITY_KEEPINGS = (BELONGING, IN_COMMUNITIES, POSTS, MODERATION)

COMMUNITY_TABLES: Mapping[str, Nothing | Mapping[str, Held]] = {
    "waves": NOT_PERSONAL,
    "wave_stages": NOT_PERSONAL,
    "milestones": NOT_PERSONAL,
    "areas": {
        **AREAS.of("summary conditions"),
        **NOT_PERSONAL.of("id public_id programme_id wave_id organisation_id slug name email_domains demonstration"),
        **NOT_PERSONAL.of("version created_at updated_at"),
    },
    "area_partners": NOT_PERSONAL,
    "area_strands": AREAS.of("id area_id theme_id model features challenges"),
    "area_contacts": AREAS.of("id area_id position name job_title email telephone"),
    "area_documents": AREAS.of("id public_id area_id position title file_id filename url reach created_at updated_at"),
    "area_versions": AREAS.of("id area_id number at changed_by_id content"),
    "memberships": BELONGING.of(
        "id public_id person_id programme_id wave_id area_id community_id place role organisation_id how added_by_id"
        " joined_at ended_at ended_by_id"
    ),
    "membership_invitations": BELONGING.of(
        "id public_id nonce programme_id wave_id area_id community_id role name email email_folded invited_by_id"
        " created_at expires_at accepted_at withdrawn_at"
    ),
    "communities": {
        **MODERATION.of("child_lead_name child_lead_email"),
        **NOT_PERSONAL.of("id public_id slug programme_id wave_id theme_id is_group name summary openness"),
        **NOT_PERSONAL.of("first_posts_held mail_without_content rules_number archived_at demonstration version"),
        **NOT_PERSONAL.of("created_at updated_at"),
    },
    "categories": NOT_PERSONAL,
    "community_events": NOT_PERSONAL,
    "conduct_rules": {**NOT_PERSONAL.of("id community_id number body made_at"), **MODERATION.of("made_by_id")},
    "participations": IN_COMMUNITIES.of(
        "id community_id person_id joined_at rules_accepted rules_accepted_at read_until mutes pace told_until"
        " published_posts"
    ),
    "member_profiles": IN_COMMUNITIES.of(
        "id public_id person_id handle job_title job_title_folded about shows_places shows_organisation shows_email"
        " listed version created_at updated_at"
    ),
    "topics": {
        **POSTS.of("slug title author_id created_at last_author_id owner_id"),
        **NOT_PERSONAL.of("id public_id community_id category_id kind theme_id last_number last_post_at posts"),
        **NOT_PERSONAL.of("is_pinned closed_at withheld_at merged_into_id accepted_number same_questions stage due_on"),
        **NOT_PERSONAL.of("answered_at version"),
    },
    "posts": POSTS.of(
        "id public_id topic_id community_id number author_id body state created_at published_at edited_at kept version"
    ),
    "post_versions": POSTS.of("id post_id number body at by_id"),
    "post_files": POSTS.of("id public_id post_id position file_id title filename"),
    "post_mentions": POSTS.of("post_id person_id"),
    "post_quotations": POSTS.of("id post_id quoted_post_id turn_id"),
    "post_drafts": POSTS.of("id person_id community_id for_topic content saved_at"),
    "topic_readings": IN_COMMUNITIES.of("person_id topic_id number follow"),
    "same_questions": POSTS.of("topic_id person_id"),
    "polls": POSTS.of("id topic_id question most closes_at"),
    "poll_options": POSTS.of("id public_id poll_id position text"),
    "poll_votes": POSTS.of("option_id person_id poll_id"),
    "moderation_cases": MODERATION.of(
        "id public_id community_id post_id reason is_child child_at reminded_at opened_at claimed_by_id claimed_at"
        " acknowledged_at decided_at decided_by_id decision told version"
    ),
    "post_tellings": IN_COMMUNITIES.of("post_id since told_person_id"),
    "digest_runs": {
        **IN_COMMUNITIES.of("looked_person_id"),
        **NOT_PERSONAL.of("due_at letters finished_at"),
    },
    "post_reports": MODERATION.of("id case_id reporter_id reason words at"),
}
