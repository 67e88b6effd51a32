"""How many guests a message names, children and babies among them.

Everybody counts: babies are guests. A number alone is people only where people were asked for, and ``una persona más``
is left to whoever knows how many there were.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from relevo.adapters.understanding.spanish.ages import as_word, counted_by_age, without_ages
from relevo.adapters.understanding.spanish.alone import travels_alone
from relevo.adapters.understanding.spanish.people_said import (
    MAX_PEOPLE,
    after_total,
    bedroom,
    either,
    lone_before_plus,
    number_of,
    said_again,
    travelled_with,
    with_me,
    word_of,
)
from relevo.adapters.understanding.spanish.people_words import (
    ABOUT,
    ADULTS,
    CHILDREN,
    COUNTED_TWICE,
    FILLERS,
    GROUP,
    NOT_PEOPLE,
    ONE,
    PAIRS,
    PERSONS,
    POSSESSIVE,
    SELF_VERBS,
    TALK_VERBS,
    TOTAL,
    TWO,
    WE_ARE,
)
from relevo.adapters.understanding.spanish.words import MONTHS, Token


@dataclass(slots=True)
class Party:
    guests: int | None = None
    adults: int | None = None
    children: int | None = None
    readings: tuple[int, ...] = ()
    """When the number is not one: ``3 o 4``."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Where it was said, in characters."""


@dataclass(slots=True)
class _Count:
    adults: int = 0
    children: int = 0
    persons: int = 0
    totals: list[int] = field(default_factory=list)
    myself: bool = False
    relatives: int = 0
    added: int = 0
    with_someone: bool = False
    family: bool = False
    vague: bool = False


def read_party(tokens: list[Token], *, taken: Collection[tuple[int, int]] = (), asked: bool = False) -> Party:
    """Count the people. ``taken``: stretches of text already read as dates. ``asked``: a bare number is people."""
    tokens = with_me(said_again(without_ages(counted_by_age([as_word(t) if _inside(t, taken) else t for t in tokens]))))
    if (told := _told_again(tokens)) is not None:
        return told
    party = Party()
    unsure = either(tokens, asked=asked)
    if unsure is not None:
        party.readings = unsure[0]
        party.spans = [unsure[1]]
        return party
    count, used = _Count(), set[int]()
    at = 0
    while at < len(tokens):
        at += _step(tokens, at, count, party, used)
    _myself(tokens, count)
    _conclude(tokens, count, party)
    plus = len(tokens) == 3 and word_of(tokens, 1) == "+"
    if party.guests is None and party.children is None and (asked or plus):
        _bare(tokens, party)
    elif party.guests is None and party.children is not None and asked and (said := lone_before_plus(tokens, used)):
        party.guests, party.adults = said + party.children, said
    return party


def _told_again(tokens: list[Token]) -> Party | None:
    """``mis padres (dos adultos)``: the same people twice."""
    words = [token.word for token in tokens]
    if "(" not in words or ")" not in words[words.index("(") :]:
        return None
    opens, closes = words.index("("), words.index(")", words.index("("))
    inside, outside = read_party(tokens[opens + 1 : closes]), read_party(tokens[:opens] + tokens[closes + 1 :])
    if inside.guests is None or inside.guests != outside.guests:
        return None
    return inside if inside.children else outside


def _inside(token: Token, taken: Collection[tuple[int, int]]) -> bool:
    return token.number is not None and any(start <= token.start < end for start, end in taken)


