"""Building an event's questions: what may be changed, what must not, and that no answer is lost."""

from functools import partial

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.models.accounts import SYSTEM
from webapp.models.activity import Activity
from webapp.models.events import EventQuestion, QuestionKind
from webapp.models.registrations import RegistrationAnswer
from webapp.services import questions as services
from webapp.services import registrations
from webapp.services.questions import AnswersLost, NotNow, QuestionChanged, QuestionRefused, Wording

K = QuestionKind
TRAVEL = Wording(kind=K.ONE_CHOICE, label="How will you travel?", choices=["Train", "Car"])


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event()


@pytest.fixture
def act(ledger, event, now):
    """Runs a verb on the event's questions."""

    def run(verb, *args, **more):
        return ledger.act(verb, event.id, *args, actor=SYSTEM, now=now, **more)

    return run


@pytest.fixture
def add(act):
    return partial(act, services.add)


@pytest.fixture
def edit(act):
    def run(question, wording, *, version=1, sure=False):
        return act(services.edit, question.public_id, wording, version=version, sure=sure)

    return run


@pytest.fixture
def train(add):
    """A question asked only of those who come by train, after the one on travelling."""
    travel = add(TRAVEL)
    arrives = Wording(kind=K.DATE, label="When?", depends_on=travel.public_id, depends_on_values=["Train"])
    return travel, add(arrives)


def answer(make, event, question, *values, email="ann@example.org"):
    return make.registration(event, email=email, answers={question.public_id: list(values)})


def labels(ledger):
    rows = ledger.all(select(EventQuestion).order_by(EventQuestion.position, EventQuestion.id))
    return [row.label for row in rows if row.retired_at is None]


# ---------------------------------------------------------------- adding and changing


def test_question_is_added_behind_the_others_and_recorded(add, ledger):
    add(TRAVEL)
    made = add(Wording(kind=K.NUMBER, label="How many?", choices=["left over", "from another kind"]))
    assert labels(ledger) == ["How will you travel?", "How many?"]
    assert made.choices == []
    assert ledger.all(select(Activity.verb).order_by(Activity.id)) == ["question_added"] * 2


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (Wording(kind=K.ONE_CHOICE, label="Q", choices=["Same", "Same"]), "choices"),
        (Wording(kind=K.SEVERAL_CHOICES, label="Q", choices=[]), "choices"),
        (Wording(kind=K.SEVERAL_CHOICES, label="Q", choices=["x" * 201, "y"]), "choices"),
        (Wording(kind=K.SEVERAL_CHOICES, label="Q", choices=[str(n) for n in range(61)]), "choices"),
        (Wording(kind=K.NUMBER, label="Q", depends_on="23456789bcdf", depends_on_values=["Yes"]), "depends"),
    ],
)
def test_question_that_does_not_fit_is_refused_at_its_field(add, ledger, wording, field):
    with pytest.raises(QuestionRefused) as refused:
        add(wording)
    assert refused.value.field == field
    assert ledger.count(EventQuestion) == 0


def test_question_depends_only_on_earlier_ones_with_answers_they_offer(add, edit, train):
    travel, when = train
    with pytest.raises(QuestionRefused):
        edit(travel, Wording(**(vars(TRAVEL) | {"depends_on": when.public_id, "depends_on_values": ["x"]})))
    with pytest.raises(QuestionRefused, match="Select an answer that “How will you travel"):
        add(Wording(kind=K.NUMBER, label="Q", depends_on=travel.public_id, depends_on_values=["Boat"]))


def test_what_people_are_asked_cannot_depend_on_what_organisers_answer(add, edit):
    own = add(Wording(kind=K.YES_NO, label="Pass?", for_organisers=True, required=True))
    assert own.required is False
    wanted = {"kind": K.NUMBER, "label": "Q", "depends_on": own.public_id, "depends_on_values": ["Yes"]}
    with pytest.raises(QuestionRefused, match="answered by organisers"):
        add(Wording(**wanted))
    add(Wording(**wanted, for_organisers=True))


