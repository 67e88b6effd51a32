"""When a guest comes and goes: ranges, roles (``llego``, ``salida``), nights, named stretches, corrections.

Reads every day and stretch of a message and decides which is arrival and which departure. The last range wins after a
correction (``mejor``, ``perdón``), else the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from relevo.adapters.understanding.spanish.days import Day, made
from relevo.adapters.understanding.spanish.feast_days import around_a_feast, around_an_occasion, dated_feasts
from relevo.adapters.understanding.spanish.periods import read_periods
from relevo.adapters.understanding.spanish.ranges import Hit, read_hits, split_ranges, without_times, word_at
from relevo.adapters.understanding.spanish.revised import alternative, kept, the_next_one, wanted_instead, was_another
from relevo.adapters.understanding.spanish.weeks import Period
from relevo.adapters.understanding.spanish.words import Token

_ARRIVE = {"entrada", "ckin", "llego", "llegamos", "llegaria", "llegariamos", "llegando", "desde", "partir", "llegar",
           "entro", "entramos", "entrar", "vamos", "voy", "viajo", "viajamos", "caigo", "arribamos", "arribo", "in",
}  # fmt: skip
_LEAVE = {"salida", "ckout", "vamos", "voy", "hasta", "volvemos", "vuelvo", "regreso", "regresamos", "salgo", "salimos",
          "retiramos", "dejamos", "salir", "partimos", "parto", "partiremos", "irnos", "irme", "out", "vuelta",
}  # fmt: skip
_CORRECTION = {
    "mejor", "perdon", "digo", "corrijo", "cambio", "cambiar", "cambiame", "pasalo", "pasar", "no", "sino", "queria",
}  # fmt: skip
_UNITS = {"noche": 1, "noches": 1, "dia": 1, "dias": 1, "semana": 7, "semanas": 7, "quincena": 15, "quincenas": 15}
_RELATIVE = {"mas", "menos", "antes", "despues"}
MAX_NIGHTS_SAID = 120


@dataclass(slots=True)
class Stay:
    """What a message says of a stay."""

    check_in: date | None = None
    check_out: date | None = None
    nights: int | None = None
    vague: bool = False
    readings: tuple[tuple[date, date], ...] = ()
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Where it was said, in characters."""


def read_stay(
    tokens: list[Token],
    today: date,
    *,
    country: str = "AR",
    check_in: date | None = None,
    check_out: date | None = None,
    asked_nights: bool = False,
    asked_dates: bool = False,
) -> Stay:
    """Read arrival, departure and nights. ``check_in``/``check_out``: the stay under discussion."""
    tokens = split_ranges(without_times(dated_feasts(the_next_one(tokens, today), today, country)))
    stay = Stay()
    periods = read_periods(tokens, today, country)
    hits = read_hits(tokens, today, bare=asked_dates)
    hits = kept(tokens, around_a_feast(tokens, _placed(hits, periods, today), today))
    nights = _nights(tokens, [(hit.start, hit.end) for hit in hits])
    hits = [hit for hit in hits if hit.second is not None or not any(_holds(each, hit) for each in periods)]
    periods = [each for each in periods if not any(_overlap(each, hit) for hit in hits)]
    if any(hit.second is None for hit in hits):
        periods = [each for each in periods if not each.vague]
    if nights is not None:
        stay.nights = nights[0]
        stay.spans.append((nights[1], nights[2]))
    fewer = _or_fewer(tokens, nights)
    hits = around_an_occasion(hits, *_roles(tokens, hits), today)
    going = _roles(tokens, hits)[1]
    hits = [hit if hit is going else _near(hit, today, check_in) for hit in hits]
    _decide(tokens, today, hits, periods, stay, asked_nights=asked_nights, check_in=check_in)
    if stay.check_in is not None and not stay.readings:
        stay.readings = _alternatives(tokens, today, hits, periods, stay.check_in)
    _relative_to(tokens, stay, check_in, check_out)
    if stay.nights is None and asked_nights:
        stay.nights = _lone_number(tokens, stay)
    if stay.nights and stay.check_in and (stay.check_out is None or stay.vague or _shorter(stay, periods)):
        stay.check_out = stay.check_in + timedelta(days=stay.nights)
        if fewer and not stay.readings:
            stay.readings = ((stay.check_in, stay.check_in + timedelta(days=fewer)),)
    elif stay.nights and stay.check_out and stay.check_in is None:
        stay.check_in = stay.check_out - timedelta(days=stay.nights)
    stay.spans = [(tokens[start].start, tokens[min(end, len(tokens)) - 1].end) for start, end in stay.spans]
    return stay