def _step(tokens: list[Token], at: int, count: _Count, party: Party, used: set[int]) -> int:
    number, word, following = number_of(tokens, at), word_of(tokens, at), word_of(tokens, at + 1)
    if number is not None:
        size = _counted(tokens, at, number, count)
        if size:
            used.update(range(at, at + size))
            party.spans.append((tokens[at].start, tokens[min(at + size, len(tokens)) - 1].end))
            return size
        return 1
    if word in POSSESSIVE:
        ahead = at + 1
        inner = number_of(tokens, ahead)
        if inner is not None:
            ahead += 1
        name = word_of(tokens, ahead)
        if inner is not None and name in CHILDREN | PERSONS | ADULTS:
            return 1
        if word in ("mi", "nuestro", "nuestra") and name in CHILDREN:
            count.children += COUNTED_TWICE.get(name, 1)
            count.relatives += 1
        elif word == "su" and name in CHILDREN and count.adults:
            count.children += 1
        elif word == "su" and name in ONE and count.children and not count.adults:
            # A child with a partner has grown up.
            count.adults, count.children = count.children + 1, 0
        elif word in ("mi", "nuestro", "nuestra", "su") and name in ONE and not bedroom(tokens, at):
            count.adults += 1
            count.relatives += 1
        elif word in ("mis", "nuestros", "sus") and name in TWO and not after_total(tokens, at):
            count.adults += inner or 2
            count.relatives += 1
        elif word in ("mis", "nuestros", "los") and name in TWO and after_total(tokens, at):
            count.persons += inner or 2
        elif word in ("el", "la") and name in ("bebe", "beba", "nene", "nena", "bebito", "chiquito", "chiquita"):
            count.children += 1
        elif word in ("mis", "los", "las", "nuestros") and name in COUNTED_TWICE:
            count.children += COUNTED_TWICE[name]
        elif word in ("mis", "nuestros") and name in CHILDREN | PERSONS:
            count.vague = True
            return 2
        else:
            return 1
        party.spans.append((tokens[at].start, tokens[ahead].end))
        return ahead - at + 1
    if word in PAIRS and not bedroom(tokens, at) and word_of(tokens, at - 1) not in ("mi", "cama"):
        count.adults += 2
        party.spans.append((tokens[at].start, tokens[at].end))
        return 1
    if word in CHILDREN and count.adults and word_of(tokens, at - 1) in ("y", "con", "+", "mas"):
        # "Pareja con bebé": one, whatever the article.
        if not word.endswith("s"):
            count.children += 1
        return 1
    if word in ONE | CHILDREN and not word.endswith("s") and travelled_with(tokens, at):
        if word in CHILDREN:
            count.children += 1
        else:
            count.adults += 1
        count.relatives += 1
        party.spans.append((tokens[at].start, tokens[at].end))
        return 1
    if word in COUNTED_TWICE and word_of(tokens, at - 1) not in ("mis", "los", "las", "nuestros"):
        count.children += COUNTED_TWICE[word]
        return 1
    if word == "sola" and following == "persona":
        count.totals.append(1)
        return 2
    if word in ADULTS and word_of(tokens, at + 2) in CHILDREN and number is None:
        adults, children = number_of(tokens, at + 1), number_of(tokens, at + 3)
        if adults is not None and children is not None:
            count.adults, count.children = count.adults + adults, count.children + children
            used.update(range(at, at + 4))
            return 4
    if word in ADULTS | CHILDREN | PERSONS and following == ":" and (told := number_of(tokens, at + 2)) is not None:
        if word in ADULTS:
            count.adults += told
        elif word in CHILDREN:
            count.children += told
        else:
            count.totals.append(told)
        used.update(range(at, at + 3))
        return 3
    if word == "familia" and following == "tipo":
        count.family = True
        return 2
    if word in ("ambos", "ambas") and following not in ("dias", "fechas", "noches"):
        count.totals.append(2)
    return 1


