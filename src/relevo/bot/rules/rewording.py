"""Another way of saying the same, written by a language model: what it is asked for, and whether its words may be used.

A model may change the tone, never the content. Take the small words of courtesy and grammar out of the template and
out of the model's text, and what is left, names, numbers, verbs, negations, must be the same words in the same order.
So nothing can be invented, dropped, swapped or denied, whatever the model writes; it costs some good rewordings.
"""

from __future__ import annotations

import json
import re

from relevo.bot.ports import Said
from relevo.bot.rules.guard import unseemly
from relevo.bot.rules.reading import fold
from relevo.texts import Texts

LONGER = 120
"""Characters that courtesy may add."""
_ES = """
a al aca ahi algo alegra alegre alguna algun aqui asi aun ayudar ayudarte ayudo barbaro bien buen buena buenas bueno
buenos claro como contame contento contenta cual cuentame de decime del dale dia dias dime dudas duda el ella ellas
ellos en encantada encantado era es esa ese eso estamos estar este esta esto estos estoy excelente favor feliz fue
genial gracias gusto ha hay haz hermosa hermoso hola la las le les linda lindo listo lista lo los me mi mis mira
muchas mucho muy nos nosotros os para parece perfecta perfecto placer pregunta preguntas que queda quedan quedo
quedaria queres quieras saludos se ser seria serian son sos soy su sus super tal tambien tarde tardes te tenemos tengo
ti tiene tienen tu tus un una unas unos usted ustedes va vale vamos vos y
"""
_EN = """
a an and are as at be by course do for glad great happy have hello here hi how i in is it lovely let me my of on our
perfect please pleasure so sure thank thanks that the then there these this those to us very we well what which you
your
"""
_SMALL = {"es": frozenset(_ES.split()), "en": frozenset(_EN.split())}
_TOKEN = re.compile(r"[^\W_]+(?:[.,:/@+'’_-]*[^\W_]+)*|[$€%]|US\$|R\$|S/")


def asked(template: str, customer: str, texts: Texts) -> list[Said]:
    """What the model is asked. The customer's words go in as quoted data; nothing they say is an order to it."""
    return [
        Said("system", texts.say("llm.reword")),
        Said("user", json.dumps({"cliente": customer[-400:], "respuesta": template}, ensure_ascii=False)),
    ]


def usable(template: str, written: str, texts: Texts) -> str | None:
    """The model's words as they may be sent, or None: the template is sent then."""
    text = written.strip().strip('"').strip()
    if not text or len(text) > len(template) * 1.6 + LONGER or any(map(unseemly, text.split("\n"))):
        return None
    small = _SMALL.get(texts.locale.split("_")[0], frozenset())
    return text if content(text, small) == content(template, small) else None


def content(text: str, small: frozenset[str]) -> list[str]:
    """The words that carry meaning, in their order."""
    return [word for token in _TOKEN.findall(text) if (word := _plain(token)) not in small]


def _plain(token: str) -> str:
    return fold(token) or token
