"""What is kept of those who reflect, and with whom they do."""

from webapp.models.personal.kinds import Erasure, Keeping, Whose

REFLECTIONS = Keeping(
    title="Your reflections",
    what="What you write with a reflective tool, alone or with a team, each change of it with who made it and when,"
    " and for a day the PDFs that you ask for",
    whose=Whose.ATTENDEE,
    why="So that you can think about your practice over time. Organisers cannot open it: only you, your team and those"
    " you share it with can",
    until="Until whoever began the reflection deletes it. Nothing else deletes it by itself",
    erasure=Erasure.DELETED,
)
REFLECTING_WITH = Keeping(
    title="With whom you reflect",
    what="The e-mail addresses of those in a team, and of those with whom a reflection is shared, whether or not they"
    " are known to this service",
    whose=Whose.ATTENDEE,
    why="So that they, and nobody else, can open what is shared with them",
    until="Until the sharing is taken back, the membership ends, or the team or the reflection is deleted",
    erasure=Erasure.DELETED,
)
