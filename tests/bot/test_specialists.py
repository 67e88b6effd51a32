"""Every specialist: there are enough, each intent is somebody's, none uses a tool it has not named, and each
has a conversation in which it answers.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from relevo.bot.rules.steps import Specialist, Track
from relevo.bot.specialists import specialists

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "src" / "relevo" / "adapters" / "understanding" / "corpus"
SCENARIOS = Path(__file__).parents[1] / "flows" / "scenarios"
OF_THE_ISSUE = {
    Track.GUESTS: (
        "availability", "quotes", "reservations", "modifications", "cancellations", "services", "policies", "area",
        "transport", "excursions", "groups", "special_needs", "loyalty", "complaints",
    ),
    Track.BUSINESS: (
        "deposits", "invoicing", "partners", "packages", "upselling", "objections", "feedback",
    ),
    Track.OPERATIONS: ("appointments", "profile", "status", "history", "reminders", "handoff"),
}  # fmt: skip
BY_TOPIC = {"afirmar", "negar", "fuera_de_alcance", "dar_datos"}
"""What means something only beside a question or by its words: whoever asked, or knows them, hears it."""


def test_there_are_all_those_of_the_three_tracks() -> None:
    found = {each.name: each.track for each in specialists()}
    for track, names in OF_THE_ISSUE.items():
        for name in names:
            assert found.get(name) is track, name
    assert len(found) >= 25
    assert len(found) == len(specialists()), "no two share a name"


def test_every_intent_is_somebodys() -> None:
    taken = {intent for each in specialists() for intent in each.intents}
    known = {file.stem for file in CORPUS.glob("*.txt")}
    assert len(known) > 20
    assert known - BY_TOPIC <= taken


def test_each_says_what_it_is_for_in_a_file_of_its_own_name() -> None:
    for each in specialists():
        module = inspect.getmodule(each.act)
        assert module is not None
        assert each.goal
        assert f"relevo.bot.specialists.{each.name}" in sys.modules, each.name


@pytest.mark.parametrize("specialist", specialists(), ids=lambda each: each.name)
def test_tools_are_just_those_that_are_used(specialist: Specialist) -> None:
    used = {cls.__name__ for cls in reached(unwrapped(specialist.act))}
    assert {cls.__name__ for cls in specialist.tools} == used


def test_each_has_a_conversation_in_which_it_answers() -> None:
    shown = {
        name
        for file in SCENARIOS.glob("*.toml")
        for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("guest", ())
        for name in entry.get("who", ())
    }
    assert {each.name for each in specialists()} - shown == set()


def unwrapped(function: Callable[..., Any]) -> FunctionType:
    assert isinstance(function, FunctionType)
    return function


def reached(start: FunctionType) -> set[type]:
    """The requests that a generator yields, itself or through those it goes on with."""
    found, seen, waiting = set[type](), set[FunctionType](), [start]
    while waiting:
        function = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        for each in yielded(function):
            if isinstance(each, type):
                found.add(each)
            elif isinstance(each, FunctionType):
                waiting.append(each)
    return found


@cache
def yielded(function: FunctionType) -> tuple[Any, ...]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return tuple(
        target
        for node in ast.walk(tree)
        if isinstance(node, ast.Yield | ast.YieldFrom) and isinstance(node.value, ast.Call)
        for target in resolved(node.value.func, function)
    )


def resolved(name: ast.expr, function: FunctionType) -> Iterator[Any]:
    """What a name stands for where it is written; of a table, everything that is in it."""
    match name:
        case ast.Name(id=word):
            yield function.__globals__.get(word)
        case ast.Attribute(value=ast.Name(id=module), attr=word):
            yield getattr(function.__globals__.get(module), word, None)
        case ast.Subscript(value=ast.Name(id=table)):
            yield from function.__globals__[table].values()
