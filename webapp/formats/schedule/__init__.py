"""The files by which conference apps, infoscreens and recording teams read an agenda: schedule.xml and schedule.json.

Both are of the family that began with Pentabarf and frab, in the shape that the schema of the c3voc/schedule project
publishes. A conference day there lasts from six in the morning to six in the morning, so that what starts after
midnight stands under the evening before; what has no times cannot stand in these files at all.
"""

from webapp.formats.schedule.arrangement import FOR_ALL, LeftOut, left_out
from webapp.formats.schedule.conference import Conference, Contributor, Day, Link, Talk, Track
from webapp.formats.schedule.files import schedule_json, schedule_xml

__all__ = [
    "FOR_ALL",
    "Conference",
    "Contributor",
    "Day",
    "LeftOut",
    "Link",
    "Talk",
    "Track",
    "left_out",
    "schedule_json",
    "schedule_xml",
]
