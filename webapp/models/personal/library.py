"""What the library keeps about people: who made what stands in it, and what each reader saved."""

from webapp.models.personal.kinds import Erasure, Keeping, Whose

SAVED = Keeping(
    title="What you saved",
    what="Which resources, articles, sessions and other things you saved, when, and the notes that you wrote about"
    " them",
    whose=Whose.ATTENDEE,
    why="So that you find them again. Nobody else sees what you saved",
    until="Until you remove it from what you saved, the thing itself is deleted, or you ask us to erase it",
    erasure=Erasure.DELETED,
)
AUTHORS = Keeping(
    title="Authors of resources",
    what="The names of those who made what stands in the library, which speaker each of them is where that is known,"
    " and what organisers write about it. What is published is public",
    whose=Whose.SPEAKER,
    why="To tell who made a resource, and to find it by its author",
    until="Until you ask us to take your name out. Nothing deletes it by itself",
    erasure=Erasure.EMPTIED,
)
