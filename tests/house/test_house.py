"""Rules of the house that a program can check: sizes, names, logs, texts, routes, documentation."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "relevo").rglob("*.py"))
CONSOLE = sorted(path for kind in ("*.ts", "*.tsx") for path in (ROOT / "console" / "src").rglob(kind))
ROOM_FILES = {"__init__", "rules", "models", "store", "service", "events", "ports"}
ROOMS = {
    "reports": {
        "exports",
        "exports_store",
        "facts_store",
        "schedule_store",
        "sheets",
        "costs",
        "files",
        "floor",
        "late_store",
        "lists",
        "price_store",
        "rolling",
        "sources_store",
        "spreads",
    },
    "people": {"account_store", "accounts", "contacts", "legal", "second_factor"},
    "conversations": {
        "attachment_store",
        "attachments",
        "delivering",
        "ending",
        "fetching",
        "files",
        "forgetting",
        "inbox",
        "incoming",
        "reach_store",
        "threads",
        "timing_store",
    },
    "bookings": {
        "cases",
        "changes",
        "confirming",
        "counter",
        "deposits",
        "forgetting",
        "grid",
        "grid_store",
        "mirror",
        "mirror_store",
        "notices",
        "road_store",
        "rooms",
        "voucher",
        "vouchers",
    },
    "tours": {"forgetting", "partner_store", "partners", "statement"},
}
"""Rooms, and the subjects that are large enough there for a module of their own."""
FORBIDDEN_NAMES = {"utils", "helpers", "managers", "base", "common", "util", "helper", "manager"}
TEXTS = ROOT / "src" / "relevo" / "texts"


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_judge() -> None:
    assert len(SOURCES) > 400
    assert len(CONSOLE) > 200


def test_a_module_can_be_held_in_the_head() -> None:
    assert [relative(path) for path in SOURCES if len(path.read_text().splitlines()) > 500] == []
    assert [relative(path) for path in SOURCES if path.stem in FORBIDDEN_NAMES] == []


def test_a_console_module_is_shorter_still() -> None:
    assert [relative(path) for path in CONSOLE if len(path.read_text().splitlines()) > 250] == []


def test_a_module_says_what_it_is_for() -> None:
    texts = {relative(path): path.read_text() for path in SOURCES}
    assert [path for path, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_the_same_few_file_names(room: str) -> None:
    assert {path.stem for path in (ROOT / "src" / "relevo" / room).glob("*.py")} <= ROOM_FILES | ROOMS[room]


def test_only_stores_and_models_touch_tables() -> None:
    allowed = {"models", "store", "db", "work", "work_postgres", "live", "nodes", "audit", "embedded"}
    offenders = [
        relative(path)
        for path in SOURCES
        if path.stem not in allowed
        and not path.stem.endswith("_store")
        and re.search(r"^from sqlalchemy import .*\b(select|insert|update|delete)\b", path.read_text(), re.M)
    ]
    assert not offenders


LOG_CALL = re.compile(r"_log\.(?:debug|info|warning|error|exception)\(\s*(f[\"']|[a-z_]+[,)])")


def test_log_messages_are_static() -> None:
    assert [relative(path) for path in SOURCES if LOG_CALL.search(path.read_text())] == []


def _leaves(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= _leaves(value, f"{name}.")
        elif isinstance(value, list):
            found |= {f"{name}[{index}]": str(item) for index, item in enumerate(value)}
        else:
            found[name] = str(value)
    return found


def _texts(locale: str) -> dict[str, str]:
    return {
        f"{file.stem}.{key}": text
        for file in sorted((TEXTS / locale).glob("*.toml"))
        for key, text in _leaves(tomllib.loads(file.read_text())).items()
    }


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_english_has_every_text_of_the_source_language_with_the_same_placeholders() -> None:
    # How a currency is written is inherited; everything that is a sentence is not.
    spanish = {key: text for key, text in _texts("es").items() if not key.startswith("format.currency.")}
    english = _texts("en")
    assert set(english) == set(spanish)
    assert [key for key in spanish if _placeholders(spanish[key]) != _placeholders(english[key])] == []


@pytest.mark.parametrize("locale", sorted(path.name for path in TEXTS.iterdir() if path.is_dir() and "_" in path.name))
def test_an_overlay_changes_only_texts_that_exist(locale: str) -> None:
    spanish = _texts("es")
    for key, text in _texts(locale).items():
        assert key in spanish
        assert _placeholders(text) == _placeholders(spanish[key]), key


ERROR = re.compile(
    r"\b(?:Invalid|Unauthorized|Forbidden|NotFound|Conflict|TooLarge|TooMany|ProviderError|NotReady|BadCredentials|Misconfigured)\(\s*\"(\w+)\""
)


def test_every_error_has_a_text() -> None:
    known = set(_texts("es"))
    used = {code for path in SOURCES for code in ERROR.findall(path.read_text())}
    assert {code for code in used if f"error.{code}" not in known} == set()
    assert used


SAID = re.compile(r"\.(?:say|raw)\(\s*\"([a-z][a-z_]*(?:\.[a-z_]+)+)\"")


def test_every_sentence_that_is_named_is_there() -> None:
    known = _texts("es")
    used = {key for path in SOURCES for key in SAID.findall(path.read_text())}
    assert {key for key in used if key not in known} == set()
    assert len(used) > 50


def _documentation() -> str:
    pages = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "LEEME.md"]
    return "\n".join(page.read_text() for page in pages)


def test_the_documentation_mentions_every_setting_and_every_command() -> None:
    from relevo.cli import app
    from relevo.settings import Settings

    text = _documentation()
    settings = {f"RELEVO_{name.upper()}" for name in Settings.model_fields}
    commands = {
        f"relevo {command.name or command.callback.__name__}" for command in app.registered_commands if command.callback
    }
    assert {name for name in settings | commands if name not in text} == set()


def test_the_documentation_names_no_machine_and_no_registry() -> None:
    assert not re.search(r"/work/|/root/|pypi\.org|registry\.npmjs", _documentation())


def test_lock_files_name_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "console" / "package-lock.json").read_text()
    for file in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in file.read_text()


def test_nobody_changes_what_is_on_record() -> None:
    """The log of deeds is only added to: no statement updates or deletes its rows, and nobody else has its table."""
    audit = ROOT / "src" / "relevo" / "kit" / "audit.py"
    text = audit.read_text()
    assert "update(" not in text
    assert "delete(" not in text
    for path in (ROOT / "src").rglob("*.py"):
        if path != audit:
            assert "DeedRow" not in path.read_text(), path
            assert not re.search(r"(?i)(update|delete from)\s+deed\b", path.read_text()), path
