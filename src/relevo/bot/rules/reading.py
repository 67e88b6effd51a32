"""What the dialogue reads in a text by itself, because it depends on what was said before or must never be missed.

Everything else is the engine's. Texts are compared folded: lower case, no accents, single spaces.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=128)
def fold(text: str) -> str:
    # Every specialist asks for the same message.
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w@.+$'-]+", " ", plain).split())


_NUMBERS = {"un": 1, "una": 1, "uno": 1, "otra": 1, "otro": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6}
_COUNT = rf"(?P<n>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_MORE_NIGHTS = (
    (re.compile(rf"\b{_COUNT} (noches?|dias?|nochecitas?) (mas|extra|adicional(es)?)\b"), 1),
    (re.compile(r"\b(agreg\w*|sum\w*|anad\w*|extend\w*) (me |le |nos )?" + _COUNT + r" (noches?|dias?)\b"), 1),
    (re.compile(r"\b(?P<n>otra) (noche|nochecita)\b"), 1),
    (re.compile(rf"\b{_COUNT} (noches?|dias?) menos\b"), -1),
    (re.compile(r"\b(sac\w*|quit\w*|rest\w*) (me |le |nos )?" + _COUNT + r" (noches?|dias?)\b"), -1),
)
_PERSON = r"(personas?|huesped(es)?|adultos?|amig[oa]s?|herman[oa]s?|nin[oa]s?|nen[ea]s?|hij[oa]s?|chic[oa]s?)"
_MORE_GUESTS = (
    (re.compile(rf"\b{_COUNT} ({_PERSON} )?mas\b(?! (noche|dia|barat|car|tarde|temprano|grande|chic))"), 1),
    (
        re.compile(
            rf"\b(se (nos )?suma|viene tambien|se agrega|agreg\w+|sum(ame|anos|amos|ar)) (a )?{_COUNT} {_PERSON}\b"
        ),
        1,
    ),
    (re.compile(rf"\b{_COUNT} {_PERSON} menos\b"), -1),
    (re.compile(r"\b(somos|vamos|seremos|seriamos) (?P<n>un[oa]|dos|tres) menos\b"), -1),
)
_SOMEBODY = r"(una persona|alguien|un humano|humanos?|un agente|operador\w?|recepcion(ista)?|asesor\w?|representante)"
_WANTS_PERSON = re.compile(
    rf"\b(hablar|hable|comuni\w+|atienda\w?|deriv\w+|transfer\w+ (a|con)|pas\w+ (con|a))\b.{{0,20}}\b{_SOMEBODY}\b"
    rf"|\b(quiero|prefiero|necesito) (a )?(un |una )?(humano|persona real|agente|operador\w?|asesor\w?)\b"
)
_MONEY_TROUBLE = re.compile(
    r"\b(me cobraron|cobraron (dos veces|doble|de mas)|doble cobro|cobro (doble|duplicado|indebido)|estafa\w*|"
    r"(exijo|quiero|necesito|pido|hagan|haganme) (un|el|mi) (reembolso|reintegro)|(me|nos) (devuelv\w+|reintegr\w+)|"
    r"devuelvan(me)? (mi|el|la) (plata|dinero|sena)|(plata|dinero) de vuelta|"
    r"me (descontaron|debitaron) (dos veces|de mas|mal)|me rechazaron (el|la|mi) (pago|tarjeta|transferencia)|"
    r"no (me|nos) (llego|devolvieron|reintegraron|reembolsaron) (la|el|mi) "
    r"(devolucion|reintegro|reembolso|plata|dinero|sena))\b"
)
_NAME_WORD = re.compile(r"^[^\W\d_][\w'’.-]*$")
_NOT_NAMES = frozenset(
    fold(
        """
    si no ok dale bueno listo gracias hola chau que como cuando cuanto donde cual por porque quiero necesito puedo
    tienen hay esta es son somos doble triple simple suite noche noches dia dias persona personas precio reserva
    reservar cancelar cambiar mejor manana hoy perdon despues luego todavia espera nombre
    apurate apurense apurese apuren rapido urgente contesten contesta respondan
    """
    ).split()
)
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "van", "von", "der", "di", "san"})
_CONTACT = re.compile(r"\S+@\S+|\+?\d[\d\s().-]{5,}")
_ANOTHER = re.compile(
    r"\b(otra|segunda) (habitacion|reserva|pieza)( mas| ademas| tambien| aparte)\b"
    r"|\b(ademas|tambien|aparte)\b.{0,30}\b(otra|segunda) (habitacion|reserva|pieza)\b|\buna (habitacion|reserva) mas\b"
)
_ORDERS = re.compile(
    r"\b(reserv(a|o|ala|alo|ela|elo|amela|emela|ame|eme|emos|emosla|enla|en)|confirm(o|a|ala|ela|amela|emela)|"
    r"(separ|apart|guard)(ala|ela|amela|emela)|(tom|agarr)ala|cogela|me la quedo|la tomo|la tomamos|cerrado)\b"
)
_UNDOES = re.compile(r"\b(no|ni|sin|cancel\w*|anul\w*|baja|borr\w*|mi reserva|la reserva|una reserva)\b")
_CHILD = r"(nin[oa]|nen[ea]|chic[oa]|bebe|hij[oa]|menor)"
_MORE_CHILDREN = (
    (re.compile(rf"\b(?P<n>otr[oa]) {_CHILD}\b"), 1),
    (re.compile(rf"\b{_COUNT} {_CHILD}s? (mas|extra)\b"), 1),
    (re.compile(rf"\b(se (nos )?suma|se agrega|sum(ame|anos|amos|ar)|agreg\w+) (a )?{_COUNT} {_CHILD}s?\b"), 1),
    (re.compile(rf"\b{_COUNT} {_CHILD}s? menos\b"), -1),
)
_COMPLAINS = re.compile(
    r"\b(quejarme|presentar una queja|tengo una queja|(hacer|presentar|poner) un reclamo|que verguenza|una verguenza|"
    r"(me|nos) (atendieron|trataron) (muy |re )?(mal|pesimo|horrible)|pesim[oa] (servicio|atencion|trato))\b"
)
_AGREES = frozenset(
    fold(
        """
        si sip se sep dale ok okey oki okis okay listo perfecto bueno genial va vale joya barbaro excelente buenisimo
        claro obvio de una me la lo las los quiero gusta sirve parece bien esta por favor porfa gracias muchas adelante
        hagamoslo procedamos procede proceda con reserva reservar entonces nomas che ah eh ay hola mira esa ese eso este
        quedo tomo llevo cerrado acepto aceptamos acuerdo afirmativo yes yep sure tal cual seguro correcto exacto asi es
        y ya confirmo confirmado confirmada confirmamos quedamos vamos nos hacelo haga hagan hace mandale metele orale
        andale sale encantado encantada encanta super que tambien habitacion el le te doy anda dele buenas
        separala separela separamela separemela tomala cogela agarrala tomamos senora senorita senor
        simon sipi sipis hagale pongale hagamos apartala apartela apartamela guardala guardamela cerralo cierralo hacela
        book it please q po pues porfis pa de un esto igual toda todo chevere bacan guay
        """
    ).split()
)
_FILLS = frozenset(
    fold(
        """
        me la lo las los por porfa favor gracias muchas con que che ah eh ay hola mira esa ese eso este y es el le te q
        pues porfis pa de habitacion un esto igual toda todo tambien nos ya buenas se a tal cual it please entonces
        nomas parece quedo anda
        """
    ).split()
)
"""Of those, the ones that agree to nothing by themselves."""
_MOST_BESIDE = 1
"""Other words that a yes may bring along and still be a plain one."""
_HESITATES = re.compile(
    r"\b(no|ni|nah|tampoco|pero(?! *$)|aunque|quizas?|tal vez|capaz|a lo mejor|puede ser|depende|todavia|por ahora|"
    r"(?:despues|luego|mas tarde|mas adelante)(?! te (?:paso|mando|envio|transfiero|deposito|pago))|"
    r"(?:te|les|os|le) (?:aviso|avisamos|escribo|escribimos|digo|cuento|llamo)|"
    r"(?:pensar|consultar|charlar|hablar|evaluar|checar)(?:lo|la)|(?:lo|la) (?:voy|vamos|tengo|tenemos) (?:a|que) "
    r"(?:pensar|consultar|hablar|charlar|ver|evaluar)|(?:tengo|tenemos) que (?:pensar|consultar|hablar|ver)|"
    r"dej\w+ que lo (?:piens|consult|habl|charl)\w+|"
    r"lo (?:pienso|pensamos|veo|vemos|hablo|hablamos|charlo|charlamos|consulto|consultamos|miro)|"
    r"(?:es|parece) (?:mucho|mucha plata)|car[oa]s?|carisim[oa]|barat[oa]s?|rebaja|descuento|info|informacion|"
    r"atent[oa]|deja(?:lo|la|me|melo)?|olvidal[oa]|olvidate|paso|me (?:equivo\w+|confund\w+)|quise decir)\b"
)
_HARMLESS = re.compile(
    r"\b(ya lo (hablamos|charlamos|consultamos|pensamos|vimos|hable|charle|consulte|pense)|"
    r"no hay (problema|drama|apuro)|como no|por ?que no|no importa|deja(la|lo) reservad[oa])\b"
)
_INTERROGATES = re.compile(r"\b(que|cual|como|cuando|cuanto|cuanta|donde|hay|tiene[ns]?|incluye|puedo|puede|podemos)\b")
_WANTS_IT = re.compile(r"\b(l[ao] quiero|quiero reservarla|cambie de idea|(mejor|al final|ahora) si|si reserv\w+)\b")
CANCELLING = frozenset(
    fold(
        """
        cancela cancelala cancelalo cancelar cancelen cancelenla cancelame cancelamela cancelo cancele anula anulala
        anular anulo anulen baja borrala borra quiero queremos reserva cancel proceder procede
        """
    ).split()
)
"""What orders a cancellation, said to the question whether to cancel."""
CHANGING = frozenset(
    fold(
        """
        cambia cambiala cambialo cambiar cambien cambienla cambiame cambiamela cambio cambie modifica modificala
        modificar modificalo modifiquen hacelo hace hagan quiero queremos reserva pasala pasalo pasame change
        """
    ).split()
)
_KEEPS = re.compile(r"\bno (la |lo |me la |se |quiero |queria )*(cancel|anul|cambi|modific|borr)\w*")
_CANCELS = re.compile(r"\b(cancel(a|o|ar|ala|alo|en|enla|amela|emosla)|anul(a|o|ar|ala|en|enla))\b")
_CHANGES = re.compile(r"\b(cambi(a|o|ar|ala|alo|emos|emosla|en)|modific\w+|mov(er|erla|ela|elo|amosla))\b")
_PUTS_RIGHT = re.compile(
    r"\b(mejor(?! dicho si)|prefiero|preferimos|pensandolo|en realidad|al final|perdon|cambio|cambiemos|en vez|"
    r"en lugar)\b"
)
_RATHER = re.compile(r"^(no )?(mejor|en realidad|en vez|en lugar|al final)\b")
_NO_CODE = re.compile(
    r"\b(no (lo |la |los |me |le )?(tengo|encuentro|recuerdo|acuerdo|se|guarde|llego)|perdi|sin (el )?codigo|"
    r"(lo|la) perdi|olvide|ni idea|que codigo)\b"
)
_BARE_CODE = re.compile(r"(?<![a-z0-9@.])(?=[a-z0-9]*\d)([a-hj-np-z2-9]{5})(?![a-z0-9@])")
_VOUCHER = re.compile(
    r"\b(voucher|vaucher|vauche|baucher|bono|comprobante de (la |mi )?reserva|"
    r"(mail|correo|pdf|papel) de (la |mi )?(reserva|confirmacion))\b"
)
_SEND_IT = re.compile(
    r"\b(mand\w*|envi\w*|reenvi\w*|pas(a|ame|as|en|arme|enme)|no me llego|perdi|de nuevo|otra vez|quiero|quisiera|"
    r"necesito|descarg\w+)\b"
)
_AGAIN = re.compile(r"\b(de nuevo|otra vez|no me llego|(lo|la) perdi|nuevamente|reenvi\w+)\b")
_SECOND_THOUGHT = re.compile(r"^\W*((ah|ay|uy|pera|espera)\W+)?no\s*[,.;:!]", re.IGNORECASE)
_SUPPOSES = re.compile(
    r"\b(y si|que pasa si|en caso de|hasta cuando)\b.{0,30}\b(cancel|anul)\w*"
    r"|\bsi (yo |al final |despues |luego |la |lo |tengo que |tuviera que |tenemos que |llego a |hay que )*"
    r"(cancelo|cancelamos|cancelara|cancelar|anulo|anulamos|anular)\b"
    r".*(\b(devuel\w+|reembols\w+|reintegr\w+|pierd\w+|cobran?|cargo|costo|penal\w+|pasa|sena)\b)"
)
_NAMES_IT = re.compile(r"\ba n(?:ombre|om\w{1,4}|\w{2,4}re) de\s+", re.IGNORECASE)
_TAIL = re.compile(r"\s+(mejor|por favor|porfa|gracias|en realidad|nomas|entonces)\b.*$", re.IGNORECASE)
_ASKS = re.compile(r"\b(saber|preguntar|consultar|averiguar|duda|pensar|pensarlo|consultarlo)\b")
_LEAD = re.compile(
    r"^(anot[aáeé]\w*|pong?[ae]\w*|apunt[aáeé]\w*|"
    r"a n\w{2,5}e? de|a nombre|soy|me llamo|mi nombre es|ponela a nombre de|es|el nombre es|nombre)\s*:?\s+",
    re.IGNORECASE,
)


def relative_nights(text: str) -> int:
    """``una noche más`` is +1; 0 where the message does not count from before."""
    return _relative(text, _MORE_NIGHTS)


def relative_guests(text: str) -> int:
    """``se suma una persona`` is +1."""
    return _relative(text, _MORE_GUESTS)


def relative_children(text: str) -> int:
    """``se suma otro nene`` is +1."""
    return _relative(text, _MORE_CHILDREN)


def _relative(text: str, patterns: tuple[tuple[re.Pattern[str], int], ...]) -> int:
    folded = fold(text)
    for pattern, sign in patterns:
        if found := pattern.search(folded):
            said = found["n"]
            return sign * (int(said) if said.isdigit() else _NUMBERS[said])
    return 0


_SEEKS = re.compile(
    r"\b(hay|habra|habria|queda|quedan|tienen?|tenes|teneis|tendran?|tendrian|busco|buscamos|necesito|necesitamos|quiero|"
    r"queria|queremos|quisiera|quisieramos|buscando|reservar)"
    r"( (una|un|algo de|algun|alguna|unas))? (lugar|sitio|disponibilidad|habitacion(es)?|cuartos?|piezas?|alojamiento|"
    r"hospedaje)( libres?| disponibles?)?( para (reservar|hospedar\w*))?( por favor| porfa| porfis)?$"
)
_CLAUSE = re.compile(r"[?!.;,\n]+|\s+(?:y|e)\s+|\s+(?:adem[aá]s|tambi[eé]n)\s+")
_RENAMES = re.compile(
    r"\b(a n\w{2,5} de|nombre|titular|me llamo|apellido|pon(ela|lo|la|gala)|cambi\w+|correg\w+|corrij\w+)\b"
)
_THANKS = re.compile(r"\b(gracias+|grax|grac|mil gracias|se agradece|agradecid[oa]|thanks?|thank you|thx)\b")
_CHANGES_IT = re.compile(
    r"\b(cambi\w*|modific\w*|mov(er|ela|erla|amos)|pas(ar|arla|ame|arme|arnos|emos)\b|reprogram\w*|poster\w*|adelant\w*|"
    r"corr(er|erla|elo|ela)|(mi|la|nuestra|una) (reserv\w+)|agreg\w*|sum(ar|ame|amos)|extend\w*|alarg\w*|acort\w*)\b"
)
_FINISHED = re.compile(
    r"\b(eso es todo|es todo|eso seria todo|nada mas|nada gracias|por ahora nada|asi esta bien|no nada)\b"
)


def finished(text: str) -> bool:
    """``no, gracias, eso es todo``: a goodbye in other words."""
    return _FINISHED.search(fold(text)) is not None


def wants_person(text: str) -> bool:
    return _WANTS_PERSON.search(fold(text)) is not None


def complains(text: str) -> bool:
    return _COMPLAINS.search(fold(text)) is not None


def plain_yes(text: str, orders: frozenset[str] = frozenset()) -> bool:
    """Whether a yes is all it says, but for a name and contact: nothing is held on a yes that tells another story.
    ``orders``: further words that are a yes to what was asked."""
    said = _CONTACT.sub(" ", _NAMES_IT.split(text, maxsplit=1)[0])
    words = [re.sub(r"(.)\1{2,}", r"\1", word) for word in fold(said).split() if not word.isdigit()]
    if words and not any(word in (_AGREES | orders) - _FILLS for word in words):
        return False
    return sum(word not in _AGREES | orders for word in words) <= _MOST_BESIDE


def consents(text: str, orders: frozenset[str]) -> bool:
    """A yes without a doubt, a condition or a question: what a change of a booking that is paid for takes."""
    words = fold(text)
    return bool(words) and "?" not in text and plain_yes(text, orders) and not hesitates(text) and not asks_first(text)


def keeps_it(text: str) -> bool:
    """``me arrepentí, no la canceles``."""
    return _KEEPS.search(fold(text)) is not None


def rather(text: str) -> bool:
    """``mejor del 20 al 22``: instead of what there is."""
    return _RATHER.search(fold(text)) is not None


def puts_right(text: str) -> bool:
    """``pensándolo bien, mejor la suite``: names something else than what was offered."""
    return _PUTS_RIGHT.search(fold(text)) is not None


def rather_cancels(text: str) -> bool:
    """``no, mejor cancelala``."""
    return _CANCELS.search(fold(text)) is not None and not keeps_it(text)


def rather_changes(text: str) -> bool:
    """``no, mejor cambiala de fecha``."""
    return _CHANGES.search(fold(text)) is not None and not keeps_it(text)


def lost_code(text: str) -> bool:
    return _NO_CODE.search(fold(text)) is not None


def bare_code(text: str) -> str | None:
    """``4k7q2``: a code without its first letters, where a code was asked for."""
    found = _BARE_CODE.search(fold(text).replace("-", " "))
    return found[1].upper() if found else None


def asks_voucher(text: str) -> bool:
    """``mandame el voucher de nuevo``."""
    folded = fold(text)
    return _VOUCHER.search(folded) is not None and _SEND_IT.search(folded) is not None


def asks_again(text: str) -> bool:
    """``mandámelo de nuevo``: what was sent to them once."""
    return _AGAIN.search(fold(text)) is not None


def named(text: str) -> str | None:
    """The name in ``ponela a nombre de ...``."""
    found = _NAMES_IT.search(text)
    return bare_name(_TAIL.sub("", text[found.end() :])) if found else None


def renames(text: str) -> bool:
    """Whether a name in it is said to be the booking's."""
    return _RENAMES.search(fold(text)) is not None


