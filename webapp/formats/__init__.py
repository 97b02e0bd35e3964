"""Formats speak the languages of other programs: values go in, bytes come out, and back.

They are pure: small frozen inputs of their own, no clock, no database, no Flask, and nothing of this program
but other formats. The same input gives the same bytes, which can then carry an ETag and be compared in a test.
"""
