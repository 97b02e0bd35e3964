"""What each verb of the activity log says that is of programmes, their people and their communities."""

COMMUNITY_VERBS = {
    "area_contacts_named": "changed whom to ask about {thing}",
    "area_described": "changed what {thing} says of itself",
    "area_document_added": "added {thing}",
    "area_document_changed": "changed {thing}",
    "area_document_moved": "moved {thing} to another place",
    "area_document_replaced": "put a newer version in the place of {thing}",
    "area_document_withdrawn": "took away {thing}",
    "area_strand_said": "changed the local model of {thing} in a strand",
    "area_version_erased": "erased for good an earlier version of {thing}",
    "rules_accepted": "accepted the rules of {thing}",
    "post_deleted": "deleted {thing}",
    "post_edited": "changed {thing}",
    "topic_begun": "began {thing}",
}
