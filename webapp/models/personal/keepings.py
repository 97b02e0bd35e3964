"""The kinds of personal data that are kept: whose each is, why, until when, and what erasure does."""

from webapp.models.personal.communities import AREAS, COMMUNITY_KEEPINGS
from webapp.models.personal.kinds import Erasure, Keeping, Whose
from webapp.models.personal.library import AUTHORS, SAVED
from webapp.models.personal.reflections import REFLECTING_WITH, REFLECTIONS

ASKED = "Until you ask us to erase it. Nothing deletes it by itself"

REGISTRATION = Keeping(
    title="Your registrations",
    what="Your name, e-mail address, organisation, role and language as you gave them for each event,"
    " and the secret part of your personal link",
    whose=Whose.ATTENDEE,
    why="To give you a place, write to you about the event, and let its organisers know who comes",
    until=ASKED,
    erasure=Erasure.EMPTIED,
)
ANSWERS = Keeping(
    title="Your answers to an event’s own questions",
    what="What you answered to the questions that the organisers of an event asked",
    whose=Whose.ATTENDEE,
    why="To plan that event",
    until=ASKED,
    erasure=Erasure.DELETED,
)
NEEDS = Keeping(
    title="Your access and dietary needs",
    what="What you wrote about access and food, if anything, kept apart from the rest of your registration",
    whose=Whose.ATTENDEE,
    why="To arrange what helps you take part in that event, and for nothing else",
    until="30 days after the event, then deleted by the service itself",
    erasure=Erasure.DELETED,
)
DRAFT = Keeping(
    title="Half-finished registrations",
    what="What you have filled in before you send it, your needs included, with a random code for your browser",
    whose=Whose.ATTENDEE,
    why="So that you can check your answers and lose nothing",
    until="1 day after you last changed it. Once you send it, only your address and how it stands remain until then",
    erasure=Erasure.DELETED,
)
TAKING_PART = Keeping(
    title="That somebody took part",
    what="Sector, way of taking part, how the registration stood and when, the number in the order of arrival,"
    " the version of this notice, and counts by sector and organisation",
    whose=Whose.ATTENDEE,
    why="To count places, and to report how many people took part from which sectors and organisations",
    until="As long as there is a record of the event",
    erasure=Erasure.KEPT,
)
SEARCH = Keeping(
    title="Words to search by",
    what="The words of your name, e-mail address, organisation and role in a registration",
    whose=Whose.ATTENDEE,
    why="So that the organisers of an event can find your registration when you write to them",
    until="As long as the registration has these words",
    erasure=Erasure.DELETED,
)
PROFILE = Keeping(
    title="Your profile",
    what="Your name, your e-mail address, and whether you have shown that the address is yours",
    whose=Whose.ATTENDEE,
    why="To know that two registrations are the same person’s, and to let you sign in",
    until=ASKED,
    erasure=Erasure.EMPTIED,
)
ACCOUNT = Keeping(
    title="Your account",
    what="That you have signed in; if you set a password, a one-way hash of it, never the password itself",
    whose=Whose.ATTENDEE,
    why="To let you, and only you, see your own events",
    until=ASKED,
    erasure=Erasure.DELETED,
)
SIGNED_IN = Keeping(
    title="Browsers in which you are signed in",
    what="When you signed in and out, with a fingerprint of the code in your cookie",
    whose=Whose.ATTENDEE,
    why="To keep you signed in, and to sign you out everywhere when you change your password",
    until="36 hours after you signed in",
    erasure=Erasure.DELETED,
)
SIGN_IN_LINK = Keeping(
    title="Links to sign in",
    what="The address that you asked a link for, when, the page you wanted to go on to, and when the link was used",
    whose=Whose.ATTENDEE,
    why="To let you sign in by e-mail, once for each link",
    until="1 day after the link’s 15 minutes are over",
    erasure=Erasure.DELETED,
)
ATTEMPTS = Keeping(
    title="Counts of attempts",
    what="How often somebody tried to sign in or register, under a fingerprint of the e-mail address and of the"
    " internet address, neither of them in clear",
    whose=Whose.ATTENDEE,
    why="To stop guessing of passwords and floods of registrations",
    until="15 minutes at most",
    erasure=Erasure.DELETED,
)
LETTERS = Keeping(
    title="Letters we sent you",
    what="Your name and address, what the letter said, when it was sent, and what the mail server answered",
    whose=Whose.ATTENDEE,
    why="To deliver each letter once, to send it again when a mail server is away, and to answer questions about it",
    until=ASKED,
    erasure=Erasure.DELETED,
)
LETTER_COPIES = Keeping(
    title="Exact copies of letters",
    what="Each letter byte for byte as it left, the calendar entry and your personal link in it included; never of"
    " letters that sign you in or tell of a password",
    whose=Whose.ATTENDEE,
    why="To send it again without a change when a connection broke, and to show you and the organisers what was sent",
    until="180 days after it was sent or given up, then deleted by the service itself",
    erasure=Erasure.DELETED,
)
PREFERENCES = Keeping(
    title="Letters you do not want",
    what="Which kinds of letter you have declined, and since when",
    whose=Whose.ATTENDEE,
    why="So that we do not send them to you",
    until=ASKED,
    erasure=Erasure.DELETED,
)
CALENDAR = Keeping(
    title="Calendar invitations",
    what="That you were sent a calendar entry for an event, under which number, and in which version; whether you want"
    " a reminder, and an entry for each session",
    whose=Whose.ATTENDEE,
    why="So that entries are as you want them, and a later change or cancellation finds them in your calendar",
    until=ASKED,
    erasure=Erasure.DELETED,
)
MEMBERS = Keeping(
    title="Groups that you belong to",
    what="Your name and address as an organiser gave them, of which series of meetings you are a member, since when,"
    " and the secret part of your personal link",
    whose=Whose.ATTENDEE,
    why="To give you a place at each meeting, and to keep your calendar right",
    until=ASKED,
    erasure=Erasure.DELETED,
)
FEED = Keeping(
    title="Your calendar address",
    what="The secret part of the address of your calendar, when it was made, and when you took it back",
    whose=Whose.ATTENDEE,
    why="To show your events and sessions in your calendar program, for as long as you want it to",
    until="Until you ask us to erase it. An address that you took back no longer answers",
    erasure=Erasure.DELETED,
)
STARS = Keeping(
    title="My agenda",
    what="Which sessions you put into My agenda, and when",
    whose=Whose.ATTENDEE,
    why="To show you the sessions that you chose",
    until="Until you take a session out of My agenda, or ask us to erase it",
    erasure=Erasure.DELETED,
)
EXPORTS = Keeping(
    title="Lists made for organisers",
    what="Files with the registrations of an event that an organiser asked for, with needs only if the organiser may"
    " see them, and which organiser it was",
    whose=Whose.ATTENDEE,
    why="To make long lists without keeping the organiser waiting",
    until="1 day after the list was asked for",
    erasure=Erasure.DELETED,
)
RECORD = Keeping(
    title="The record of what was done",
    what="Who registered, cancelled, decided or signed in, and when. Never what was typed, but for the reason given for"
    " keeping a text that may identify somebody",
    whose=Whose.ATTENDEE,
    why="To answer for what was decided, and to see misuse and mistakes",
    until=ASKED,
    erasure=Erasure.EMPTIED,
)
NUMBERS = Keeping(
    title="Numbers that tie records together",
    what="Numbers, dates and links from one record to another, without names",
    whose=Whose.ATTENDEE,
    why="So that what belongs together stays together",
    until="As long as the records that they tie together",
    erasure=Erasure.KEPT,
)
SPEAKER = Keeping(
    title="Speaker profiles",
    what="Name, job title, organisation, biography, and the sessions somebody contributes to. These are public",
    whose=Whose.SPEAKER,
    why="To tell who speaks at an event, and to keep its record afterwards",
    until="Until you ask us to take it out. Nothing deletes it by itself",
    erasure=Erasure.DELETED,
)
TRANSCRIPTS = Keeping(
    title="Transcripts of sessions",
    what="What was said in a session, by whom and when, the file it was read from, who checked it, and each correction"
    " with who made or proposed it. What is published is public. What an editor erases for good is struck out of the"
    " history, too, and the file can be deleted",
    whose=Whose.SPEAKER,
    why="So that what was said at an event can be read, searched and quoted afterwards",
    until="Until you ask us to take your words out. Nothing deletes it by itself",
    erasure=Erasure.EMPTIED,
)
RECORDINGS = Keeping(
    title="Recordings of sessions",
    what="Voice and picture of those who speak in a session, and of others seen or heard in it. What is published"
    " for everybody is public; others are for those with a place, those who came, or the organisers",
    whose=Whose.SPEAKER,
    why="So that who could not come can see what was said, and who came can go back to it",
    until="Until you ask us to take yours out. Nothing deletes it by itself",
    erasure=Erasure.DELETED,
)
ARTICLES = Keeping(
    title="Articles in publications",
    what="Who wrote an article, with their role and organisation at the time, what it says, who checked it, and each"
    " earlier version with who made it. What is published is public",
    whose=Whose.SPEAKER,
    why="So that learning can be read, found and cited under the names of those who wrote it",
    until="Until you ask us to take your name or your words out. Nothing deletes it by itself",
    erasure=Erasure.EMPTIED,
)
TEXTS = Keeping(
    title="Texts about events and sessions",
    what="What organisers write about an event or session, which may name people. Most of it is public",
    whose=Whose.SPEAKER,
    why="To tell what an event is about, and to keep its record afterwards",
    until="Until you ask us to take your name out. Nothing deletes it by itself",
    erasure=Erasure.EMPTIED,
)
ORGANISER = Keeping(
    title="Whom to ask about an event",
    what="The name and e-mail address of the organisers. These are public",
    whose=Whose.ORGANISER,
    why="So that people can ask about the event",
    until="As long as the event’s page is there, or until the organisers name somebody else",
    erasure=Erasure.EMPTIED,
)
SIGN_UPS = Keeping(
    title="Sessions you signed up for",
    what="Which sessions of an event you have a place in or wait for, and since when",
    whose=Whose.ATTENDEE,
    why="To keep your place, and to tell you when such a session changes",
    until=ASKED,
    erasure=Erasure.DELETED,
)
TEAM_NOTES = Keeping(
    title="Tags and notes of the organisers",
    what="Words that organisers put on a registration to find it, and what they wrote down about it for one another",
    whose=Whose.ATTENDEE,
    why="So that those who run an event know what was agreed with you",
    until=ASKED,
    erasure=Erasure.DELETED,
)
ASKED_TO_COME = Keeping(
    title="Invitations to register",
    what="Your name and e-mail address as an organiser gave them, when you were written to, and the secret part of your"
    " personal link",
    whose=Whose.ATTENDEE,
    why="To let those register who were invited, and only those",
    until=ASKED,
    erasure=Erasure.DELETED,
)
ATTENDANCE = Keeping(
    title="That you were there",
    what="When you were checked in and how, and from the meeting’s own report your name and address as you joined, when"
    " you came and went, and for how many minutes",
    whose=Whose.ATTENDEE,
    why="To know who took part, to write to those who did and those who could not, and to report attendance",
    until=ASKED,
    erasure=Erasure.DELETED,
)
IMPORTED = Keeping(
    title="Lists that organisers read in",
    what="Rows of a file that an organiser uploaded, as they were understood",
    whose=Whose.ATTENDEE,
    why="So that an organiser sees what would become of each row before anything is done",
    until="7 days after the file was uploaded, then deleted by the service itself",
    erasure=Erasure.DELETED,
)
SPEAKER_ASKED = Keeping(
    title="Letters to speakers",
    what="The address that a speaker was written to, when, the secret part of the link, what they answered, and"
    " what they need for a session",
    whose=Whose.SPEAKER,
    why="So that speakers can look at their sessions, confirm, and keep their own profile right",
    until=ASKED,
    erasure=Erasure.DELETED,
)
FILES = Keeping(
    title="Photographs and slides",
    what="Files that speakers or organisers gave, without what cameras and programs write into them about people",
    whose=Whose.SPEAKER,
    why="To show who speaks, and to keep what was shown with the session",
    until="Until you ask us to take it out. Nothing deletes it by itself",
    erasure=Erasure.DELETED,
)
GRANTS = Keeping(
    title="What organisers may do",
    what="Which person may do what, for which event or programme, and until when",
    whose=Whose.ORGANISER,
    why="So that only those who should can see registrations and decide about them",
    until="Until the permission is taken away",
    erasure=Erasure.DELETED,
)

