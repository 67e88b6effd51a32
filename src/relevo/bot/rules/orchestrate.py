"""One message in, one answer out: resolves buttons, chooses specialists, joins their parts, never asks thrice the same.

It decides who speaks and how often a question may be put; what is said about the business is the specialists' part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from relevo.appointments.rules import named as service_named
from relevo.bot.ports import Expecting, Understanding
from relevo.bot.rules.agreeing import ASKED
from relevo.bot.rules.dialogue import (
    Dialogue,
    Draft,
    Option,
    Pending,
    Question,
    Task,
    names_stay,
    with_guest,
)
from relevo.bot.rules.escalation import Reason, at_once, special, unsure_again
from relevo.bot.rules.identity import collecting
from relevo.bot.rules.knowledge import HOUSE
from relevo.bot.rules.offers import propose
from relevo.bot.rules.reading import (
    bare_code,
    fold,
    hesitates,
    lost_code,
    named,
    orders,
    relative_guests,
    relative_nights,
    wants_it,
)
from relevo.bot.rules.steps import Ask, Line, Move, Outcome, Scene, Specialist, Steps
from relevo.bot.rules.wording import booking_words, same_words, standing_buttons

MAX_ASKED = 2
DID_YOU_MEAN = "bot.ask.did_you_mean"
MENU = (
    ("availability", "check_availability"),
    ("prices", "get_prices"),
    ("services", "ask_services"),
    ("person", "hablar_con_humano"),
)
OUT_OF_SCOPE = "fuera_de_alcance"


def decide(scene: Scene, specialists: Sequence[Specialist]) -> Steps[Outcome]:
    before = scene.dialogue
    scene = _resolved(scene)
    # An errand that no question is open about is over, whatever was said for it.
    errand = before.errand if before.question else None
    dialogue = replace(before, last_intents=_intents(scene.heard), errand=errand)
    if not collecting(scene) and not scene.mumbled:
        dialogue = with_guest(dialogue, scene.heard.entities)
    scene = replace(scene, dialogue=dialogue)
    chosen = chosen_for(scene, specialists)
    moves: list[Move] = []
    if chosen:
        for specialist in chosen:
            move = yield from specialist.act(scene)
            scene = replace(scene, dialogue=move.dialogue)
            moves.append(move)
        names = tuple(specialist.name for specialist in chosen)
        dialogue = replace(scene.dialogue, failures=0)
    else:
        moves.append(unclear(scene))
        names = ("unclear",)
        dialogue = replace(moves[-1].dialogue, failures=before.failures + 1)
    if special(scene.heard.text, scene.vip_words) and not any(move.handoff for move in moves):
        # Their question is answered all the same; a person goes on from there.
        moves.append(Move(dialogue, (Line("bot.to_person_special"),), handoff=Reason.VIP))
    return _joined(before, dialogue, moves, names)


def chosen_for(scene: Scene, specialists: Sequence[Specialist]) -> tuple[Specialist, ...]:
    """Who answers, in the order of speaking. Nobody where the message was not understood well enough."""
    if not _sure(scene):
        specialists = [each for each in specialists if each.knows and not scene.mumbled and each.knows(scene)]
    wanting = [specialist for specialist in specialists if specialist.wants(scene)]
    if wanting and wanting[-1].alone:
        keeping = [each for each in wanting[:-1] if scene.files and each.keeps_files]
        return (*keeping, wanting[-1])
    return tuple(specialist for specialist in wanting if not specialist.alone)


def _sure(scene: Scene) -> bool:
    if scene.mumbled:
        return at_once(scene.heard.text) or bool(scene.files)
    if scene.heard.intent == OUT_OF_SCOPE and not _solid(scene):
        return False
    return scene.heard.confidence >= scene.bands.act or _solid(scene)


def _solid(scene: Scene) -> bool:
    """Whether the message holds something to act upon, however unsure its intent is."""
    said, text, dialogue = scene.heard.entities, scene.heard.text, scene.dialogue
    if at_once(text) or scene.files or scene.unread:
        return True
    if scene.picked or names_stay(said) or said.topics or said.booking_code or said.email or said.phone:
        return True
    if scene.agenda is not None and service_named(scene.agenda, fold(text)):
        return True
    if scene.hold and (said.guest_name or named(text)):
        return True
    if any(topic.source == HOUSE for topic in scene.knowledge.find((), text)):
        return True
    if relative_nights(text) or relative_guests(text) or dialogue.expecting is Expecting.GUEST_NAME:
        return True
    if dialogue.pending is Pending.HOLD and (orders(text) or hesitates(text)):
        return True
    if dialogue.pending in ASKED and hesitates(text):
        return True
    if dialogue.errand and dialogue.errand.task is Task.CHANGE and scene.heard.intent == "modify_reservation":
        return True
    if collecting(scene) and (bare_code(text) or lost_code(text)):
        return True
    if dialogue.draft.has_dates and dialogue.expecting is Expecting.NOTHING and wants_it(text):
        return True
    return dialogue.pending is not Pending.NOTHING and scene.heard.intent in ("afirmar", "negar")


def unclear(scene: Scene) -> Move:
    """Not understood: first the two likeliest, then the numbered menu, then a person."""
    dialogue, heard = scene.dialogue, scene.heard
    out = heard.intent == OUT_OF_SCOPE and heard.confidence >= scene.bands.act and any(map(str.isalnum, heard.text))
    failures = dialogue.failures + 1
    confident = heard.confidence >= scene.bands.act and not scene.mumbled
    if failures > MAX_ASKED or unsure_again(dialogue.failures, confident=confident, spoken=scene.spoken):
        return Move(dialogue, (Line("bot.give_up"),), handoff=Reason.NOT_UNDERSTOOD, understood=False)
    if scene.mumbled:
        return Move(dialogue, (Line("bot.note_unclear"),), understood=False)
    apology = Line("bot.out_of_scope" if out else "bot.not_understood")
    if failures == 1:
        if out:
            return Move(dialogue, (apology,), understood=False)
        if ask := _did_you_mean(scene):
            return Move(dialogue, (apology,), ask, understood=False)
        if dialogue.expecting is not Expecting.NOTHING:
            return Move(dialogue, (apology,), understood=False)
    return Move(dialogue, (apology,), _menu(scene), understood=False)


def _did_you_mean(scene: Scene) -> Ask | None:
    texts, heard = scene.texts, scene.heard
    ranked = ((heard.intent, heard.confidence), *heard.alternatives)
    likely = [i for i, p in ranked if p >= scene.bands.guess / 2 and texts.has(f"bot.intent.{i}")][:2]
    if heard.confidence < scene.bands.guess or len(likely) < 2:
        return None
    options = tuple(Option(texts.say(f"bot.intent.{intent}"), intent) for intent in likely)
    return Ask(DID_YOU_MEAN, Expecting.MENU, options=options, patient=False)


def _menu(scene: Scene) -> Ask:
    texts = scene.texts
    options = tuple(Option(texts.say(f"bot.menu.{name}"), intent) for name, intent in MENU)
    return Ask("bot.ask.menu", Expecting.MENU, options=options, numbered=True)


def _joined(before: Dialogue, dialogue: Dialogue, moves: Sequence[Move], names: tuple[str, ...]) -> Outcome:
    lines = tuple(line for move in moves for line in move.lines)
    handoff = next((move.handoff for move in moves if move.handoff), None)
    last = moves[-1]
    if handoff:
        return Outcome(replace(dialogue, question=None, failures=0), lines, None, handoff, names)
    open_question = before.question
    if last.ask is None:
        if last.closes or open_question is None or open_question.expecting is Expecting.NOTHING:
            question = None if last.closes else open_question
            return Outcome(replace(dialogue, question=question), lines, None, None, names)
        if open_question.times >= MAX_ASKED:
            # It stays open for an answer, but is not said a third time; with nothing else to say nothing moves on.
            return Outcome(dialogue, lines, None, None, names) if lines else _stuck(dialogue, lines, names)
        repeated = replace(open_question, times=open_question.times + 1)
        return Outcome(replace(dialogue, question=repeated), lines, _ask(repeated), None, names)
    return _asking(before, dialogue, lines, last.ask, names)


def _asking(before: Dialogue, dialogue: Dialogue, lines: tuple[Line, ...], ask: Ask, names: tuple[str, ...]) -> Outcome:
    question = Question(ask.key, ask.expecting, tuple(ask.params.items()), ask.options, ask.numbered)
    same = before.question is not None and before.question.key == ask.key and not _progress(before, dialogue)
    if same and before.question is not None:
        question = replace(question, times=before.question.times + 1)
    if question.times > MAX_ASKED:
        if ask.patient or not lines:
            return _stuck(dialogue, lines, names)
        return Outcome(replace(dialogue, question=question), lines, _standing(question), None, names)
    return Outcome(replace(dialogue, question=question), lines, _ask(question), None, names)


def _standing(question: Question) -> Ask | None:
    """What may still be picked, without the same question again: in turns a sentence and the question."""
    if question.expecting is not Expecting.CONFIRMATION:
        return None
    if question.times % 2 == 0:
        return _ask(question)
    return replace(_ask(question), key="bot.ask.still_open", again=False)


def _stuck(dialogue: Dialogue, lines: tuple[Line, ...], names: tuple[str, ...]) -> Outcome:
    lines = (*lines, Line("bot.give_up"))
    return Outcome(replace(dialogue, question=None, failures=0), lines, None, Reason.NO_PROGRESS, names)


def _progress(before: Dialogue, after: Dialogue) -> bool:
    return _knows(before) != _knows(after)


def _knows(dialogue: Dialogue) -> tuple[object, ...]:
    return (
        dialogue.draft, dialogue.offer, dialogue.guest, dialogue.booking_code, dialogue.errand, dialogue.told,
        dialogue.misses, dialogue.files, dialogue.form, dialogue.trip, dialogue.agency, dialogue.rating,
    )  # fmt: skip


def _ask(question: Question) -> Ask:
    return Ask(
        question.key,
        question.expecting,
        dict(question.params),
        question.options,
        question.numbered,
        again=question.times > 1,
    )


def _intents(heard: Understanding) -> tuple[str, ...]:
    return heard.intents or (heard.intent,)


def _resolved(scene: Scene) -> Scene:
    """Read a tapped button or a chosen number as what it stands for."""
    option = picked_option(scene)
    if option is None:
        return scene
    heard = Understanding("", option.intent, 1.0, intents=(option.intent,))
    return replace(scene, heard=heard, picked=option)


def meant(scene: Scene) -> str | None:
    """The intent that a customer picks who was asked what they had meant."""
    question = scene.dialogue.question
    if question is None or question.key != DID_YOU_MEAN:
        return None
    option = picked_option(scene)
    return option.intent if option in question.options else None


def picked_option(scene: Scene) -> Option | None:
    heard, question = scene.heard, scene.dialogue.question
    if question is not None:
        for option in question.options:
            if same_words(option.label, heard.text):
                return option
        number = heard.text.strip(" .)(")
        choice = int(number) if len(number) == 1 and number.isdigit() else heard.entities.choice
        if question.numbered or question.expecting is Expecting.MENU:
            if choice is not None and 1 <= choice <= len(question.options):
                return question.options[choice - 1]
            if heard.intent == "afirmar" and len(question.options) == 1:
                return question.options[0]
    for label, intent in standing_buttons(scene.texts).items():
        if same_words(label, heard.text):
            return Option(label, intent)
    return None


def resume(scene: Scene) -> Steps[Outcome]:
    """Take the thread up again after a person: says who speaks, then the matter that is open, if any."""
    line, dialogue, names = Line("bot.resumed"), scene.dialogue, ("resume",)
    if dialogue.draft != Draft() and (dialogue.draft.has_dates or not scene.hold):
        move = yield from propose(scene, dialogue, dialogue.draft, (line,))
    elif scene.hold:
        move = Move(dialogue, (line, Line("bot.standing.hold", booking_words(scene, scene.hold))), closes=True)
    elif dialogue.question:
        move = Move(dialogue, (line,))
    else:
        move = Move(dialogue, (line,), Ask("bot.ask.anything_else", Expecting.NOTHING, patient=False))
    return _joined(scene.dialogue, move.dialogue, [move], names)
