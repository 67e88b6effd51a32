"""Short answers read by rule, because a model has too little to go by: yes, no, a greeting, "with a person".

Texts come folded (lower case, no accents). What no rule is sure of is left to the model.
"""

from __future__ import annotations

import re

_YES_WORDS = (
    r"(?:s+i+p?|sisi|sip|sep|see+|claro(?: que si)?|dale+|dal[ei]|ok(?:ey|a|i|is|ok)?|bueno+|perfecto|de una|obvio(?: que si)?|genial"
    r"|listo|va|vale|joya|barbaro|excelente|excelent|confirm(?:o|a|ado|ada|ala|alo|emos|ame|amos|alo|en|enla)"
    r"|reserv(?:a|ala|alo|emos|o|amela|ame|enla|ela|elo|emela|amos)|bloque(?:ala|alo|enla|ela|a)|correcto|exacto|exactamente|asi es"
    r"|(?:me parece|esta|todo|muy|va|suena) (?:bien|perfecto|genial|ok|correcto)|de acuerdo|por supuesto|hagamoslo|hacelo|hazlo|hagale|hagalo"
    r"|adelante|me gusta|buenisimo|seguro|me sirve|la quiero|lo quiero|la tomo|la tomamos|lo tomo|esa misma|ese mismo|afirmativo|andale|orale"
    r"|ya|ya po|ya pues|sale|simon|yes|por favor|porfa|porfis|quiero(?: esa| ese)?|eso(?: es| mismo)?|tal cual|venga|cerremos|avancemos"
    r"|avanza|acepto|aceptado|efectivamente|desde luego|con gusto|no hay problema|sin problemas?|no hay drama|si senor(?:a|ita)?|gracias|genia"
    r"|pues|hombre|mmm*|ah|eh|bien|buena|joia|impecable|espectacular|fantastico|estupendo|maravilloso|vamos|dele|oka|👍|✅|👌)"
)
_YES = re.compile(rf"^(?:{_YES_WORDS}[\s,.!]*)+(?=$|\s|\b)")
_ONLY_YES = re.compile(rf"^(?:{_YES_WORDS}[\s,.!]*)+$")
_POLITE_ONLY = re.compile(r"^(?:gracias|por favor|porfa|porfis|pues|hombre|mm+|ah|eh|genia|ya|va)[\s,.!]*$")
_GOES_ON = re.compile(
    r"^si (?:por|porfa|claro|dale|quiero|queremos|confirm\w*|reserv\w*|esta|me parece|perfecto|gracias|a nombre|obvio|senor\w*|acept\w*"
    r"|correct\w*|es|hac\w*|bloque\w*|toma\w*|vamos|esa|ese|eso|la|lo|el|para|del|con|adelante|exacto|de|ok|bueno|genial|ya|todo|asi"
    r"|soy|mi nombre|me llamo|avan\w*|procede|seguro|si|listo|obviamente|efectivamente|ponela|anota\w*|deja\w*|dej[ae]n?\w*|x|xfa|nos)\b"
)
_NO_WORDS = (
    r"(?:no+|nop[ei]?|noup|nah|na|nel|negativo|para nada|mejor no|todavia no|aun no|ahora no|por ahora no?|por el momento no?|tampoco"
    r"|gracias|muchas gracias|no quiero|no lo quiero|no la quiero|no me interesa|no me sirve|no me convence|no hace falta|de ninguna manera"
    r"|ni loco|ni loca|jamas|nunca|no es correcto|no es asi|esta mal|incorrecto|eso no|asi no|esa no|ese no|creo que no|prefiero que no"
    r"|dejalo|dejala|deja|olvidalo|no es necesario|no por ahora|no gracias|no senor(?:a|ita)?|no confirm\w+|no reserv\w+|no la reserv\w+"
    r"|no estoy segur[oa]|no me gusta|no acepto|no importa|no va|ninguno|ninguna|ninguna de las dos|asi esta bien|esta bien asi|por favor)"
)
_NO = re.compile(
    r"^(?:no+|nop|nah|nel|negativo|mejor no|todavia no|ahora no|por ahora no|para nada|tampoco)(?=$|[\s,.!])"
)
_ONLY_NO = re.compile(rf"^(?:{_NO_WORDS}[\s,.!]*)+$")
_NOT_A_NO = re.compile(
    r"^no (?:entiend|entend|se\b|hay (?:problema|drama|lio)|tengo (?:problema|drama)|me lleg|recib|anda|funciona|puedo|podemos|voy|vamos|hay|sale)"
)
_AGREES = re.compile(r"^no (?:hay|tengo) (?:ningun )?(?:problema|drama|lio|inconveniente)s?$")
_CHANGE = re.compile(r"\b(?:pero|mejor|sino|en realidad|cambi\w+|otra fecha|en vez|en lugar)\b")
_GREETING = re.compile(
    r"^(?:(?:h?ola+s?|holi+s*|hello|hi|hey|buen(?:as|os)?|wenas|bue(?:n|na)|muy|dias?|tardes?|noches?|que tal|como (?:estas?|andas?|va|andan|le va)"
    r"|que onda|quiubo|que hubo|alo|saludos|gente|chicos|chicas|amigos?|todo bien|estimados?|a todos|senorita|senor)[\s,.!?]*)+$"
)
_SOMEBODY = (
    r"(?:una persona|alguna persona|otra persona|un humano|ser humano|humanos?|personas? (?:real|reales|de verdad)|(?:un |una |el |la )?(?:agente"
    r"|asesora?|operadora?|telefonista|representante|recepcionista|ejecutiv[oa]|encargad[oa]|gerente|supervisora?|responsable|duen[oa]"
    r"|vendedora?|empleado|empleada|conserje|administradora?)|alguien|recepcion|la recepcion|el hotel|atencion al cliente|un chico|una chica"
    r"|soporte|el personal|personal del hotel|un ser)"
)
_HUMAN = re.compile(
    rf"\b(?:habl(?:ar|o|e|emos)|charlar|conversar|platicar|comunic\w+|contact\w+)(?:me|nos|rme)? (?:\S+ ){{0,4}}?(?:con |a )?{_SOMEBODY}\b"
    rf"|\b(?:pas[ae]\w*|pase\w*|transf\w+|tranf\w+|deriv\w+|conect\w+|conect\w+|pon(?:e|me|eme|gan|ga)\w*|comunic\w+)(?: \S+)? (?:con|a) (?:\S+ )?{_SOMEBODY}\b"
    rf"|\b(?:que|quiero que) (?:me |nos )?(?:atiend\w+|llam\w+|contact\w+|respond\w+|contest\w+|hable) (?:\S+ ){{0,2}}?{_SOMEBODY}\b"
    rf"|\b(?:atender(?:me|nos)|atienda|atienden|atiende|atienden) (?:\S+ )?{_SOMEBODY}\b"
    r"|\b(?:quiero|quisiera|necesito|prefiero|dame|deme|exijo|busco) (?:a |con )?(?:un |una |al )?(?:humano|ser humano|persona (?:real|de verdad)|agente"
    r"|operadora?|representante|recepcionista|encargado|gerente|supervisora?|asesora?)\b"
    r"|\b(?:quiero|necesito|prefiero) (?:una persona|alguien|un humano)(?: ya| por favor| porfa| que (?:me )?\w+)?$"
    r"|\bno (?:quiero|me gusta|voy a) (?:seguir )?(?:(?:hablar|hablando|habla|chatear|tratar) con )?(?:un |una |el |este |la )?(?:bot|robot|maquina|chatbot|ia|contestador)\w*\b"
    r"|\bhay (?:alguien|alguna persona|algun humano|un humano)(?: \S+){0,3}? (?:atend\w+|atiend\w+|real|ahi|de verdad|ayud\w+|detras|del otro lado)\b"
    r"|\b(?:atencion|agente|asesor|operador) (?:humana|humano|real|personal|personalizada)\b|\bcarne y hueso\b"
)
_ONLY_PERSON = re.compile(
    r"^(?:(?:hola|buenas|no|quiero|necesito|con|a|al|un|una|el|la|otra|hablar|por favor|porfa|ya|urgente|por fa)[\s,.]+)*"
    r"(?:persona|humano|agente|operadora?|asesora?|recepcion|representante|ejecutiv[oa]|recepcionista|telefonista|supervisora?|gerente|encargad[oa])"
    r"(?: humano| humana| real| por favor| porfa| ya| del hotel| urgente)*$"
)
_NOT_FOR_TALKING = re.compile(
    r"\b(?:cita|citas|turno|reunion|videollamada|agend\w+|program\w+|coordin\w+|agreg\w+|sum(?:ar|ame|amos|o)|habitacion (?:\S+ )?para|para (?:una persona|alguien)"
    r"|(?:cuanto|precio|por|horario|hora|donde|abierta|telefono|numero|mail) (?:\S+ ){0,3}?(?:una persona|recepcion|gerente))\b"
)