def money_trouble(text: str) -> bool:
    return _MONEY_TROUBLE.search(fold(text)) is not None and not supposes_cancelling(text)


def supposes_cancelling(text: str) -> bool:
    """``¿y si tengo que cancelar?``, ``si cancelo, ¿me devuelven la seña?``: a question about the conditions."""
    return _SUPPOSES.search(fold(text)) is not None


def seeks_room(text: str) -> bool:
    """``busco habitación``, ``hay lugar?``: a part of the message asks for a room and for nothing in particular."""
    return any(_SEEKS.search(fold(clause)) for clause in _CLAUSE.split(text))


def thanks(text: str) -> bool:
    return _THANKS.search(fold(text)) is not None


def opens_matter(text: str) -> bool:
    """Whether it speaks of something booked before, or of a change in it."""
    return _CHANGES_IT.search(fold(text)) is not None


def agrees_at_all(text: str) -> bool:
    """Whether any word of it agrees: what is said to an offer may also put right or wish for something else."""
    return any(re.sub(r"(.)\1{2,}", r"\1", word) in _AGREES - _FILLS for word in fold(text).split())


def hesitates(text: str) -> bool:
    """Whether something in it holds the yes back: a doubt, a later, a price too high, a question of its own."""
    said = _HARMLESS.sub(" ", fold(_NAMES_IT.split(text, maxsplit=1)[0]))
    return _HESITATES.search(said) is not None or ("?" in text and _INTERROGATES.search(said) is not None)


