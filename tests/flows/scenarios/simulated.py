"""Guests with a goal, facts of their own and a manner, who hear what the bot really said and decide what to say next.

A guest says yes only to what it wants: dates, people and room as they were told, read off the screen. It leaves when it
has what it came for, when a person has the conversation, or when it has had enough. It knows nothing of the product.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tests.flows.scenarios.hearing import MONTHS, Heard, Said
from tests.flows.scenarios.wording import HERE, QUESTIONS, Wording

ROOMS = {1: "simple", 2: "doble", 3: "triple", 4: "departamento", 5: "departamento"}
CAPACITY = {"simple": 1, "doble": 2, "triple": 3, "suite": 2, "departamento": 5}
RATES = {"simple": 45_000, "doble": 68_000, "triple": 89_000, "suite": 135_000, "departamento": 160_000}
SUMMER = (date(2026, 12, 20), date(2027, 2, 28))
NAMES = {
    "AR": ("Laura Giménez", "Martín Quiroga", "María del Carmen Sosa", "Nico Ferreyra", "Juan Ignacio Paz"),
    "ES": ("Íñigo Etxeberria", "María José Ortega", "Jordi Puig", "Carmen de la Fuente", "Pau Ferrer"),
    "MX": ("José Luis Hernández", "Guadalupe Ramírez", "Ximena Torres", "Miguel Ángel Cruz", "Lupita Flores"),
    "CL": ("Camila Sepúlveda", "Cristóbal Muñoz", "Javiera Rojas", "Matías Valdés", "Constanza Fuentes"),
    "CO": ("Yuliana Restrepo", "Andrés Felipe Gómez", "Luz Marina Ospina", "Jhon Jairo Mejía", "Paola Cárdenas"),
    "PE": ("Rosa Quispe", "César Huamán", "Milagros Chávez", "Luis Alberto Mamani", "Fiorella Salazar"),
}
PHONES = {
    "AR": ("341 555 1234", "+5493415551234", "0341 15 555 1234", "3415551234"),
    "ES": ("611 22 33 44", "+34 611223344", "+34611223344"),
    "MX": ("+52 55 1234 5678", "+525512345678"),
    "CL": ("+56 9 6123 4567", "+56961234567"),
    "CO": ("+57 300 123 4567", "+573001234567"),
    "PE": ("+51 987 654 321", "+51987654321"),
}
SERVICES = {
    "masaje": "un masaje", "piedras": "un masaje con piedras calientes", "facial": "una limpieza facial",
    "circuito": "el circuito de aguas", "yoga": "una clase de yoga",
}  # fmt: skip
SERVICE_NAMES = {
    "masaje": "descontracturante", "piedras": "piedras", "facial": "facial", "circuito": "circuito", "yoga": "yoga",
}  # fmt: skip
MOST_TIMES = 4
"""So often a guest says one thing before it gives up."""


@dataclass(frozen=True, slots=True)
class Persona:
    name: str
    country: str = "AR"
    manner: frozenset[str] = frozenset()
    guests: int = 2
    children: int = 0
    room: str | None = None
    nights: tuple[int, int] = (1, 5)
    ahead: tuple[int, int] = (4, 95)
    """Between so many days from today the arrival lies."""
    tasks: tuple[str, ...] = ("stay",)
    asks: tuple[str, ...] = ()
    contact: str = "mail"
    budget: int | None = None
    full: str | None = None
    """A type that others have taken all rooms of."""
    turns: int = 22

    @property
    def simple(self) -> bool:
        return not self.asks and self.tasks == ("stay",) and not self.manner & {"impatient", "injects", "price"}


def personas(file: str = "personas.toml") -> list[Persona]:
    data = tomllib.loads((HERE / file).read_text(encoding="utf-8"))
    return [
        Persona(**{
            key: frozenset(value) if key == "manner" else tuple(value) if isinstance(value, list) else value
            for key, value in entry.items()
        })
        for entry in data["guest"]
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trip:
    check_in: date
    check_out: date
    guests: int
    children: int
    room: str | None

    @property
    def total(self) -> int:
        """In whole pesos, by the house's price list."""
        assert self.room
        days = [self.check_in + timedelta(days=n) for n in range((self.check_out - self.check_in).days)]
        return sum(RATES[self.room] * (125 if SUMMER[0] <= day <= SUMMER[1] else 100) // 100 for day in days)


@dataclass(slots=True)
class Wanted:
    """A booking as the guest takes it to stand."""

    trip: Trip
    status: str = "hold"
    name: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    service: str
    day: date
    hour: int


@dataclass
class Mind:
    persona: Persona
    dice: random.Random
    today: date
    over: str | None = None
    """Why the guest left before it was done."""
    done: bool = False
    wanted: list[Wanted] = field(default_factory=list)
    agreed: list[Trip] = field(default_factory=list)
    """Every room that the guest said yes to."""
    visits: dict[Visit, str] = field(default_factory=dict)
    smells: list[str] = field(default_factory=list)
    turns: int = 0

    def __post_init__(self) -> None:
        who, dice = self.persona, self.dice
        self.words = Wording(dice, who.country, who.manner, self.today)
        self.full_name = dice.choice(NAMES[who.country])
        self.contact = f"huesped{dice.randrange(1000)}@correo.example"
        if who.contact == "phone":
            self.contact = dice.choice(PHONES[who.country])
        check_in = self.today + timedelta(days=dice.randint(*who.ahead))
        self.trip = Trip(
            check_in, check_in + timedelta(days=dice.randint(*who.nights)), who.guests, who.children, who.room
        )
        self._tasks = list(who.tasks)
        self._asks = list(who.asks)
        dice.shuffle(self._asks)
        self._pending: dict[str, int] = {}
        self._told: set[str] = set()
        self._times: dict[str, int] = {}
        self._code: str | None = None
        self._last = ""
        self._opened = False
        self._tempers = [each for each in ("swap_offer", "refuses", "thinks", "price", "cheaper") if each in who.manner]
        self._price_left = 3
        self._person_at = dice.randint(1, 6) if "person" in who.manner else None
        self._inject_at = dice.randint(1, 5) if "injects" in who.manner else None
        self._slept = False
        self._change: str | None = None
        self._stage = ""
        self.days: set[date] = set()
        """The days that the guest has ever meant."""
        self._visit: Visit | None = None
        self._offer = Said()
        """What was offered last; it stands while other things are talked about."""

    def next(self, heard: Heard | None) -> list[str]:
        """What the guest does now; nothing when it leaves. ``heard``: everything said since, None at first."""
        self.turns += 1
        self.days |= {self.trip.check_in, self.trip.check_out, *([self._visit.day] if self._visit else [])}
        if heard is not None:
            self._answered(heard)
            if heard.tells & {"held", "summary"}:
                self._holds(heard)
            if "handed" in heard.tells:
                wanted = self._stage == "person" or (self._tasks and self._tasks[0].startswith("person"))
                self.done = bool(wanted)
                self.over = None if wanted else "handed over"
                return []
        if self.turns > self.persona.turns:
            self.over = self.over or f"{self.persona.turns} turns"
            return []
        if self._person_at is not None and self.turns >= self._person_at:
            return self._asks_person()
        if self._inject_at is not None and self.turns >= self._inject_at and heard is not None:
            self._inject_at = None
            return [self.words.say("injects"), *self._acts(heard)]
        return self._acts(heard)

    def _asks_person(self) -> list[str]:
        if self._stage == "person" and self._count("person") >= 2:
            self.over = "no person came"
            return []
        self._stage = "person"
        return [self.words.written(self.words.say("person"))]

    def _acts(self, heard: Heard | None) -> list[str]:
        said: list[str] | None = None
        while self._tasks:
            said = self._task(self._tasks[0], heard)
            if said is not None or self.over:
                break
            self._tasks.pop(0)
            self._opened, heard = False, heard if heard and not self._tasks else None
            self._times.clear()
            self._stage = ""
        if self.over:
            return []
        if said is None:
            return self._farewell()
        return self._mannered(said)

    def _farewell(self) -> list[str]:
        if self._person_at is not None:
            return self._asks_person()
        left = [*self._pending, *self._asks]
        if left:
            topic = left[0]
            if self._count(f"ask:{topic}") > 2:
                self.over = f"{topic} is not answered"
                return []
            return [self.words.written(self._question(topic))]
        self.done = True
        return (
            [] if self._count("bye") > 1 else [self.words.written(self.words.say(self.words.pick(["thanks", "bye"])))]
        )

    # What is said to what.

    def _task(self, task: str, heard: Heard | None) -> list[str] | None:
        name, _, rest = task.partition(" ")
        opening = not self._opened
        self._opened = True
        match name:
            case "stay":
                return self._stay(heard, opening)
            case "look":
                return self._look(heard, opening)
            case "pay":
                return self._once(opening, f":file recibo.png | {self.words.say('paid')}", heard, "receipt")
            case "paid":
                return self._paid(heard, opening)
            case "change":
                return self._changes(rest, heard, opening)
            case "cancel" | "keep":
                return self._cancels(heard, opening, really=name == "cancel")
            case "status":
                return self._once(opening, self.words.say("status"), heard, "state")
            case "voucher":
                return self._once(opening, self.words.say("voucher"), heard, "voucher")
            case "elsewhere":
                if opening:
                    return [":elsewhere", *([self.words.say("greet")] if self.dice.random() < 0.5 else [])]
                return None
            case "visit":
                return self._visits(rest, heard, opening)
            case "cancel_visit":
                return self._cancels_visit(heard, opening)
            case "person":
                return self._asks_person()
            case "questions":
                return None
            case _:
                raise ValueError(task)

    def _stay(self, heard: Heard | None, opening: bool) -> list[str] | None:
        words, trip = self.words, self.trip
        if opening or heard is None:
            return self._opening()
        asks, tells = heard.asks, heard.tells
        if "summary" in tells and self.full_name.casefold() not in heard.text.casefold():
            self.smells.append(f"in another name after {self._last!r}")
            return self._says("fix name", words.say("name", name=self.full_name))
        if asks & {"name", "contact"}:
            return self._gives_name(asks)
        if "offer" in asks:
            return self._judges(heard)
        if "held" in tells or "summary" in tells:
            return None
        if "which" in asks:
            return self._chooses(heard)
        if facts := self._facts(asks):
            return facts
        if "too_many" in tells:
            self.over = "too many"
            return []
        if "takes up" in self._tempers:
            self._tempers.remove("takes up")
            # What was offered last is taken by these words; if it is offered again, it is judged again.
            self.trip = replace(trip, room=trip.room or self._offer.room)
            self.agreed.append(self.trip)
            return [words.say("take_up")]
        if "full" in tells or "dates" in asks:
            return self._says("dates", words.stay(trip.check_in, trip.check_out))
        if self._code and "expired" not in tells:
            return self._gives_name(frozenset({"name", "contact"}))
        return self._again(heard, self._whole())

    def _opening(self) -> list[str]:
        words, manner = self.words, self.persona.manner
        if "drip" in manner:
            return [words.say("greet")] if self.dice.random() < 0.4 else [words.say("want")]
        if "voice" in manner:
            return [self._whole("voice")]
        if "parts" in manner:
            return [words.say("greet"), words.say("want"), self._some()]
        return [self._whole()]

    def _whole(self, act: str = "want_all") -> str:
        words, trip = self.words, self.trip
        self._told |= {"dates", "guests"}
        return words.say(
            act, dates=self._dates(), people=words.people(trip.guests, trip.children), room=words.room(trip.room)
        )

    def _some(self) -> str:
        """One thing or two of what is wanted."""
        words, trip = self.words, self.trip
        if self.dice.random() < 0.5:
            self._told.add("dates")
            return self._dates()
        self._told.add("guests")
        return words.people(trip.guests, trip.children)

    def _dates(self) -> str:
        """The dates, perhaps wrong at first and put right in the same breath."""
        trip, words = self.trip, self.words
        if "slips" in self.persona.manner and self._count("slip") == 1:
            wrong = f"del {trip.check_in.day} al {trip.check_out.day} de {MONTHS[trip.check_in.month % 12]}"
            right = f"del {trip.check_in.day} de {MONTHS[trip.check_in.month - 1]} al {trip.check_out.day} de "
            return words.say("slip", wrong=wrong, right=right + MONTHS[trip.check_out.month - 1])
        return words.stay(trip.check_in, trip.check_out)

    def _facts(self, asks: frozenset[str]) -> list[str] | None:
        """The answer to a question for facts: what was asked, or all of it at once."""
        words, trip, drip = self.words, self.trip, "drip" in self.persona.manner
        wants_dates, wants_guests = "dates" in asks, "guests" in asks
        if "nights" in asks and not wants_dates:
            text = words.nights(trip.check_in, trip.check_out)
            if wants_guests and not drip:
                text += f", {words.people(trip.guests, trip.children)}"
            return self._says("nights", text)
        if wants_dates and self._again_asked("dates"):
            self.smells.append(f"dates asked again after {self._last!r}")
        if wants_guests and not wants_dates and self._again_asked("guests"):
            self.smells.append(f"guests asked again after {self._last!r}")
        if wants_dates and (drip or not wants_guests):
            self._told.add("dates")
            if drip and self._count("arrival") == 1 and self.dice.random() < 0.4:
                return self._says("dates", words.arrival(trip.check_in))
            return self._says("dates", self._dates())
        if wants_dates and wants_guests:
            self._told |= {"dates", "guests"}
            return self._says("dates", f"{self._dates()}{self.dice.choice([', ', ' ', ' y '])}"
                              f"{words.people(trip.guests, trip.children)}")  # fmt: skip
        if wants_guests:
            self._told.add("guests")
            return self._says("guests", words.people(trip.guests, trip.children, asked=drip and not trip.children))
        return None

    def _again_asked(self, fact: str) -> bool:
        return fact in self._told and not self.persona.manner & {"typos", "voice", "slips"}

    def _judges(self, heard: Heard) -> list[str] | None:
        """An offer on the screen: put right what is wrong, and say yes to what is wanted."""
        words, trip = self.words, self.trip
        said = self._offer = heard.said if heard.said.check_in else self._offer
        if (said.check_in, said.check_out) != (trip.check_in, trip.check_out):
            self.smells.append(f"offered {said.check_in}..{said.check_out} after {self._last!r}")
            return self._says("fix dates", words.say("dates_rather", dates=self._plain_dates()))
        if (said.guests, said.children) != (trip.guests, trip.children):
            if said.guests == trip.guests and self._count("children") > 1:
                pass
            else:
                self.smells.append(f"offered {said.guests}+{said.children} after {self._last!r}")
                return self._says("fix people", words.say("people_rather", people=self._plain_people()))
        if trip.room and said.room != trip.room:
            return self._says("fix room", words.say("room_rather", room=words.room(trip.room)))
        if self._tempers and (moved := self._tempered(self._tempers[0], said)):
            return moved
        budget = self.persona.budget
        if budget and said.total and said.total > budget:
            return self._says("cheaper", words.say("cheaper"))
        assert said.room
        self.trip = replace(trip, room=said.room)
        if said.total is not None and said.total != self.trip.total:
            self.over = f"told {said.total}, by the list it is {self.trip.total}"
            return []
        self.agreed.append(self.trip)
        return self._says("yes", self._yes(heard, "yes_offer"))

    def _yes(self, heard: Heard, act: str) -> str:
        positive = [each for each in heard.buttons if each.lower().startswith("sí")]
        if "buttons" in self.persona.manner and positive:
            return f"〔{positive[0]}〕"
        if "english" in self.persona.manner and self.dice.random() < 0.5:
            return self.words.pick(["yes please", "ok, book it", "yes", "sure", "ok thanks, resérvala"])
        return self.words.say(act)

    def _tempered(self, temper: str, said: Said) -> list[str] | None:
        """What a guest of this temper says before any yes."""
        words = self.words
        if temper == "price":
            self._price_left -= 1
            if self._price_left <= 0:
                self._tempers.pop(0)
            return [words.say("price")]
        self._tempers.pop(0)
        if temper == "thinks":
            self._tempers.insert(0, "takes up")
            return [words.say("think")]
        if temper == "takes up":
            return None
        if temper == "cheaper":
            return [words.say("cheaper")]
        if temper == "refuses":
            self._tempers.insert(0, "moves")
            self._moves(said)
            return [words.say("refuse")]
        self._moves(said)
        return [words.say("swap", new=self._moved())]

    def _moves(self, said: Said) -> None:
        """Another wish than before."""
        trip = self.trip
        kind = self.dice.choice(["dates", "room", "people"])
        bigger = {"simple": "doble", "doble": "suite", "suite": "triple", "triple": "departamento"}
        if kind == "room" and said.room in bigger:
            self.trip, self._change = replace(trip, room=bigger[said.room]), "room"
        elif kind == "people" and trip.guests < 4 and not trip.children:
            guests = trip.guests + 1
            fits = trip.room if trip.room and CAPACITY[trip.room] >= guests else None
            self.trip, self._change = replace(trip, guests=guests, room=fits), "people"
        else:
            on = timedelta(days=self.dice.randint(1, 9))
            self.trip = replace(trip, check_in=trip.check_in + on, check_out=trip.check_out + on)
            self._change = "dates"

    def _moved(self) -> str:
        words, trip = self.words, self.trip
        match self._change:
            case "room":
                return words.room(trip.room)
            case "people":
                return words.say("to_people", n=str(trip.guests))
            case _:
                return self._plain_dates()

    def _plain_dates(self) -> str:
        trip = self.trip
        first = f"{trip.check_in.day} de {MONTHS[trip.check_in.month - 1]}"
        if trip.check_in.month == trip.check_out.month:
            first = str(trip.check_in.day)
        return f"del {first} al {trip.check_out.day} de {MONTHS[trip.check_out.month - 1]}"

    def _plain_people(self) -> str:
        trip = self.trip
        if trip.children:
            return (
                f"{trip.guests - trip.children} adultos y {trip.children} {'niño' if trip.children == 1 else 'niños'}"
            )
        return f"somos {trip.guests}" if trip.guests > 1 else "una persona"

    def _chooses(self, heard: Heard) -> list[str] | None:
        """A numbered list: the one that fits, by its number or by its words."""
        trip = self.trip
        for number, option in enumerate(heard.numbered(), 1):
            said = _option(option, self.today)
            days = said.check_in is None or (said.check_in, said.check_out) == (trip.check_in, trip.check_out)
            alone = said.check_in is not None and said.check_out is None and said.check_in == trip.check_in
            party = said.guests in (None, trip.guests)
            if (days or alone) and party and (trip.room in (None, said.room) or said.room is None):
                return self._says("choose", self._choice(number, option))
        others = [
            (number, option)
            for number, option in enumerate(heard.numbered(), 1)
            if (found := _option(option, self.today)).check_in and found.room
        ]
        if others:
            number, option = self.dice.choice(others)
            said = _option(option, self.today)
            assert said.check_in
            assert said.check_out
            self.trip = replace(trip, check_in=said.check_in, check_out=said.check_out, room=said.room)
            return self._says("choose", self._choice(number, option))
        return self._says("choose", self._plain_dates())

    def _choice(self, number: int, option: str) -> str:
        if "buttons" in self.persona.manner or self.dice.random() < 0.3:
            return f"〔{option}〕"
        return self.words.pick([str(number), f"la {number}", f"opción {number}", str(number), f"{number})"])

    def _gives_name(self, asks: frozenset[str]) -> list[str] | None:
        words = self.words
        if "sleeps" in self.persona.manner and not self._slept:
            self._slept = True
            self._code = None
            if self.wanted:
                self.wanted[-1].status = "expired"
            return [":wait 30", words.say("back")] if self.dice.random() < 0.5 else [":wait 30", self._names(asks)]
        if "swap_hold" in self.persona.manner and self._count("swap hold") == 1 and self.wanted:
            self._moves(_as_said(self.wanted[-1].trip))
            return [words.say("swap", new=self._moved())]
        if "later" in self.persona.manner and self._count("later") == 1:
            return [self.words.question(self._asks.pop()) if self._asks else words.say("beside")]
        return self._says("name", self._names(asks))

    def _names(self, asks: frozenset[str]) -> str:
        words, name, contact = self.words, self.full_name, self.contact
        if self.persona.manner & {"bare"}:
            name = name.lower()
        if "name" in asks:
            if "contact" not in asks or "drip" in self.persona.manner:
                return words.say("name", name=name)
            return words.say("name_contact", name=name, contact=contact)
        return words.say("contact", contact=contact)

    def _holds(self, heard: Heard) -> None:
        if heard.code and heard.code != self._code and "held" in heard.tells:
            same = Wanted(self.trip)
            for before in self.wanted:
                if before.status == "hold":
                    before.status = "cancelled"
                    same.name, same.contact = before.name, before.contact
            self._code = heard.code
            self.wanted.append(same)
        if "summary" in heard.tells and self.wanted:
            self.wanted[-1].name, self.wanted[-1].contact = self.full_name, self.contact

    def _look(self, heard: Heard | None, opening: bool) -> list[str] | None:
        """Wants to know, not to book."""
        if opening or heard is None:
            return self._opening()
        if "offer" in heard.asks:
            return None if self._count("looked") > 1 else [self.words.say("think")]
        if "later" in heard.tells or "bye" in heard.tells or "kept" in heard.tells:
            return None
        if "which" in heard.asks:
            return self._chooses(heard)
        return self._facts(heard.asks) or self._again(heard, self._whole())

    def _paid(self, heard: Heard | None, opening: bool) -> list[str] | None:
        if opening:
            self.wanted[-1].status = "confirmed"
            return [f":file recibo.png | {self.words.say('paid')}", ":paid"]
        assert heard is not None
        if "receipt" in heard.tells:
            return None
        return self._again(heard, ":file otro.png | comprobante")

    def _changes(self, what: str, heard: Heard | None, opening: bool) -> list[str] | None:
        words = self.words
        if opening:
            self._new_trip(what)
            return [words.say("change_open") if "drip" in self.persona.manner else words.say("change", new=self._new())]
        assert heard is not None
        if heard.tells & {"changed", "held"} and self._stage == "agreed":
            live = next(each for each in reversed(self.wanted) if each.status in ("hold", "confirmed"))
            live.trip = self.trip
            return None
        asks = heard.asks
        if asks & {"change", "offer"}:
            said, trip = heard.said, self.trip
            if (said.check_in, said.check_out) != (trip.check_in, trip.check_out):
                self.smells.append(f"change to {said.check_in}..{said.check_out} after {self._last!r}")
                return self._says("fix", words.say("dates_rather", dates=self._plain_dates()))
            if said.guests != trip.guests:
                self.smells.append(f"change to {said.guests} after {self._last!r}")
                return self._says("fix", words.say("people_rather", people=self._plain_people()))
            if trip.room and said.room != trip.room:
                return self._says("fix", words.say("room_rather", room=words.room(trip.room)))
            assert said.room
            self.trip = replace(trip, room=said.room)
            self.agreed.append(self.trip)
            self._stage = "agreed"
            return self._says("yes", self._yes(heard, "yes"))
        if proof := self._proves(asks):
            return proof
        if "which" in asks:
            return self._chooses(heard)
        if asks & {"what_change", "dates", "guests"}:
            return self._says("what", self._new())
        return self._again(heard, words.say("change", new=self._new()))

    def _new_trip(self, what: str) -> None:
        trip, (kind, _, value) = self.trip, what.partition(" ")
        self._change = kind
        match kind:
            case "dates":
                on = timedelta(days=self.dice.randint(2, 12))
                self.trip = replace(trip, check_in=trip.check_in + on, check_out=trip.check_out + on)
            case "room":
                self.trip = replace(trip, room=value)
            case "people":
                guests = int(value)
                fits = trip.room if trip.room and CAPACITY[trip.room] >= guests else None
                self.trip = replace(trip, guests=guests, room=fits)
            case "nights":
                self.trip = replace(trip, check_out=trip.check_out + timedelta(days=int(value)))

    def _new(self) -> str:
        words, trip = self.words, self.trip
        match self._change:
            case "dates":
                return words.say("to_dates", dates=words.stay(trip.check_in, trip.check_out))
            case "room":
                return words.say("to_room", room=words.room(trip.room))
            case "people":
                return words.say("to_people", n=str(trip.guests))
            case _:
                more = self.persona.tasks[self.persona.tasks.index(self._tasks[0])].endswith("+1")
                return (
                    words.say("night_more" if more else "night_less") if self._count("n") == 1 else self._plain_dates()
                )

    def _cancels(self, heard: Heard | None, opening: bool, *, really: bool) -> list[str] | None:
        if opening or heard is None:
            return [self.words.say("cancel")]
        live = [each for each in self.wanted if each.status in ("hold", "confirmed")]
        if "release" in heard.asks:
            return self._says("yes", self._yes(heard, "yes_cancel") if really else self.words.say("no_cancel"))
        if really and "cancelled" in heard.tells and live:
            live[-1].status = "cancelled"
            self._code = None
            return None
        if not really and "kept" in heard.tells:
            return None
        return self._proves(heard.asks) or self._again(heard, self.words.say("cancel"))

    def _proves(self, asks: frozenset[str]) -> list[str] | None:
        """The code and the contact of the booking, when they are asked for."""
        if "code" in asks:
            assert self._code
            short = self._code.removeprefix("RL-").lower()
            return self._says(
                "code", f"〔{self.dice.choice([self._code, self._code.lower(), 'es ' + self._code, short])}〕"
            )
        if "identity" in asks:
            return self._says("identity", self.words.say("contact", contact=self.contact))
        return None

    def _once(self, opening: bool, text: str, heard: Heard | None, tells: str) -> list[str] | None:
        if opening or heard is None:
            return [text]
        if tells in heard.tells:
            return None
        return self._proves(heard.asks) or self._again(heard, text)

    def _visits(self, service: str, heard: Heard | None, opening: bool) -> list[str] | None:
        words = self.words
        if opening or heard is None or self._visit is None:
            day = self.today + timedelta(days=self.dice.randint(2, 12))
            day += timedelta(days=day.weekday() == 6)
            hours = [10, 11, 17, 18] if service not in ("piedras", "circuito") else [10, 16, 17]
            self._visit = Visit(service, day, self.dice.choice(hours))
            if "drip" in self.persona.manner:
                return [words.say("visit_open", what=SERVICES[service])]
            return [self._whole_visit(self._visit)]
        visit = self._visit
        if "visit_booked" in heard.tells:
            self.visits[visit] = "booked"
            return None
        hour = f"{visit.hour}:00"
        if "offer" in heard.asks:
            low = heard.text.lower()
            day = f"{visit.day.day} de {MONTHS[visit.day.month - 1]}"
            if f"a las {hour}" in low and day in low and SERVICE_NAMES[service] in low:
                return self._says("yes", self._yes(heard, "yes"))
            self.smells.append(f"visit offered otherwise after {self._last!r}")
            return self._says("fix", f"no, {SERVICES[service]} el {day} a las {hour}")
        if "visit_service" in heard.asks:
            return self._says("service", SERVICES[service])
        if "visit_day" in heard.asks:
            return self._says("day", words.day(visit.day))
        if heard.asks & {"visit_time"}:
            for number, option in enumerate(heard.numbered(), 1):
                if option.endswith(hour):
                    return self._says("hour", self._choice(number, option))
            return self._says("hour", f"a las {hour}")
        return self._again(heard, self._whole_visit(visit))

    def _whole_visit(self, visit: Visit) -> str:
        words = self.words
        return words.say("visit", what=SERVICES[visit.service], day=words.day(visit.day), hour=words.hour(visit.hour))

    def _cancels_visit(self, heard: Heard | None, opening: bool) -> list[str] | None:
        assert self._visit
        text = self.words.say("visit_cancel", what=SERVICES[self._visit.service])
        if opening or heard is None:
            return [text]
        if "visit_gone" in heard.tells:
            self.visits[self._visit] = "cancelled"
            return None
        if "cancel_visit" in heard.asks:
            return self._says("yes", self._yes(heard, "yes"))
        return self._again(heard, text)

    # How it is said.

    def _again(self, heard: Heard, text: str) -> list[str]:
        """The bot went another way: say it once more, in other words."""
        if "confused" in heard.tells:
            self.smells.append(f"not understood: {self._last!r}")
        elif not heard.asks & {"help"}:
            self.smells.append(f"missed: {self._last!r} -> {heard.text!r}")
        if "person" in heard.asks:
            return self._says("again", f"no, {text}")
        return self._says("again", text)

    def _says(self, what: str, text: str) -> list[str]:
        if self._count(f"say:{what}") > MOST_TIMES:
            self.over = f"said {what} {MOST_TIMES} times"
            return []
        return [text]

    def _count(self, what: str) -> int:
        self._times[what] = self._times.get(what, 0) + 1
        return self._times[what]

    def _question(self, topic: str) -> str:
        if topic in self._asks:
            self._asks.remove(topic)
        self._pending[topic] = self._pending.get(topic, 0) + 1
        return self.words.question(topic)

    def _mannered(self, said: Sequence[str]) -> list[str]:
        """The guest's ways: other questions in between, impatience, misspelling."""
        words, manner, dice = self.words, self.persona.manner, self.dice
        out = list(said)
        free = [n for n, text in enumerate(out) if not text.startswith(":") and "〔" not in text]
        if self._asks and "mixes" in manner and free and dice.random() < 0.6:
            at = free[-1]
            one, two = out[at], self._question(self._asks[-1])
            if dice.random() < 0.4:
                one, two = two, one
            out[at] = words.say("several", one=one, two=two)
        elif self._asks and "aside" in manner and dice.random() < 0.5:
            # Answers the question with another one, and the question when it comes back.
            self._times.clear()
            if out and not any(text.startswith(":") for text in out) and self._opened and self.turns > 1:
                return [words.written(self._question(self._asks[-1]))]
            out = [*out, self._question(self._asks[-1])]
        if "impatient" in manner and dice.random() < 0.25:
            out.append(words.say("impatient"))
        if "beside" in manner and self._count("beside") == 2:
            out = [words.say("beside"), *out]
        self._last = out[-1] if out else ""
        return [text if text.startswith(":") else words.written(text) for text in out]

    def _answered(self, heard: Heard) -> None:
        for topic in list(self._pending):
            answer = QUESTIONS[topic]["answer"]
            if str(answer).lower() in heard.text.lower():
                del self._pending[topic]
            elif self._pending[topic] == 1:
                self._pending[topic] = 2
                self.smells.append(f"{topic} not answered after {self._last!r}")


def _option(label: str, today: date) -> Said:
    """A line of a list: a stay with its room, a day, a party or a room."""
    from tests.flows.scenarios.hearing import told

    said = told(label, today)
    if said.check_in is None and (found := re.search(rf"(\d{{1,2}}) de ({'|'.join(MONTHS)})", label)):
        month = MONTHS.index(found[2]) + 1
        day = date(today.year + (month < today.month), month, int(found[1]))
        return replace(said, check_in=day)
    return said


def _as_said(trip: Trip) -> Said:
    return Said(trip.room, trip.check_in, trip.check_out, trip.guests, trip.children)
