"""An issue of a journal as programs write it; the programme, its people and their words are invented."""

from webapp.formats.journals import Article, Reading

BODY = "Families told us that they want to tell their story once, and that somebody they know should listen to it."
MORE = "We began with one team in one town. Within a year all worked alike, and families said that they felt heard."

ISSUE = f"""
Nearer to Home

WORKING SIDE BY SIDE



Contents

3

Foreword

4

Key Messages & Learning

6

Starting small

10

Northmoor: Side by Side

14

Learning together in Eastvale

18

Pat Quill — Farewell

Acknowledgements

The invented programme thanks all who wrote for this issue.



Foreword

ADA BRIGHT – Deputy Director, Families and Communities,
Department for Invented Affairs

{BODY}

It follows our [first event](#) and draws on what was said¹ there.

{MORE}

¹ The notes of the event were sent to all who came.

Key Messages & Learning

Working side by side changes how everybody works:

1

Leaders say what they value

2

Teams learn from families

THE PROGRAMME SHAPED THE PLAN

{BODY}

THE PROGRAMME SHAPED THE PLAN

“We never asked them before”.

A FIRST YEAR

{MORE}

THE PROGRAMME SHAPED THE PLAN

{BODY}



A first year in a quiet town - Northmoor's journey to Side by Side

NORTHMOOR: SIDE BY SIDE.

.....

Cy Vane – Service Manager at Northmoor Council
Di Marsh – Strategic Lead for Change –
Family Services, at Northmoor Council



{BODY}

A FIRST YEAR IN A QUIET TOWN NORTHMOOR'S JOURNEY TO SIDE BY SIDE

WHAT CHANGED

{MORE} One team now does what three did, and the people who

A FIRST YEAR IN A QUIET TOWN NORTHMOOR'S JOURNEY TO SIDE BY SIDE

work in it chose each other.

“They listened, and then they did what they had said.”

MESSAGE FROM A PARENT TO THE TEAM

Figure 1: Visits in each month

Our counts show:

12

families had one worker

31

visits were made together

What you need to know before learning together in Eastvale

Eve Short - Research Associate

Institute for Invented Studies -
Project Lead for Evaluation
and Learning

Eve Short, who leads the evaluation, reflects on its first year.

- Start with what families say
- Go on with what teams see

Who learns from whom?

{MORE} {BODY}

Farewell

PAT QUILL

{BODY}

{MORE}

{BODY}

{MORE}

{BODY}



Department
for Invented Affairs

The Department oversees the programme.
"""


def letters(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def by_title(reading: Reading) -> dict[str, Article]:
    """The articles by their titles."""
    return {article.title: article for article in reading.articles}


def placed(reading: Reading) -> set[int]:
    """The numbers of all lines that a reading knows of."""
    apart = (*reading.front, *reading.asides, *reading.unplaced)
    return {number for article in reading.articles for number in article.lines} | {line.number for line in apart}