def test_question_on_which_another_depends_keeps_its_answers(edit, train):
    travel, _ = train
    with pytest.raises(QuestionRefused, match="“When\\?” is asked only of those who answer “Train” here") as refused:
        edit(travel, Wording(**(vars(TRAVEL) | {"choices": ["Car", "On foot"]})))
    assert refused.value.field == "choices"
    with pytest.raises(QuestionRefused) as refused:
        edit(travel, Wording(kind=K.NUMBER, label="How far?"))
    assert refused.value.field == "kind"
    with pytest.raises(QuestionRefused) as refused:
        edit(travel, Wording(**(vars(TRAVEL) | {"for_organisers": True})))
    assert refused.value.field == "for_organisers"


def test_kind_of_an_answered_question_stays(make, event, add, edit, ledger):
    question = add(Wording(kind=K.SHORT_TEXT, label="Team"))
    edit(question, Wording(kind=K.LONG_TEXT, label="Team"))
    answer(make, event, question, "North")
    with pytest.raises(QuestionRefused, match="One person answered this already, so it cannot become “Number”"):
        edit(question, Wording(kind=K.NUMBER, label="Team"), version=2)
    with pytest.raises(QuestionRefused) as refused:
        edit(question, Wording(kind=K.LONG_TEXT, label="Team", for_organisers=True), version=2)
    assert refused.value.field == "for_organisers"
    edit(question, Wording(kind=K.LONG_TEXT, label="Your team"), version=2)
    assert ledger.one(select(RegistrationAnswer.value)) == ["North"]


def test_choices_that_were_given_go_only_when_the_organiser_is_sure(make, event, add, edit, ledger):
    question = add(Wording(kind=K.SEVERAL_CHOICES, label="Lunch", choices=["Vegan", "Fish", "None"]))
    answer(make, event, question, "Vegan", "Fish")
    answer(make, event, question, "Vegan", email="bob@example.org")
    fewer = Wording(kind=K.SEVERAL_CHOICES, label="Lunch", choices=["Fish", "Soup"])
    with pytest.raises(AnswersLost) as refused:
        edit(question, fewer)
    assert refused.value.counts == {"Vegan": 2}
    assert "“Vegan”: 2 people" in refused.value.message
    edit(question, fewer, sure=True)
    answers = ledger.all(select(RegistrationAnswer.value).order_by(RegistrationAnswer.id))
    assert answers == [["Vegan", "Fish"], ["Vegan"]]


def test_second_of_two_organisers_is_told_and_the_same_again_is_no_change(add, edit, ledger):
    question = add(TRAVEL)
    first = Wording(**(vars(TRAVEL) | {"label": "How do you come?"}))
    edit(question, first)
    edit(question, first)  # a double click, from the page as it was
    with pytest.raises(QuestionChanged):
        edit(question, Wording(**(vars(TRAVEL) | {"help": "Roughly"})))
    assert labels(ledger) == ["How do you come?"]
    changed = ledger.one(select(Activity.details).where(Activity.verb == "question_changed"))
    assert changed == {"changes": {"label": ["How will you travel?", "How do you come?"]}}


# ---------------------------------------------------------------- moving


def test_question_is_moved_to_a_place_and_twice_is_once(act, add, ledger):
    made = [add(Wording(kind=K.NUMBER, label=label)) for label in "ABCD"]
    for _ in range(2):
        assert act(services.move, made[3].public_id, 2) == 2
    assert labels(ledger) == ["A", "D", "B", "C"]
    assert act(services.move, made[0].public_id, 99) == 4
    assert labels(ledger) == ["D", "B", "C", "A"]


def test_question_is_not_moved_before_what_it_depends_on(act, train, ledger):
    travel, when = train
    for question, place in ((when, 1), (travel, 2)):
        with pytest.raises(NotNow, match="“When\\?” is asked only after certain answers to “How will you travel"):
            act(services.move, question.public_id, place)
    assert labels(ledger) == ["How will you travel?", "When?"]