def wants_it(text: str) -> bool:
    """``ah no, al final sí la quiero``: taking up what was turned down."""
    said = _SECOND_THOUGHT.sub("", text)
    return not hesitates(said) and (orders(said) or _WANTS_IT.search(fold(said)) is not None)


def orders(text: str) -> bool:
    """``cerrado, reservá``: an order to book, said to an offer."""
    folded = fold(text)
    return _ORDERS.search(folded) is not None and _UNDOES.search(folded) is None


def asks_first(text: str) -> bool:
    """``quiero saber si...`` opens like a yes and is a question."""
    return _ASKS.search(fold(text)) is not None


def another_room(text: str) -> bool:
    """A further room beside the one that is held, not instead of it."""
    return _ANOTHER.search(fold(text)) is not None


def bare_name(text: str) -> str | None:
    """The name in a short answer to "who is it for?"; ``None`` when it does not look like one."""
    plain = _CONTACT.sub(",", text.strip())
    said = _LEAD.sub("", _TAIL.sub("", re.split(r"[,;\n(]| y (?:mi|el) | [-–—] ", plain, maxsplit=1)[0])).strip(
        " .!¡¿?"
    )
    words = said.split()
    if not 1 <= len(words) <= 6 or "?" in text or not all(_NAME_WORD.match(word) for word in words):
        return None
    if any(fold(word) in _NOT_NAMES - _PARTICLES for word in words):
        return None
    if len(words) == 1 and len(words[0]) < 3:
        return None
    if not said.isupper() and not said.islower():
        return " ".join(words)
    return " ".join(w.lower() if i and fold(w) in _PARTICLES else w.capitalize() for i, w in enumerate(words))


ALSO_CALLED = {
    "simple": ("single", "individual", "sencilla"),
    "doble": ("matrimonial", "twin", "double", "para dos"),
    "triple": ("para tres",),
    "suite": ("suit",),
    "departamento": ("depto", "dpto", "apartamento", "apart", "familiar"),
}
"""What guests also call a room type, by a word of its code or name."""


def type_words(code: str, name: str) -> tuple[str, ...]:
    words = {fold(code), fold(name)}
    also = {other for word in fold(f"{code} {name}").split() for other in ALSO_CALLED.get(word, ())}
    return tuple(sorted(words | also))