SURVEY_ANSWERS = Keeping(
    title="Your answers to surveys",
    what="What you answered, and on which day. Of a named or confidential survey that you answer as somebody registered"
    " or signed in also that it was you, and the sector, role and organisation of your registration; of an anonymous"
    " one none of these, and nothing joins it to you",
    whose=Whose.ATTENDEE,
    why="To learn what an event or a publication was good for, and what came of it",
    until=f"{ASKED}. What you answered anonymously cannot be found again, by us neither, and stays",
    erasure=Erasure.DELETED,
)
SURVEY_WAITING = Keeping(
    title="Answers to surveys on their way",
    what="What you have answered before you send it, and anonymous answers, with who gave them, until enough wait"
    " together; sealed, so that the database alone does not tell what they say: only who holds the secret keys of this"
    " service could open them",
    whose=Whose.ATTENDEE,
    why="So that you can go on later and on another device, and so that nobody can tell whose anonymous answers are"
    " whose by when they came",
    until="Until you send them and enough others did; what was never sent, and anonymous answers of too few people,"
    " are deleted 14 days after the survey closed",
    erasure=Erasure.DELETED,
)
SURVEY_TAKING_PART = Keeping(
    title="That you took part in a survey",
    what="Which surveys you have answered, and on which day",
    whose=Whose.ATTENDEE,
    why="So that you answer once, and are not reminded after you did",
    until=ASKED,
    erasure=Erasure.DELETED,
)
# The order in which people want to know it.
KEEPINGS = (
    REGISTRATION,
    ANSWERS,
    NEEDS,
    DRAFT,
    TAKING_PART,
    PROFILE,
    ACCOUNT,
    SIGN_IN_LINK,
    SIGNED_IN,
    LETTERS,
    LETTER_COPIES,
    PREFERENCES,
    CALENDAR,
    MEMBERS,
    FEED,
    STARS,
    SAVED,
    SIGN_UPS,
    ATTENDANCE,
    SURVEY_TAKING_PART,
    SURVEY_ANSWERS,
    SURVEY_WAITING,
    REFLECTIONS,
    REFLECTING_WITH,
    ASKED_TO_COME,
    TEAM_NOTES,
    *COMMUNITY_KEEPINGS,
    EXPORTS,
    IMPORTED,
    SEARCH,
    RECORD,
    ATTEMPTS,
    NUMBERS,
    SPEAKER,
    SPEAKER_ASKED,
    FILES,
    TRANSCRIPTS,
    RECORDINGS,
    ARTICLES,
    AUTHORS,
    TEXTS,
    ORGANISER,
    GRANTS,
    AREAS,
)