def _counted(tokens: list[Token], at: int, number: int, count: _Count) -> int:
    """Tokens used when the number at ``at`` counts people."""
    noun, previous = word_of(tokens, at + 1), word_of(tokens, at - 1)
    tail = word_of(tokens, at + 2)
    each = number_of(tokens, at + 3)
    plus = number_of(tokens, at + 2) if noun == "+" and previous in TOTAL | {"para", "familiar", "base"} else None
    if plus is not None and word_of(tokens, at + 3) in ("", ",", ".", "?"):
        count.adults, count.children = count.adults + number, count.children + plus
        return 3
    if noun in ("familias", "grupos") and tail == "de" and each is not None:
        count.totals.append(number * each)
        return 4
    if noun in ("mas", "extra") and tail in ("", ",", ".", "?", "!") and previous not in ("y", "+"):
        return 0
    if noun in CHILDREN | ADULTS | PERSONS | PAIRS and tail in ("mas", "extra", "adicional", "menos"):
        plus = number_of(tokens, at + 3) is not None or word_of(tokens, at + 3) in ("mi", "el", "la", "un", "una")
        if not plus:
            # "Una persona más" depends on how many there were.
            if noun in CHILDREN:
                count.children += number
                count.vague = True
            return 2
    if noun in PAIRS and not bedroom(tokens, at + 1):
        count.adults += 2 * number
        return 2
    if noun in CHILDREN:
        count.children += number * (COUNTED_TWICE.get(noun, 1) if number == 1 else 1)
        return 2
    if noun in ADULTS:
        count.adults += number
        return 2
    if number == 1 and noun in ONE and previous in ("y", ",") and count.relatives:
        count.adults += 1
        count.relatives += 1
        return 2
    if noun in PERSONS and noun != "plazas":
        if tail == "y" and word_of(tokens, at + 3) == "yo":
            count.persons += number
            return 2
        if previous == "con" and noun == "persona":
            return 2
        if previous == "con" and not count.totals:
            count.persons += number
            count.with_someone = True
            return 2
        if tail in ADULTS and number > 0:
            count.adults += number
            return 3
        return _persons(tokens, at, number, count)
    if noun in ("son", "es", "serian", "seria") and (word_of(tokens, at + 2) in CHILDREN or tail in ("un", "una")):
        if word_of(tokens, at + 2) in CHILDREN or word_of(tokens, at + 3) in CHILDREN:
            count.children += number
            count.vague = False
            return 2
        return 0
    if noun in ("de", "que") and tail in ("ellos", "ellas", "son", "nosotros", "los") and count.totals:
        rest = [word_of(tokens, at + ahead) for ahead in range(2, 6)]
        if any(word in CHILDREN for word in rest):
            count.children += number
            return 3
    lead2 = word_of(tokens, at - 2)
    if previous == "sea" and lead2 == "o" and noun not in NOT_PEOPLE | set(MONTHS):
        return _persons(tokens, at, number, count, size=1)
    if previous in ABOUT:
        previous, lead2 = lead2, word_of(tokens, at - 3)
    sure = (
        previous in WE_ARE | {"nosotros", "nosotras"}
        and noun in ("de", "del", "al", "a", "-", "hasta")
        and tail not in MONTHS
    )
    sure = sure or (previous == "para" and _before_range(tokens, at))
    if (noun in NOT_PEOPLE or noun in MONTHS) and not sure:
        return 0
    total = previous in TOTAL or (previous == "de" and lead2 in GROUP) or (previous == "los" and lead2 in TOTAL)
    total = total or (previous in ("los", "las", "nosotros") and lead2 in ("para", "nosotros", "somos", "vamos"))
    total = total or (previous == ":" and lead2 in PERSONS) or (previous in PERSONS and number < 50)
    total = total or (noun == "en" and tail == "total") or (previous == "casi" and lead2 in TOTAL)
    if previous == "para" and number <= 60 and (_before_range(tokens, at) or not _dated(tokens, at)):
        total = True
    if total and previous in CHILDREN:
        return 0
    if total:
        return _persons(tokens, at, number, count, size=1)
    if previous in ADULTS and noun not in CHILDREN:
        count.adults += number
        return 1
    if previous in CHILDREN and number_of(tokens, at - 2) is None and lead2 not in ("mis", "los", "un", "una", "mi"):
        count.children += number
        return 1
    return 0


def _before_range(tokens: list[Token], at: int) -> bool:
    """``para dos del 4 al 7``: the days come after."""
    ahead = [word_of(tokens, at + step) for step in (3, 4)]
    return word_of(tokens, at + 1) == "del" and bool({"al", "a", "hasta", "de"} & set(ahead))


def _dated(tokens: list[Token], at: int) -> bool:
    return word_of(tokens, at + 1) in ("de", "del", "al", "y", "/") and (
        word_of(tokens, at + 2) in MONTHS or number_of(tokens, at + 2) is not None
    )


