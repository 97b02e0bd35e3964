"""Text as files hold it: which encoding it is in, and what a Word document says, believing neither of them.

What is wanted of a file, and in whose words it is refused, is said by `Wanted`.
"""

from webapp.formats.texts.encodings import decoded, tidied
from webapp.formats.texts.wanted import Remark, Wanted, refuse_others

__all__ = ["Remark", "Wanted", "decoded", "refuse_others", "tidied"]
