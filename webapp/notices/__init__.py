"""Whom we tell: objects in, a letter's facts out; and facts in, the letter's bytes out.

A notice sends nothing and asks the database nothing. What it says is frozen when the change happens, so
that a letter sent late still tells what was true then.
"""
