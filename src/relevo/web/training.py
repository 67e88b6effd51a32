"""HTTP of the assistant as staff shape it: phrases it doubted, what it is taught, trainings, settings and topics."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.bot.rules.knowledge import TopicEdit
from relevo.bot.rules.masking import MAX_EXAMPLE
from relevo.bot.rules.tuning import MOST_TEXT, UNSURE
from relevo.bot.training import Phrase, Training
from relevo.bot.training_store import Example
from relevo.bot.tuning import Tuning
from relevo.kit.db import Database
from relevo.kit.errors import Invalid
from relevo.people.rules import Action, Staff
from relevo.people.service import People
from relevo.texts import Texts
from relevo.web.auth import Gate


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Lesson(_Body):
    intent: str | None = Field(None, max_length=60)
    """None: nothing can be learned from it."""
    text: str | None = Field(None, max_length=MAX_EXAMPLE)
    interaction_id: str | None = Field(None, max_length=20)
    replace: bool = False


class Live(_Body):
    version_id: str = Field(max_length=20)


class Settings(_Body):
    act: float = Field(ge=0, le=1)
    guess: float = Field(ge=0, le=1)
    locale: str | None = Field(None, max_length=10)
    vip_words: list[str] | None = Field(None, max_length=100)


class Topic(_Body):
    on: bool = True
    text: str | None = Field(None, max_length=MOST_TEXT)
    words: list[str] | None = Field(None, max_length=100)

    @property
    def edit(self) -> TopicEdit:
        return TopicEdit(self.text, None if self.words is None else tuple(self.words), self.on)


def teaching_router(
    db: Database, training: Training, tuning: Tuning, people: People, texts: Texts, gate: Gate
) -> APIRouter:
    routes = APIRouter(prefix="/api/assistant", tags=["assistant"])
    Teacher = Annotated[Staff, Depends(gate.require(Action.TEACH_ASSISTANT))]

    @routes.get("/phrases")
    async def phrases(_staff: Teacher, before: Annotated[str | None, Query(max_length=80)] = None) -> dict[str, Any]:
        below = tuning.manner.bands.act + UNSURE
        found, more = await training.doubtful(below=below, before=_mark(before))
        return {
            "items": [_phrase_json(each) for each in found],
            "next": f"{more[0].isoformat()}~{more[1]}" if more else None,
        }

    @routes.get("/intents")
    async def intents(_staff: Teacher) -> dict[str, Any]:
        return {"items": [{"intent": each, "name": _name(texts, each)} for each in training.intents]}

    @routes.get("/examples")
    async def examples(_staff: Teacher) -> dict[str, Any]:
        found = await training.examples()
        async with db.read() as session:
            names = await people.staff_names(session)
        return {"items": [_example_json(each, names) for each in found]}

    @routes.post("/examples", status_code=201)
    async def teach(body: Lesson, staff: Teacher) -> dict[str, Any]:
        if (body.text is None) == (body.interaction_id is None) or (body.text is not None and body.intent is None):
            raise Invalid("nothing_to_teach")
        example, told = await training.teach(
            staff, intent=body.intent, text=body.text, interaction_id=body.interaction_id, replace=body.replace
        )
        return {"example": _example_json(example, {staff.id: staff.name}), "told": told}

    @routes.delete("/examples/{example_id}", status_code=204)
    async def withdraw(example_id: str, staff: Teacher) -> None:
        await training.withdraw(example_id, staff)

    @routes.get("/training")
    async def state(_staff: Teacher) -> dict[str, Any]:
        return await training.state()

    @routes.post("/training", status_code=202)
    async def begin(staff: Teacher) -> dict[str, Any]:
        await training.begin(staff)
        return await training.state()

    @routes.post("/training/live")
    async def put_live(body: Live, staff: Teacher) -> dict[str, Any]:
        await training.put_live(body.version_id, staff)
        return await training.state()

    return routes


def settings_router(tuning: Tuning, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/assistant", tags=["assistant"])
    Teacher = Annotated[Staff, Depends(gate.require(Action.TEACH_ASSISTANT))]

    @routes.get("/settings")
    async def settings(_staff: Teacher) -> dict[str, Any]:
        return await tuning.settings()

    @routes.put("/settings")
    async def change(body: Settings, staff: Teacher) -> dict[str, Any]:
        await tuning.set(staff, act=body.act, guess=body.guess, locale=body.locale, vip_words=body.vip_words)
        return await tuning.settings()

    @routes.post("/changes/{change_id}/restore", status_code=204)
    async def restore(change_id: int, staff: Teacher) -> None:
        await tuning.restore(change_id, staff)

    @routes.get("/topics")
    async def topics(_staff: Teacher) -> dict[str, Any]:
        return {"items": await tuning.topics(), "facts": tuning.facts}

    @routes.put("/topics/{key}", status_code=204)
    async def set_topic(key: str, body: Topic, staff: Teacher) -> None:
        await tuning.set_topic(key, body.edit, staff)

    @routes.post("/topics/{key}/preview")
    async def preview(key: str, body: Topic, _staff: Teacher) -> dict[str, Any]:
        return {"said": tuning.preview(key, body.edit)}

    @routes.get("/topics/{key}/history")
    async def history(key: str, _staff: Teacher) -> dict[str, Any]:
        return {"items": await tuning.topic_history(key)}

    return routes


def _mark(before: str | None) -> tuple[datetime, str] | None:
    if before is None:
        return None
    at, _, id_ = before.partition("~")
    try:
        found = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError:
        raise Invalid("bad_mark") from None
    if found.tzinfo is None:
        raise Invalid("bad_mark")
    return found, id_[:20]


def _name(texts: Texts, intent: str) -> str:
    key = f"assistant.intent.{intent}"
    return texts.here.say(key) if texts.has(key) else intent


def _phrase_json(phrase: Phrase) -> dict[str, Any]:
    turn = phrase.turn
    return {
        "interaction_id": turn.id, "conversation_id": turn.conversation_id, "channel": turn.channel,
        "text": phrase.text, "intent": turn.intent, "confidence": turn.confidence, "handoff": turn.handoff,
        "unclear": "unclear" in turn.action.split("+"), "meant": phrase.meant, "others": phrase.others,
        "likely": [{"intent": intent, "confidence": round(sure, 4)} for intent, sure in phrase.likely],
        "at": turn.at.isoformat(),
    }  # fmt: skip


def _example_json(example: Example, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": example.id, "text": example.text, "intent": example.intent, "before_intent": example.before_intent,
        "from_conversation": example.interaction_id is not None, "by": names.get(example.by),
        "at": example.at.isoformat(),
    }  # fmt: skip
