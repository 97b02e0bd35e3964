"""A third issue of the invented journal, as its designer sent it: read in, and waiting for an editor to look at it.

As documents are that were once a PDF: titles are printed again on each page, paragraphs break off at its end, one title
differs from the contents and another is missing. People, places and figures are invented, for demonstration.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from webapp.demonstration.loading import Loaded
from webapp.formats.journals import read_journal
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.publications import Issue, Publication
from webapp.services import files
from webapp.services.publications import importing
from webapp.services.publications.importing import Chosen
from webapp.services.publications.words import IssueWords

NAME = "pathways-journal-3-final-FINAL.txt"
TITLE = "Between meetings"
DOCUMENT = """
The Pathways Journal

BETWEEN MEETINGS



Contents

2

Foreword

3

Key messages

4

A quiet half hour

7

Larkstone: the Wednesday table

10

What the counts cannot say

12

Jo Lund — Farewell

Acknowledgements

The editors thank the families in Marlbridge, Larkstone and Brackenshire who read these pages before anybody else did.



Foreword

NGOZI THISTLEWOOD – Director of Family Help,
Marlbridge Council

Most of what a family gets from us does not happen in meetings. It happens on the stairs, in the car and on the
telephone at ten to five. This issue is about those minutes.

Nothing in it is finished. I asked each author to say what they would do differently, and each of them did, at greater
length than I had room for¹.

¹ What had no room here stands on the notice board in the kitchen at Marlbridge.

Key messages

What happens between meetings can be planned, and hardly ever is:

1

Keep half an hour a day in which nobody may book you

2

Say at the end of a visit when you will ring, and ring then

3

Count what families notice, and not only what we do

HALF AN HOUR THAT NOBODY MAY BOOK

Małgorzata Wrzesińska – Family Help Lead Practitioner, Eastmere Borough Council

We began with a rule that sounded silly: from one until half past, nobody in the team can be booked. Not for a case
discussion, not for training, not for cake.

HALF AN HOUR THAT NOBODY MAY BOOK

In the first week everybody used the time to write up notes. In the second week somebody rang a grandmother, for no
reason other than that there was time, and the grandmother said something that

HALF AN HOUR THAT NOBODY MAY BOOK

changed the plan. After that we rang people.

WHAT WE WOULD DO DIFFERENTLY

We should have told the families from the beginning. Some thought that a call without a reason was bad news.



Wednesdays at one table - how Larkstone stopped sending letters

LARKSTONE: THE WEDNESDAY TABLE.

.....

Zeynep Arkwright – Team Manager, Edge of Care, Larkstone City Council

Every Wednesday from four to six there is a table in the library, with a social worker, a youth worker and a plate of
biscuits. Nobody needs an appointment, and nobody is written to.

WEDNESDAYS AT ONE TABLE HOW LARKSTONE STOPPED SENDING LETTERS

WHO COMES

At first nobody came but the librarian. Then her nephew did, and he told his friends. By the summer we needed a second
table and a great many more biscuits.

“It is easier to sit next to somebody than to be sent for.”

MESSAGE FROM A PARENT TO THE TEAM

Since the spring, Larkstone has counted:

64

people who came more than once

9

letters that were still sent, all of them about parking

What the counts cannot say

Calum Strathdearn – Data and Insight Manager at Oxenvale Council

Calum Strathdearn, who counts things for a living, reflects on what he left out.

- We can count visits, and not whether anybody was glad of them.
- We can count days until a plan is signed, and not whether it was read.

I have come to think that every chart should have an empty column, with a heading and no figures, for what matters and
was not counted. Ours is called “Was it worth the bus fare?”, and it is the only one that people ask about.

Farewell

JO LUND

I have worked late for eleven years, mostly at bus stops. From next month somebody else will, and they will be better
at it, because they are allowed to sit down.

To the young people of Paper Kite: you were right about the posters.

To everybody else: keep the half hour.

Thank you for reading, and for ringing back.

That is all. The last bus goes at eleven.



Paper Kite Youth Collective

The Collective lent us its printer, and would like it back.
"""


def load_document(journal: Publication, loaded: Loaded, organiser: Person, *, folder: Path, now: datetime) -> Issue:
    """Read the document in as the next issue of the journal, a draft since the day before yesterday."""
    content = DOCUMENT.encode()
    reading = read_journal(content)
    at = now - timedelta(days=2)
    written = files.write(content, "text/plain", folder=folder, now=now)
    words = importing.issue_words(reading)
    return importing.read_in(
        journal.id,
        reading,
        (written, NAME),
        [_known(one, loaded) for one in importing.suggested(reading)],
        IssueWords(title=TITLE, acknowledgements=words.acknowledgements),
        actor=Actor(ActorKind.PERSON, organiser.id),
        now=at,
    )


def _known(chosen: Chosen, loaded: Loaded) -> Chosen:
    """Join the authors to their profiles, as an editor would who knows them."""
    authors = [replace(author, speaker_id=loaded.speakers[author.name].id) for author in chosen.authors]
    return replace(chosen, authors=authors)
