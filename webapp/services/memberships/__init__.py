"""What can happen to who belongs to what: added, invited, joined, made lead, read in from a file, ended.

Nobody belongs twice to the same thing: who belongs there already is changed, not added. Whatever changes memberships
of a programme holds one lock of it, and who left reaches nothing with the next request.
"""

from webapp.services.memberships.belonging import (
    MembershipRefused,
    add,
    change_role,
    end,
    join,
    set_domains,
)
from webapp.services.memberships.domains import anybodys, may_join_by, national
from webapp.services.memberships.importing import (
    MOST_ROWS,
    columns_offered,
    confirm_members,
    members_file,
    read_members,
    stage_members,
    template_file,
)
from webapp.services.memberships.inviting import (
    InvitationSpent,
    WrongAccount,
    accept,
    check_invitation,
    count_invitation,
    invitation_token,
    invite,
    send_again,
    withdraw,
)

__all__ = [
    "MOST_ROWS",
    "InvitationSpent",
    "MembershipRefused",
    "WrongAccount",
    "accept",
    "add",
    "anybodys",
    "change_role",
    "check_invitation",
    "columns_offered",
    "confirm_members",
    "count_invitation",
    "end",
    "invitation_token",
    "invite",
    "join",
    "may_join_by",
    "members_file",
    "national",
    "read_members",
    "send_again",
    "set_domains",
    "stage_members",
    "template_file",
    "withdraw",
]
