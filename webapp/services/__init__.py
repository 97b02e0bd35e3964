"""What can happen: one function per verb, in five paragraphs: lock, check, change, record, tell.

Actor and time are arguments; no clock, request or current user is read here. Nothing here commits: the
caller's unit does, and a refusal is an exception with a sentence for people.
"""