def test_questions_that_share_a_position_are_parted_when_one_moves(act, make, event, ledger):
    made = [make.question(event, label) for label in "ABC"]
    for row in made:
        ledger.change(row, position=1)
    act(services.move, made[2].public_id, 1)
    assert labels(ledger) == ["C", "A", "B"]


# ---------------------------------------------------------------- retiring, bringing back, deleting


def test_retired_question_keeps_its_answers_and_comes_back_at_the_end(act, make, event, add, ledger):
    first, second = add(TRAVEL), add(Wording(kind=K.NUMBER, label="B"))
    answer(make, event, first, "Car")
    for _ in range(2):
        act(services.retire, first.public_id)
    assert labels(ledger) == ["B"]
    assert ledger.one(select(RegistrationAnswer.value)) == ["Car"]
    with pytest.raises(NotNow, match="is retired"):
        act(services.move, first.public_id, 1)
    act(services.restore, first.public_id)
    assert labels(ledger) == ["B", "How will you travel?"]
    assert second.label == "B"


def test_question_on_which_others_depend_is_not_retired_nor_deleted(act, train, ledger):
    travel, when = train
    for verb, word in ((services.retire, "retired"), (services.delete, "deleted")):
        with pytest.raises(NotNow, match=f"cannot be {word}: “When\\?” depends on its answers"):
            act(verb, travel.public_id)
    act(services.retire, when.public_id)
    with pytest.raises(NotNow, match="cannot be deleted"):
        act(services.delete, travel.public_id)
    act(services.retire, travel.public_id)
    with pytest.raises(NotNow, match="Bring that one back first"):
        act(services.restore, when.public_id)


def test_question_is_deleted_only_while_nobody_has_answered_it(act, make, event, add, ledger):
    kept, gone = add(TRAVEL), add(Wording(kind=K.NUMBER, label="B"))
    answer(make, event, kept, "Car")
    before = ledger.revision(event)
    act(services.delete, gone.public_id)
    assert labels(ledger) == ["How will you travel?"]
    assert ledger.revision(event) > before
    with pytest.raises(NotNow, match="One person answered “How will you travel"):
        act(services.delete, kept.public_id)


# ---------------------------------------------------------------- who is asked what


@pytest.mark.memory
def test_question_is_asked_only_after_its_answers_and_what_was_not_asked_decides_nothing():
    first = EventQuestion(id=1, kind=K.YES_NO)
    second = EventQuestion(id=2, kind=K.CONSENT, depends_on_id=1, depends_on_values=["Yes"])
    third = EventQuestion(id=3, kind=K.NUMBER, depends_on_id=2, depends_on_values=["Yes"])
    every = [first, second, third]
    asked = {
        answers: [question.id for question in services.asked_of(every, dict(answers))]
        for answers in ((), ((1, ("Yes",)),), ((1, ("Yes",)), (2, ("Yes",))), ((1, ("No",)), (2, ("Yes",))))
    }
    assert list(asked.values()) == [[1], [1, 2], [1, 2, 3], [1]]


def test_organisers_answers_are_kept_when_the_person_changes_and_registers_anew(make, event, add, ledger, now):
    own = add(Wording(kind=K.YES_NO, label="Pass?", for_organisers=True))
    theirs = add(Wording(kind=K.SHORT_TEXT, label="Team"))
    row = answer(make, event, theirs, "North")
    noted = {own.public_id: ["Yes"], theirs.public_id: ["mine to say"]}
    for _ in range(2):
        ledger.act(services.answer_for, row.id, noted, actor=SYSTEM, now=now)
    application = make.application(email="ann@example.org", answers={theirs.public_id: ["South"]})
    ledger.act(registrations.change, row.id, application, version=1, actor=SYSTEM, now=now)
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    answer(make, event, theirs, "West")
    assert sorted(ledger.all(select(RegistrationAnswer.value))) == [["West"], ["Yes"]]
    assert ledger.all(select(Activity.details).where(Activity.verb == "noted")) == [{"number": 1}]
    ledger.act(services.answer_for, row.id, {own.public_id: []}, actor=SYSTEM, now=now)
    assert ledger.all(select(RegistrationAnswer.value)) == [["West"]]
