"""Opinions: a score from one to five and words, of a stay that has begun, kept beside its booking.

A bad score is an alert to staff (that is outreach's part); here it is answered without excuses and with a person.
"""

from __future__ import annotations

import re
from dataclasses import replace

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Task
from relevo.bot.rules.identity import whose
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.reading import fold
from relevo.bot.rules.scores import LOW, score_of
from relevo.bot.rules.steps import Ask, FindBooking, FindOwn, Identify, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.touring import RateStay, rate_stay

ASK_SCORE, ASK_WORDS = "trade.ask.score", "trade.ask.words"
_OPINION = re.compile(
    r"\b(dejar\w*|dar\w*|hacer\w*|escrib\w+|poner\w*|mandar\w*|quiero|quisiera|doy|dejo)( \w+){0,3} "
    r"(opinion|resena|calificacion|puntuacion|puntaje|valoracion|review|feedback|devolucion sobre)\b"
    r"|\b(calificar|puntuar|valorar|opinar) (\w+ ){0,4}(estadia|hotel|servicio|atencion|experiencia|visita|sobre)\b"
    r"|\bquiero (calificarlos|opinar|puntuarlos)\b|\bleave a review\b|\brate my stay\b"
)
_NOT = re.compile(r"\b(que|cuales|tienen|hay|leer|ver|vi|lei|buenas|malas) (\w+ ){0,2}(opiniones|resenas|reviews)\b")
_NOTHING_MORE = ("negar", "despedida")


def wants(scene: Scene) -> bool:
    if not scene.aftercare or scene.picked:
        return False
    if _asked(scene, ASK_SCORE):
        return score_of(scene.heard.text) is not None or scene.says(*_NOTHING_MORE)
    if _asked(scene, ASK_WORDS):
        return not scene.says("hablar_con_humano")
    said = fold(scene.heard.text)
    return _OPINION.search(said) is not None and _NOT.search(said) is None


def act(scene: Scene) -> Steps[Move]:
    if _asked(scene, ASK_WORDS):
        return (yield from _words(scene))
    if _asked(scene, ASK_SCORE) and score_of(scene.heard.text) is None:
        dialogue = replace(scene.dialogue, errand=None)
        return Move(dialogue, (Line("bot.fine"),), closes=True)
    return (yield from go(scene))


def go(scene: Scene) -> Steps[Move]:
    """Once it is known whose stay it is."""
    found = yield from whose(scene, Task.RATE)
    if isinstance(found, Move):
        return found
    booking, dialogue = found.booking, found.dialogue
    if booking.confirmed_at is None or booking.check_in > scene.today:
        return Move(replace(dialogue, errand=None), (Line("trade.feedback.early"),), closes=True)
    given = score_of(scene.heard.text)
    if given is None:
        return Move(dialogue, (), Ask(ASK_SCORE, Expecting.NOTHING, {"code": booking.code}))
    dialogue = replace(dialogue, errand=None, booking_code=booking.code)
    if not (yield from rate_stay(booking.code, given.score, given.text)):
        return Move(dialogue, (Line("trade.feedback.had"),), closes=True)
    if given.text is None:
        key = "trade.feedback.low_noted" if given.score <= LOW else "trade.feedback.noted"
        after = replace(dialogue, rating=given.score)
        return Move(after, (Line(key),), Ask(ASK_WORDS, Expecting.NOTHING, patient=False))
    return _thanked(replace(scene, dialogue=dialogue), given.score)


def _words(scene: Scene) -> Steps[Move]:
    score, code = scene.dialogue.rating, scene.dialogue.booking_code
    scene = replace(scene, dialogue=replace(scene.dialogue, rating=None))
    if score is None or code is None or scene.says(*_NOTHING_MORE):
        return _thanked(scene, score or LOW + 1)
    yield from rate_stay(code, score, scene.heard.text)
    return _thanked(scene, score)


def _thanked(scene: Scene, score: int) -> Move:
    if score <= LOW:
        return too_much(scene, scene.dialogue, (Line("trade.feedback.low"),))
    return Move(scene.dialogue, (Line("trade.feedback.thanks"),), closes=True)


def _asked(scene: Scene, key: str) -> bool:
    question = scene.dialogue.question
    return question is not None and question.key == key


SPECIALIST = Specialist(
    "feedback", Track.BUSINESS, "take a score and words about a stay", frozenset(), priority=84, wants=wants, act=act,
    alone=True, knows=wants, slots=("booking_code", "score"), tools=(FindOwn, FindBooking, Identify, RateStay),
)  # fmt: skip