def _shorter(stay: Stay, periods: list[Period]) -> bool:
    """``el puente del 16, tres noches``: a stretch with a name is where the stay begins, not how long it is."""
    return any(
        (each.check_in, each.check_out) == (stay.check_in, stay.check_out)
        and stay.nights is not None
        and each.check_in + timedelta(days=stay.nights) < each.check_out
        for each in periods
    )


def _overlap(period: Period, hit: Hit) -> bool:
    return period.start < hit.end and hit.start < period.end


def _holds(period: Period, hit: Hit) -> bool:
    """``el finde del 4 de julio``: the day only says which weekend."""
    return period.start <= hit.start and hit.end <= period.end and period.end - period.start > hit.end - hit.start


def _nights(tokens: list[Token], taken: list[tuple[int, int]]) -> tuple[int, int, int] | None:
    found: tuple[int, int, int] | None = None
    for at, token in enumerate(tokens):
        if token.number is None or any(start <= at < end for start, end in taken):
            continue
        unit = word_at(tokens, at + 1)
        before = [word_at(tokens, at - 1), word_at(tokens, at - 2)]
        if (
            unit not in _UNITS
            or "dentro" in before
            or before[0] in ("hace", "en")
            or word_at(tokens, at + 2) in _RELATIVE
        ):
            continue
        if (instead := wanted_instead(tokens, at)) is not None:
            return instead * _UNITS[unit], at, at + 2
        nights = token.number * _UNITS[unit]
        if not 1 <= nights <= MAX_NIGHTS_SAID:
            continue
        if found is None or unit.startswith("noche"):
            found = (nights, at, at + 2)
    return found


def _or_fewer(tokens: list[Token], nights: tuple[int, int, int] | None) -> int | None:
    """``3 o 4 noches``: the other number."""
    if nights is None or word_at(tokens, nights[1] - 1) not in ("o", "u"):
        return None
    other = tokens[nights[1] - 2].number if nights[1] > 1 else None
    return other if other and other <= MAX_NIGHTS_SAID else None


def _decide(
    tokens: list[Token],
    today: date,
    hits: list[Hit],
    periods: list[Period],
    stay: Stay,
    *,
    asked_nights: bool,
    check_in: date | None,
) -> None:
    corrected = [
        hit for hit in hits
        if any(word_at(tokens, hit.start - back) in _CORRECTION for back in (1, 2, 3)) or was_another(tokens, hit.start)
    ]  # fmt: skip
    ranges = [hit for hit in hits if hit.second is not None]
    if ranges:
        later = [hit for hit in ranges if hit in corrected]
        chosen = later[-1] if later else ranges[0]
        stay.check_in, stay.check_out = _resolved(chosen, today)
        stay.spans.append((chosen.start, chosen.end))
        return
    arrive, leave = _roles(tokens, hits)
    singles = [hit for hit in hits if hit is not leave]
    told = arrive is not None and leave is not None and arrive is not leave
    if periods and not told and (not singles or all(_apart(each, singles) for each in periods)):
        said = [each for each in periods if not each.vague] or periods
        period = said[-1] if len(said) > 1 and corrected else said[0]
        stay.check_in, stay.check_out, stay.vague = period.check_in, period.check_out, period.vague
        stay.readings = period.twofold
        stay.spans.append((period.start, period.end))
        return
    if arrive is None and singles:
        spoken = [hit for hit in singles if hit in corrected]
        arrive = spoken[-1] if spoken else singles[0]
    if arrive is not None:
        stay.check_in = arrive.first.resolve(today)
        stay.spans.append((arrive.start, arrive.end))
        if arrive.first.following and stay.check_in is not None:
            other = stay.check_in + timedelta(days=-7 if stay.check_in - today > timedelta(days=7) else 7)
            stay.readings = ((other, other),)
        second = next((hit for hit in singles if hit.start > arrive.start), None)
        if second is not None and alternative(tokens, arrive.end, second.start):
            second = None
        if leave is None and second is not None and second not in corrected and stay.nights is None:
            same = second.first.resolve(today) == stay.check_in
            leave = second if second.first.strict and len(singles) == 2 and not same else None
    if arrive is not None and leave is not None and arrive.first.lone and leave.first.month is not None:
        stay.check_in, stay.check_out = _resolved(Hit(0, 0, arrive.first, leave.first), today)
        stay.spans.append((leave.start, leave.end))
    elif leave is not None:
        after = stay.check_in or check_in
        stay.check_out = leave.first.resolve(today, after=after)
        stay.spans.append((leave.start, leave.end))
    elif asked_nights and check_in is not None and arrive is not None:
        departure = arrive.first.resolve(today, after=check_in)
        if departure is not None and departure > check_in and arrive not in corrected:
            stay.check_in, stay.check_out = None, departure
    if stay.check_in and stay.check_out and stay.check_out <= stay.check_in:
        stay.check_out = None