def plain(folded: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[¿?¡!\"“”]", " ", folded)).strip(" .,;")


def wants_person(folded: str) -> bool:
    said = plain(folded)
    if _ONLY_PERSON.match(said):
        return True
    return bool(_HUMAN.search(said)) and not _NOT_FOR_TALKING.search(said)


def greets(folded: str) -> bool:
    return bool(_GREETING.match(plain(folded)))


def says_yes(text: str, folded: str, *, asked: bool) -> bool:
    """``asked``: a yes or no was asked for, so that a yes may open a longer sentence."""
    said = plain(folded)
    if _POLITE_ONLY.match(said) and not (asked and said == "ya"):
        return False
    if _ONLY_YES.match(said) or _AGREES.match(said):
        return True
    if not asked or _CHANGE.search(said) or not (lead := _YES.match(said)):
        return False
    first = lead[0].strip()
    if first == "si" and "," not in folded[:4]:
        # "Si cancelo, ..." is a condition; "sí" is not.
        return text.lstrip("¡ ").lower().startswith("sí") or (bool(_GOES_ON.match(said)) and "?" not in text)
    return "?" not in text or first != "quiero"


def says_no(folded: str, *, asked: bool) -> bool:
    said = plain(folded)
    if _ONLY_NO.match(said):
        return said not in ("gracias", "muchas gracias", "por favor")
    return asked and bool(_NO.match(said)) and not _NOT_A_NO.match(said)


def after_yes(folded: str) -> str:
    """What follows a leading yes."""
    said = plain(folded)
    lead = _YES.match(said)
    return said[lead.end() :].strip(" ,.") if lead else ""
