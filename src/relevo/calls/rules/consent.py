"""Whether a customer objects to being recorded, from the words they said. It stops nothing by itself.

A question about recording is no objection, nor is a wish not to talk to a machine; a refusal is one in any register.
An objection that is missed cannot be made good, one that is imagined costs a recording: so a doubtful one counts.
"""

from __future__ import annotations

import re

from relevo.calls.rules.recordings import folded

OBJECTION_KEY = "9"
"""Pressed on the telephone, it objects. Configurable where the key means something else."""

_VERB = r"grab[ea](?!cion)\w{0,6}"
_NOUN = r"grabaci(?:on|ones)"
_RECORD = rf"(?:{_VERB}|{_NOUN}|record(?:ed|ing|ings)?)"
_ME = r"(?:(?:me|nos|se|te|le|lo|la|los|las|esto|eso|esta|este|mi|nuestra|todo)\s+)*"
_WANT = (
    r"(?:quiero|quisiera|queremos|queria|deseo|deseamos|acepto|aceptamos|autorizo|autorizamos|permito|permitimos|doy|di"
    r"|dimos|dare|he dado|consiento|consentimos|apruebo|gusta|gustaria|parece|interesa|hace gracia|estoy de acuerdo"
    r"|acuerdo|conviene|estoy dispuest[oa]|siento comod[oa])"
)
_GAP = r"(?:\W+\w+){0,6}?\W+"

_REFUSALS = tuple(
    re.compile(pattern)
    for pattern in (
        # "no quiero que me graben", "no doy mi consentimiento para que se grabe", "no acepto la grabación"
        rf"\b(?:no|tampoco|nunca|jamas)\s+(?:me\s+|nos\s+|le\s+|les\s+)?{_WANT}(?:\s+|{_GAP}){_RECORD}\b",
        # "no me grabe", "que no se grabe", "no grabes esto", "no vayan a grabar", "no me estén grabando"
        rf"\bno\s+{_ME}(?:pueden?|podes|puedes|tienen?|deben?|vayan?|esten?|sigan?|hace falta|hay que)?\s*"
        rf"(?:que\s+|a\s+|derecho a\s+|permiso para\s+|autorizacion para\s+)?{_ME}{_RECORD}\b",
        # "ni se le ocurra grabarme", "nada de grabaciones", "la grabación no la acepto"
        rf"\bni\s+(?:se\s+)?(?:le|les|te)\s+ocurra\s+{_VERB}\b",
        rf"\bnada\s+de\s+{_RECORD}\b",
        rf"\b{_NOUN}\s+no\s+(?:la\s+|me\s+)*{_WANT}\b",
        # "sin grabación, por favor", "sin grabar", "sin que me graben", "sin ser grabado"
        rf"\bsin\s+(?:la\s+|ninguna\s+)?(?:{_NOUN}|grabar\w*|(?:que\s+{_ME}|ser\s+){_VERB})\b",
        # "deje de grabar", "pare la grabación", "apague la grabadora", "corten la grabación", "borre la grabación"
        r"\b(?:dej|par|apag|cort|deten|det[eu]ng|suspend|borr|elimin|quit|desactiv|interrump|cancel|termin|saqu|sac)\w*"
        rf"\s+(?:de\s+|ya\s+|por favor\s+|a\s+|con\s+)*(?:la\s+|las\s+|esa\s+|esta\s+|mi\s+)?(?:grabadora|{_RECORD})\b",
        # "me niego a que graben", "me opongo a la grabación", "rechazo la grabación", "me molesta que me graben"
        r"\b(?:me\s+niego|me\s+opongo|nos\s+oponemos|nos\s+negamos|rechazo|rechazamos|prohibo|objeto"
        rf"|retir[oa]\w*|revoc[oa]\w*)\b{_GAP}{_RECORD}\b",
        rf"\b(?:me|nos)\s+(?:molesta|incomoda|preocupa)\s+(?:mucho\s+)?(?:que\s+)?{_ME}(?:esten?\s+)?{_VERB}\b",
        # "preferiría no ser grabado"
        rf"\bno\s+(?:ser|quedar|estar)\s+{_RECORD}\b",
        r"\b(?:do not|don't|dont|stop)\s+(?:want\s+)?(?:to\s+be\s+|you\s+to\s+)?record(?:ing|ed)?\b",
    )
)
_ABOUT_IT = rf"(?:(?:\s+(?!no\b|pero\b)\w+){{0,5}}?\s+{_RECORD}\b)?"
_REMARKS = tuple(
    re.compile(pattern)
    for pattern in (
        # "no me molesta que graben", "no hay problema con que se grabe", "no tengo inconveniente en que me graben"
        r"\bno\s+(?:me\s+|nos\s+)?(?:molesta|importa|preocupa|incomoda|afecta|hay\s+(?:ningun\s+)?(?:problema|drama"
        r"|inconveniente)|tengo\s+(?:ningun\s+)?(?:problema|drama|inconveniente)|es\s+(?:ningun\s+)?(?:problema"
        rf"|inconveniente)){_ABOUT_IT}",
        # "no sé si graban", "no sabía que grababan"
        rf"\bno\s+(?:se|sabia|sabiamos|recuerdo|entiendo|entendi|escuche)\b(?!\s+{_RECORD})",
        # "no se grabó bien el mensaje": machines, not consent
        r"\bno\s+se\s+(?:me\s+)?(?:grababa|habia\s+grabado|ha\s+grabado)\b",
        # "no quiero hablar con una grabación", "no me gusta la grabación de espera"
        rf"\b(?:hablar|habla|hablando|atienda|atender|trate|tratar|pase|pasen|comunique)\s+(?:con\s+)?(?:una|la)\s+(?:{_NOUN}|grabadora)\b",
        rf"\bcon\s+una\s+{_NOUN}\b",
        rf"\bno\s+(?:me|nos)\s+gust(?:a|o)\s+(?:nada\s+)?(?:la|esa|esta)\s+{_NOUN}\b",
        r"\bno\s+(?:me\s+|la\s+|lo\s+|los\s+|las\s+)?(?:graban?|estan?\s+grabando|van\s+a\s+grabar)\s*(?:no|verdad|cierto)\s*\?",
    )
)
_ASKING = re.compile(
    rf"^[^?]*¿\s*(?:y\s+|pero\s+)?(?:no\s+)?{_ME}(?:graban?|estan?\s+grabando|van\s+a\s+grabar)[^?]*\?\s*$"
)


def objects_to_recording(text: str) -> bool:
    """Whether somebody who says this does not want to be recorded (or no longer)."""
    said = folded(text)
    if _ASKING.search(said):
        return False
    said = " ".join(re.sub(r"[,;:]", " ", said).split())
    for remark in _REMARKS:
        said = remark.sub(" ", said)
    return any(refusal.search(said) for refusal in _REFUSALS)