def _alternatives(
    tokens: list[Token], today: date, hits: list[Hit], periods: list[Period], chosen: date
) -> tuple[tuple[date, date], ...]:
    """``el 5 o el 12``: the other one is as good."""
    later = [hit if hit.first.resolve(today) == chosen else _after(hit, today, chosen) for hit in hits]
    said = [(hit.start, hit.end, *_resolved(hit, today)) for hit in later]
    said += [(each.start, each.end, each.check_in, each.check_out) for each in periods]
    said.sort(key=lambda each: each[0])
    for (_, end, first, _out), (start, _, other, until) in pairwise(said):
        if alternative(tokens, end, start) and first == chosen and other is not None and other != first:
            return ((other, until or other),)
    return ()


def _after(hit: Hit, today: date, chosen: date) -> Hit:
    """``el 20 o el 27``: of the same month, where no other is said."""
    if hit.second is not None or not hit.first.lone:
        return hit
    return replace(hit, first=replace(hit.first, exact=hit.first.resolve(today, after=chosen)))


def _apart(period: Period, singles: list[Hit]) -> bool:
    return not any(_overlap(period, hit) for hit in singles)


def _roles(tokens: list[Token], hits: list[Hit]) -> tuple[Hit | None, Hit | None]:
    """Which single day is arrival, which departure, by the words before it."""
    arrive = leave = None
    for hit in hits:
        before = [
            word_at(tokens, hit.start - back)
            for back in range(1, 7)
            if word_at(tokens, hit.start - back) not in (",", ";", ".", ":")
        ]
        going = "me" in before or "nos" in before
        for word in before:
            if word in ("vamos", "voy"):
                if going:
                    leave = leave or hit
                else:
                    arrive = arrive or hit
                break
            if word in _LEAVE:
                leave = leave or hit
                break
            if word in _ARRIVE:
                arrive = arrive or hit
                break
    return arrive, leave


def _resolved(hit: Hit, today: date) -> tuple[date | None, date | None]:
    first, second = hit.first, hit.second
    if second is None:
        return first.resolve(today), None
    if second.month is not None and first.month is None and first.exact is None and first.day == second.day:
        # One day said twice is an arrival; how many nights is still to be asked.
        return second.resolve(today), None
    if second.month is not None and first.month is None and first.day is not None and first.exact is None:
        end = second.resolve(today)
        if end is None:
            return None, None
        month_of = end if first.day < end.day else end.replace(day=1) - timedelta(days=1)
        start = made(month_of.year, month_of.month, first.day)
        if start is not None and start < today and second.year is None:
            start = made(start.year + 1, start.month, start.day)
            end = made(end.year + 1, end.month, end.day)
        return start, end
    if second.year is not None and first.year is None and first.month is not None:
        end = second.resolve(today)
        start = made(second.year, first.month, first.day or 1)
        if start is not None and end is not None and start >= end:
            start = made(second.year - 1, first.month, first.day or 1)
        return start, end
    start = first.resolve(today)
    if start is None:
        return None, None
    end = second.resolve(today, after=start)
    if end is not None and end <= start:
        end = None
    if end is not None and hit.inclusive:
        end += timedelta(days=1)
    return start, end


