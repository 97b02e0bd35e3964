"""What each verb of the activity log says that is of programmes, their people and their communities."""

COMMUNITY_VERBS = {
    "rules_accepted": "accepted the rules of {thing}",
    "post_deleted": "deleted {thing}",
    "post_edited": "changed {thing}",
    "topic_begun": "began {thing}",
}