def _persons(tokens: list[Token], at: int, number: int, count: _Count, size: int = 2) -> int:
    """A total; but the second of ``dos personas y un bebé`` adds to it."""
    ahead = at + size
    joint = word_of(tokens, ahead)
    nxt = number_of(tokens, ahead + 1)
    after = word_of(tokens, ahead + 2)
    if count.totals and word_of(tokens, at - 1) in ("con", "y") and size == 2:
        count.persons += number
        return size
    count.totals.append(number)
    if joint in ("y", "mas", "+", "e") and nxt is not None and after in CHILDREN | PERSONS:
        count.added += nxt
    elif joint in ("y", "mas", "+", "e") and word_of(tokens, ahead + 1) in ("el", "la", "mi") and after in CHILDREN:
        count.added += 1
    return size


_AFTER_ME = frozenset({"y", ",", "", "?", ".", "!", "por", "porfa", "porfis", "gracias", "nomas", "del", "desde", "el"})
"""What follows "para mí"; after "para mi" comes somebody else."""


def _myself(tokens: list[Token], count: _Count) -> None:
    words = [token.word for token in tokens]
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        before = words[at - 1] if at else ""
        if word == "yo" and (before in ("y", "para", "") or after in ("y", "con", "mas", ",") or before == "solo"):
            count.myself = True
        if word == "mi" and after in _AFTER_ME and before == "para":
            count.myself = True
        if word == "conmigo":
            count.myself = True
        if word == "con" and set(words[max(at - 3, 0) : at]) & TALK_VERBS:
            continue
        if word == "con" and after in ("mi", "mis") and count.relatives + count.children + count.persons:
            count.with_someone = True
        if word == "con" and before in SELF_VERBS and after:
            count.with_someone = True
    if count.relatives and set(words) & SELF_VERBS and not count.totals:
        count.myself = True
    if count.with_someone and not count.totals:
        count.myself = True


def _conclude(tokens: list[Token], count: _Count, party: Party) -> None:
    if count.family and not (count.adults or count.children or count.totals):
        count.adults = count.children = 2
    detail = count.adults + count.children
    if count.totals:
        total = max(count.totals) if len(count.totals) > 1 else count.totals[0]
        if count.added:
            total += count.added
            party.guests, party.children = total, count.children or None
            party.adults = total - count.children if count.children else None
            return
        party.guests = max(total + count.persons, detail if count.adults else total)
        if count.adults and count.children and detail <= total:
            party.adults, party.children = count.adults, count.children
        elif count.adults and count.children:
            party.guests, party.adults, party.children = detail, count.adults, count.children
        elif count.children:
            if count.children >= total:
                # "Nosotros somos dos": the children are not among them.
                party.guests += count.children
            party.children = count.children
            party.adults = party.guests - count.children
        elif count.adults:
            party.adults = count.adults
            if count.adults < party.guests and count.relatives == 0:
                party.children = party.guests - count.adults
        return
    people = detail + count.persons + (1 if count.myself else 0)
    if count.vague:
        party.children = count.children or None
        return
    led = {token.word for token in tokens} & {"para", "son", "seria", "serian", "viaja", "viajan", "va", "van"}
    if count.relatives == people == 1 and not led:
        # "Mi marido" is spoken of, not booked for.
        return
    if count.adults or count.myself:
        if count.myself and not detail and not count.persons and not travels_alone(tokens):
            return
        party.guests = people
        party.children = count.children or None
        party.adults = people - count.children
        return
    if count.children:
        party.children = count.children
        return
    if travels_alone(tokens):
        party.guests = party.adults = 1


def _bare(tokens: list[Token], party: Party) -> None:
    """Answers such as ``2``, ``dos y un bebé``, ``2+1``, ``los dos``."""
    numbers = [token.number for token in tokens if token.number is not None and 0 < token.number <= MAX_PEOPLE]
    others = {token.word for token in tokens if token.number is None} - FILLERS
    if word_of(tokens, 1) == "+" and len(tokens) == 3 and len(numbers) == 2:
        party.guests, party.adults, party.children = sum(numbers), numbers[0], numbers[1]
    elif len(numbers) == 1 and not others:
        party.guests = numbers[0]
    elif not numbers and others <= {"uno", "una", "un", "yo"} and {t.word for t in tokens} & {"uno", "una", "yo"}:
        party.guests = 1
    if party.guests:
        party.spans = [(tokens[0].start, tokens[-1].end)]
