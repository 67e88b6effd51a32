"""How a customer feels by the words they wrote: a small list of words, what turns them round, and the trouble rules.

It reads one written message at a time and answers a number; what it is good for is decided elsewhere. It is never
asked about voices, and never about staff.
"""

from __future__ import annotations

import re

from relevo.bot.rules.escalation import Reason, trouble
from relevo.bot.rules.reading import fold

MOST = 2.0
_TROUBLE = {Reason.MONEY: -2.0, Reason.ANGRY: -2.0, Reason.COMPLAINT: -1.5}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BAD = _set(
    """
    mal malo mala malos malas pesimo pesima horrible horribles terrible espantoso espantosa asco asqueroso asquerosa feo
    fea sucio sucia sucios sucias mugre ruido ruidoso roto rota rotos rotas problema problemas queja quejas reclamo
    reclamos error errores molesto molesta molestos enojado enojada enojados furioso furiosa indignado indignada harto
    harta cansado cansada decepcion decepcionado decepcionada decepcionante desastre verguenza maltrato groseros grosero
    grosera estafa estafaron robo robaron mentira mentiras mienten engano enganaron lento lenta demora demoras tarde
    nadie nunca jamas frio fria olor humedad cucarachas cucaracha preocupado preocupada preocupa urgente insoportable
    incomodo incomoda inutil inutiles absurdo ridiculo perdi perdieron fallo falla fallan empeora odio triste lamentable
    """
)
_GOOD = _set(
    """
    gracias genial excelente excelentes perfecto perfecta buenisimo buenisima barbaro espectacular hermoso hermosa
    hermosos lindo linda lindos divino divina encanta encanto encantado encantada encantados feliz felices contento
    contenta contentos maravilloso maravillosa maravilla impecable impecables amable amables atento atenta atentos
    recomiendo recomendable recomendables buena bueno buenas buenos bien mejor joya crack genios genio fantastico
    fantastica increible agradecido agradecida agradecidos chevere bacan padrisimo guay super felicitaciones felicito
    rico rica comodo comoda tranquilo satisfecho satisfecha valio
    """
)
_FAINT = _set(
    "gracias buena bueno buenas buenos bien mejor tarde nadie nunca perfecto genial super tranquilo frio fria"
)
"""Said out of habit, or about something else, as often as not."""
_TURNS = _set("no ni nunca jamas sin tampoco nada")
_STRONGER = _set("muy re tan super demasiado totalmente bastante recontra mucho mucha")
_GREETS = re.compile(
    r"\b(buen[oa]s? (dias?|tardes?|noches?)|muy buenas|mal de|no hay problema|sin problemas?|mas tarde)\b"
)
_FAILS = re.compile(
    r"\bno (me |nos |se |les )?(funcion\w+|and[ao]\w*|sirve\w*|prende\w*|contest\w+|respond\w+|atiend\w+|atendi\w+|vino"
    r"|vinieron|aparecio|llego|cumpl\w+|arregl\w+|limpia\w+|cambi(aron|an) las|devolv\w+|hay (agua|luz|senal|toallas)"
    r"|era (lo|como)|es (lo que|justo)|puede ser|pude dormir|pudimos dormir|dan bola|hacen caso)\b"
    r"|\b(hace (horas|dias|una hora|dos horas|media hora)|sigo esperando|seguimos esperando|todavia espero"
    r"|cobraron (de mas|dos veces|el doble)|me (cobraron|cortaron|trataron|dejaron)|nos (cobraron|trataron|dejaron))\b"
)
_WORD = re.compile(r"[a-z]+")
_SAD, _GLAD = "😡🤬😠😤😞😢😭👎💩😒🙄", "😀😃😄😁😊🥰😍❤👏🙌🤩👍😉"
_REACH = 3


def felt(text: str) -> float:
    """Below zero is bad; at most two either way. Nothing said of it is nought."""
    plain = _GREETS.sub(" ", fold(text))
    score = _words(plain) - (_FAILS.search(plain) is not None)
    score += 0.7 * (any(each in text for each in _GLAD) - any(each in text for each in _SAD))
    if score < 0 and ("!!" in text or _shouts(text)):
        score *= 1.5
    reason = trouble(text)
    if reason is not None:
        score = min(score, _TROUBLE.get(reason, -1.0))
    return round(max(-MOST, min(MOST, score)), 2)


def _words(folded: str) -> float:
    words, score = _WORD.findall(folded), 0.0
    for at, word in enumerate(words):
        sign = (word in _GOOD) - (word in _BAD)
        if not sign:
            continue
        before = words[max(0, at - _REACH) : at]
        weight = 0.3 if word in _FAINT else 1.0
        if any(each in _STRONGER for each in before[-1:]):
            weight *= 1.5
        # "No anda bien" is bad news; "no hubo problemas" is hardly good news.
        turned = any(each in _TURNS for each in before)
        score += weight * (sign if not turned else -1.0 if sign > 0 else 0.3)
    return score


def _shouts(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 8 and sum(map(str.isupper, letters)) > 0.7 * len(letters)
