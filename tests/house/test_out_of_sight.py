"""What moderators took out of sight is read nowhere: whoever asks for topics or posts says that they are to be seen."""

import re

import pytest

from tests.house.source import modules

pytestmark = pytest.mark.memory

# A statement that reads the title of topics or the words of posts, and how it says that others may read them.
READS = re.compile(r"\bTopic\.(title|slug)\b|select\(Topic\b|\bPost\.body\b|select\(Post\b|\bPostState\.PUBLISHED\b")
SAYS_SO = re.compile(r"\bpublished\(|\bseen_by\(")
# Half of what they say: a topic that was refused is not withheld any more, and has no post that is read.
SAYS_HALF = re.compile(r"\bwithheld_at\.is_")
# These ask for those that nobody may read as well, or for such as were found by others.
FOR_MODERATORS = {
    "webapp/queries/moderation.py": "what moderators see",
    "webapp/queries/passages/finding.py": "passages that are there, of which those taken away have none",
    "webapp/queries/passages/telling.py": "what was found among passages",
    "webapp/queries/topics/names.py": "ids and names, without words",
}


def test_queries_of_topics_and_posts_ask_for_what_is_to_be_seen() -> None:
    reading = {module.path for module in modules("webapp/queries") if READS.search(module.text)}
    silent = {module.path for module in modules("webapp/queries") if not SAYS_SO.search(module.text)}
    assert len(reading) > 8
    assert sorted(reading & silent - set(FOR_MODERATORS)) == []
    assert set(FOR_MODERATORS) <= reading & silent


def test_what_is_to_be_seen_is_said_in_one_place() -> None:
    says = {module.path for module in modules("webapp/queries") if SAYS_HALF.search(module.text)}
    assert says == {"webapp/queries/topics/reading.py"}
