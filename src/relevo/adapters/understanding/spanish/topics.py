"""Which services and policies of the house a message asks about, by the keys of the house's knowledge.

Only what is asked: who cancels a booking does not ask for the cancellation policy, who brings a baby not for prices.
"""

from __future__ import annotations

import re

_TOPICS: tuple[tuple[str, str], ...] = (
    (
        "cancelacion",
        r"politicas? de (?:cancelaci|devoluci|reembolso)\w*|condiciones de cancelaci\w*"
        r"|(?:si|en caso de que|y si) (?:yo |al final |despues |la |lo |me )*(?:cancel|anul)\w*"
        r"|(?:puedo|puede|se puede|podria|podemos|podemos) (?:cancelar|anular)(?! (?:mi|la|esta|una) (?:reserv|cita|turno))"
        r"|cancelaci\w+ (?:es |con |sin |gratis|gratuita|tiene|cuesta|flexible|cuanto|libre|hasta)|cancel\w+ (?:sin (?:cargo|costo|penal)|gratis)"
        r"|(?:devuelv|reintegr|reembols)\w+ (?:la |el |mi |lo |si )?(?:sena|anticipo|deposito|plata|dinero|cancelo)"
        r"|(?:me |nos )?(?:devuelven|reembolsan|reintegran)|pierdo la sena|reembolsable|penalidad\w*|hasta cuando (?:puedo|se puede) cancelar"
        r"|no me presento|no show|(?:si|y si) (?:no (?:puedo|podemos) (?:ir|viajar)|me voy antes)|antelacion .{0,20}cancelar|anticipacion .{0,25}cancelar",
    ),
    (
        "mascotas",
        r"mascotas?|perr(?:o|os|ito|itos|ita|a|as|hijo)\b|gat(?:o|os|ito|a|as)\b|pet ?friendly|animales|caniche|cachorr\w+|michi\w*|firulais|pets?\b",
    ),
    (
        "menores",
        r"(?:menores|ninos|chicos|bebes?|nenes|criaturas|hijos|ninas|infantes) (?:\S+ ){0,3}?(?:pagan?|abonan?|tienen (?:descuento|cargo|costo)|gratis|sin cargo|entran)"
        r"|(?:pagan?|abonan?|cobran|descuento|gratis|tarifa|precio)\w* (?:\S+ ){0,3}?(?:menores|ninos|chicos|bebes?|nenes|nino|nene)\b"
        r"|(?:edad|anos) (?:\S+ ){0,2}?(?:pagan|no pagan|gratis)|politica (?:de|para) (?:menores|ninos)|cuna|cunita|practicuna|moises"
        r"|(?:admiten|aceptan|reciben|permiten) (?:\S+ )?(?:ninos|menores|bebes|chicos)",
    ),
    ("fumar", r"fum(?:ar|o|a|as|amos|an|ador\w*|adores)\b|cigarr\w+|vape\w*|puch(?:o|os)\b|tabaco|prender un"),
    (
        "facturacion",
        r"factura(?:s|cion|n|r|me|nos)?\b|cuit\b|rfc\b|ruc\b|nif\b|comprobante fiscal|razon social|(?:hacen|emiten|dan) (?:ticket|boleta)|boleta\b",
    ),
    (
        "early_check_in",
        r"early|(?:ingres|entr|lleg|check in|hacer el check in)\w* (?:\S+ ){0,3}?(?:antes\b|mas temprano|anticipad\w+|temprano|a la manana)"
        r"|ingreso anticipado|check ?-?in (?:anticipado|temprano|antes)|(?:dejar|guardar)\w* (?:las |mis |el |los )?(?:valijas|maletas|equipaje|bolsos)"
        r"|habitacion (?:lista|antes) (?:\S+ ){0,2}temprano|llegamos (?:muy )?temprano|llego (?:muy )?temprano",
    ),
    (
        "check_out",
        r"late check|check ?-?out (?:tardio|tarde)|(?:horario|hora) (?:\S+ ){0,3}?(?:check ?-?out|salida|egreso|retir\w+|dejar|desocup\w+|entregar)"
        r"|(?:dejar|desocupar|entregar|abandonar|irse|irnos|salir|retirar\w*|desalojar) (?:\S+ ){0,2}?(?:habitacion|cuarto|pieza)"
        r"|check ?-?out\b(?=.{0,3}$|\?)|(?:cuando|que hora) (?:\S+ ){0,4}?check ?-?out|salir mas tarde|quedar\w* (?:hasta )?mas tarde",
    ),
    (
        "check_in",
        r"(?:horario|hora) (?:\S+ ){0,4}?(?:check ?-?in|ingreso|entrada|entrar|ingresar|llegar|llegada|se entra|tomar la habitacion)"
        r"|(?:desde cuando|cuando) (?:\S+ ){0,2}?(?:entrar|ingresar|check ?-?in)|check ?-?in\b(?=.{0,3}$|\?)|llego (?:muy )?(?:tarde|de madrugada|a la noche)"
        r"|llegamos (?:muy )?(?:tarde|de madrugada)|piden (?:documento|dni|pasaporte)|documento para ingresar|a que hora es la entrada",
    ),
    ("desayuno", r"desayun\w*|breakfast|media pension|pension completa|all inclusive|todo incluido|merienda"),
    (
        "cochera",
        r"cocheras?|garages?|garajes?|garash|estacion(?:amiento|ar|o)\w*|parking|parqu(?:eo|eadero|ear)\w*|aparcar|aparcamiento"
        r"|(?:dejar|guardar|meter) (?:el |la |mi )?(?:auto|coche|carro|camioneta|moto|vehiculo)|lugar para el auto|voy en (?:auto|coche|carro)|plaza de garaje",
    ),
    ("pileta", r"piletas?|piscinas?|albercas?|pool|jacuzzi|hidromasaje|natatorio|nadar"),
    ("wifi", r"wi ?-?fi|wi ?fi|internet|conexion|guifi|red inalambrica|home ?office"),
    (
        "traslado",
        r"traslad(?:o|os|arme|arnos|an)\b|transfer\b|transfers|shuttle|aeropuerto|remis\w*|(?:nos|me) (?:buscan|pasan a buscar|recogen)|terminal (?:de omnibus|de buses)?|van del hotel|recogida",
    ),
    (
        "accesibilidad",
        r"accesib\w+|silla de ruedas|discapac\w+|movilidad (?:reducida|limitada)|rampas?\b|ascensor|elevador|muletas|minusvalid\w+|escalones|escaleras",
    ),
    ("gimnasio", r"gimnasios?|gym|gimnacio|sala de (?:musculacion|pesas)|entrenar|fitness|spa\b|sauna"),
    (
        "restaurante",
        r"restauran\w*|restorant\w*|almorzar|almuerzos?|cenar|cenas?\b|comer en el hotel|room service|servicio a la habitacion|bar\b|comedor|menu (?:vegetarian|vegan|celiac)\w*|celiac\w+|vegan\w+|carta del",
    ),
    (
        "ubicacion",
        r"ubicaci\w+|ubicad\w+|(?:donde|adonde|en donde) (?:esta|estan|queda|quedan|se encuentra\w*|es el hotel|es)\b|direccion(?! de (?:correo|mail|email|factur))|como (?:llego|llegar|hago para llegar|llegamos)"
        r"|en que (?:parte|zona|calle|barrio|lugar)|(?:lejos|cerca) (?:de|del)|cuantas cuadras|a cuanto (?:esta|queda|estan)|(?:queda|esta) (?:lejos|cerca)|mapa|google maps|en el centro|centrico",
    ),
    (
        "pago",
        r"(?:formas?|medios?|metodos?|modos?|opciones) de pago|(?:como|donde|cuando) (?:\S+ ){0,2}?(?:pag\w+|abon\w+|deposit\w+|transfier\w+|sen[ao]\w*)\b"
        r"|(?:acept|recib|tom)\w+ (?:\S+ ){0,2}?(?:tarjet\w+|efectivo|dolares|debito|credito|mercado ?pago|euros|visa|master\w*|transferencia|cheques|bitcoin|cripto\w*|yape|plin|nequi|bizum|oxxo)"
        r"|(?:pag|abon)\w+ (?:\S+ ){0,3}?(?:cuotas|tarjeta|efectivo|transferencia|mercado ?pago|dolares|debito|credito)|\bcuotas\b|cbu\b|alias\b|\bclabe\b|\biban\b|numero de cuenta|a que cuenta"
        r"|(?:de cuanto|cuanto|hay que|piden|necesitan) (?:\S+ ){0,3}?(?:sena|senar|anticipo|deposito|adelanto)\b|porcentaje de (?:sena|anticipo)",
    ),
)  # fmt: skip
_COMPILED = tuple((key, re.compile(rf"\b(?:{pattern})")) for key, pattern in _TOPICS)


def read_topics(folded: str) -> tuple[tuple[str, str], ...]:
    """(key, words) of each topic in ``folded`` (lower case, no accents), in the order said."""
    found = []
    for key, pattern in _COMPILED:
        match = pattern.search(folded)
        if match is not None:
            found.append((match.start(), key, match[0].strip()))
    found.sort()
    keys = {key for _, key, _ in found}
    if "early_check_in" in keys:
        found = [each for each in found if each[1] != "check_in"]
    return tuple((key, words) for _, key, words in found)