def _placed(hits: list[Hit], periods: list[Period], today: date) -> list[Hit]:
    """Bare days in the month, weekdays in the week, that are said beside them (``en enero, del 4 al 11``)."""
    around = next((each for each in periods if not any(_overlap(each, hit) for hit in hits)), None)
    if around is None:
        return hits
    placed: list[Hit] = []
    for hit in hits:
        first, second = _inside(hit.first, around, today), hit.second and _inside(hit.second, around, today)
        if first.exact and second and second.exact and second.exact <= first.exact and second is not hit.second:
            second = replace(second, exact=second.exact + timedelta(days=7))
        placed.append(replace(hit, first=first, second=second))
    return placed


def _near(hit: Hit, today: date, check_in: date | None) -> Hit:
    """``mejor el 5``: of the month under discussion; ``mejor el sábado``: the one closest to it."""
    if check_in is None or check_in < today:
        return hit
    first = hit.first
    if first.exact is not None or first.month is not None:
        return hit
    if first.weekday is not None:
        floor = max(check_in - timedelta(days=3), today + timedelta(days=1))
        return replace(hit, first=replace(first, exact=first.resolve(floor - timedelta(days=1))))
    second = hit.second
    if first.day is None:
        return hit
    if second is not None and second.month is not None and (second.day or 0) > first.day:
        # "del 7 al 8 de enero": the month that was said counts, not the one under discussion.
        return hit
    floor = max(check_in.replace(day=1), today)
    return replace(hit, first=replace(first, exact=first.resolve(floor)))


def _inside(day: Day, around: Period, today: date) -> Day:
    length = (around.check_out - around.check_in).days
    if day.exact is not None or day.month is not None:
        return day
    if day.day is not None and around.vague and length > 7:
        return replace(day, month=around.check_in.month, year=around.check_in.year)
    if day.day is None and day.weekday is not None and length <= 8 and not around.vague:
        floor = around.check_in if length > 5 else around.check_out - timedelta(days=6)
        floor = max(floor, today)
        return replace(day, exact=floor + timedelta(days=(day.weekday - floor.weekday()) % 7))
    return day


def _relative_to(tokens: list[Token], stay: Stay, check_in: date | None, check_out: date | None) -> None:
    """``una noche más``, ``un día después``: relative to the stay under discussion."""
    if stay.check_in or check_in is None:
        return
    for at, token in enumerate(tokens):
        unit, what = word_at(tokens, at + 1), word_at(tokens, at + 2)
        if token.number is None or unit not in ("noche", "noches", "dia", "dias"):
            continue
        step = timedelta(days=token.number)
        if what in ("mas", "menos") and check_out is not None:
            moved = check_out + (step if what == "mas" else -step)
            if moved > check_in:
                stay.check_in, stay.check_out, stay.nights = check_in, moved, (moved - check_in).days
                stay.spans.append((at, at + 3))
            return
        if what in ("despues", "antes") and check_out is not None:
            shift = step if what == "despues" else -step
            stay.check_in, stay.check_out, stay.nights = check_in + shift, check_out + shift, None
            stay.spans.append((at, at + 3))
            return


def _lone_number(tokens: list[Token], stay: Stay) -> int | None:
    if stay.check_in or stay.check_out:
        return None
    if {token.word for token in tokens} <= {"una", "sola", "solo", "noche", ".", ",", "!", "por", "favor", "y"}:
        return 1
    numbers = [token.number for token in tokens if token.number is not None]
    return numbers[0] if len(numbers) == 1 and 1 <= numbers[0] <= MAX_NIGHTS_SAID else None
