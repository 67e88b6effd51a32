"""What guests call each other: adults, children, relatives, groups, and what is counted but is nobody."""

from __future__ import annotations

ADULTS = {"adulto", "adultos", "adulta", "adultas", "grande", "grandes", "mayor", "mayores", "ad", "adl", "adt", "adlt",
           "ads", "jubilados", "jubiladas", "embarazada"}  # fmt: skip
CHILDREN = {
    "nene", "nenes", "nena", "nenas", "nino", "ninos", "nina", "ninas", "hijo", "hijos", "hija", "hijas", "chico",
    "chicos", "chica", "chicas", "menor", "menores", "bebe", "bebes", "beba", "bebas", "bebito", "bebita", "criatura",
    "criaturas", "peque", "peques", "pequeno", "pequenos", "pequena", "pequenas", "nieto", "nietos", "nieta", "nietas",
    "crio", "crios", "chaval", "chavales", "guagua", "guaguas", "chamaco", "chamacos", "pibe", "pibes", "piba",
    "infante", "infantes", "chd", "chds", "men", "mnr", "inf", "nenito", "nenita", "ninito", "ninita", "hijito",
    "hijita", "hijitos", "hijitas", "sobrino", "sobrinos", "sobrina", "sobrinas", "chiquito", "chiquitos", "chiquita",
    "lactante", "gurises", "gurrumin", "bb", "bbs", "kids", "adolescente", "adolescentes", "mellizos", "gemelos",
    "mellizas", "gemelas", "trillizos", "cabros", "cabritos",
}  # fmt: skip
COUNTED_TWICE = {"mellizos": 2, "gemelos": 2, "mellizas": 2, "gemelas": 2, "trillizos": 3}
PERSONS = {
    "persona", "personas", "huesped", "huespedes", "pax", "pasajero", "pasajeros", "amigo", "amigos", "amiga", "amigas",
    "hermano", "hermanos", "hermana", "hermanas", "companero", "companeros", "companera", "companeras", "colega",
    "colegas", "primo", "primos", "prima", "primas", "integrantes", "hombre", "hombres", "varon", "varones", "mujer",
    "mujeres", "turistas", "viajeros", "visitantes", "alumnos", "profesores", "tecnicos", "empleados", "almas",
    "individuos", "senores", "senoras", "chavos", "parceros", "plazas", "invitados",
    "acompanante", "acompanantes",
}  # fmt: skip
PAIRS = {"pareja", "parejas", "matrimonio", "matrimonios", "novios"}
ONE = {
    "marido", "esposo", "esposa", "mujer", "senora", "novio", "novia", "pareja", "mama", "papa", "madre", "padre",
    "vieja", "viejo", "suegro", "suegra", "hermano", "hermana", "tia", "tio", "abuela", "abuelo", "amigo", "amiga",
    "primo", "prima", "cunado", "cunada", "jefe", "jefa", "companero", "companera", "socio", "socia", "prometida",
    "prometido", "conyuge", "colega", "yerno", "nuera", "mami", "papi", "ahijado", "ahijada", "jermu", "amor",
    "enamorada", "enamorado", "polola", "pololo", "acompanante",
}  # fmt: skip
TWO = {"padres", "papas", "viejos", "suegros", "abuelos", "compadres", "tios"}
SELF_VERBS = {
    "somos", "vamos", "viajamos", "voy", "viajo", "iremos", "ire", "seremos", "seriamos", "iriamos", "iria",
    "vendriamos", "venimos", "vengo", "estamos", "vendremos", "viajaremos", "viajaria", "viajariamos", "llegamos",
    "llego", "serian", "quedamos", "quedo", "hospedarnos", "quedarnos", "alojarnos",
}  # fmt: skip
TOTAL = {
    "somos", "seremos", "seriamos", "vamos", "serian", "iremos", "iriamos", "viajamos", "seran", "total", "venimos",
    "estamos", "son", "viajaremos", "vendriamos", "vendremos", "viajariamos", "viajan", "van", "nosotros", "nosotras",
    "ser", "cantidad",
}  # fmt: skip
GROUP = {"familia", "grupo", "contingente", "delegacion", "grupito", "equipo", "capacidad"}
POSSESSIVE = {"mi", "mis", "los", "las", "nuestros", "nuestras", "nuestro", "nuestra", "el", "la", "sus", "su"}
NOT_PEOPLE = {
    "noche", "noches", "dia", "dias", "semana", "semanas", "mes", "meses", "de", "del", "al", "hasta", "habitacion",
    "habitaciones", "hs", "horas", "hrs", "am", "pm", "camas", "cama", "dobles", "triples", "simples", "suites", "km",
    "departamentos", "veces", "cuotas", "reloj", "-", "a", "pesos", "dolares", "autos", "auto", "estrellas", "kg",
    "mil", "quincena", "quincenas", "ambientes", "banos", "plazas", "perros", "gatos", "perro", "gato", "mascotas",
    "h", "reserva", "reservas", "cuadras", "pisos", "turno", "turnos", "desayunos", "doble", "triple", "simple",
    "suite",
}  # fmt: skip
ALONE = {"viajo", "voy", "iria", "viajaria", "estoy", "vengo", "ire", "soy", "yo", "seria", "estare", "viajare", "mi"}
BEDROOM = {"cama", "camas", "habitacion", "habitaciones", "cuarto", "doble", "tipo"}
PLUS = {"y", "mas", "+", "con", ",", "e"}
FILLERS = {
    "chicos", "nenes", "ninos", "hijos",
    "y", "yo", "solo", "nada", "mas", "no", "si", "de", "los", "las", ".", ",", "!", "?", "nosotros", "nosotras",
    "total", "en", "por", "favor", "ser", "pues", "seria", "seriamos", "con", "todos", "bueno", "ah", "eh", "este",
    "gracias", "ok", "dale", "noma", "nomas", "somos", "para", "-", "va", "vamos", "a", "creo", "que",
}  # fmt: skip
AGE_UNITS = {"anos", "anitos", "meses", "ano", "mesecitos", "mes", "dias"}
TALK_VERBS = {
    "consulto", "consultar", "consultarlo", "hablo", "hablar", "hablarlo", "charlo", "charlar", "charlarlo",
    "veo", "ver",
    "verlo", "comento", "decido", "decidir", "pregunto", "peleo", "pelee", "discuto", "organizo", "coordino", "arreglo",
    "confirmo", "confirmar", "chequeo", "chequear", "pasame", "comunicame", "derivame", "ponme", "pasar", "converso",
    "conversar", "pensarlo",
}  # fmt: skip
"""With whom one talks is not with whom one travels."""
ABOUT = {"unos", "unas", "como", "casi", "aproximadamente", "aprox", "cerca"}
WE_ARE = {"somos", "seriamos", "seremos", "serian", "seran"}
