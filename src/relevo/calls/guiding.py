"""Where words alone do not get on: keys, the menu, another language.

One call's. It says nothing by itself: it tells what a key meant, in which language to go on, and when to offer what.
"""

from __future__ import annotations

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Dialogue
from relevo.calls.replying import Replying
from relevo.calls.rules.languages import locale_for, wanted
from relevo.calls.rules.menu import Help, Keypad, Misunderstandings, Pressed, as_dates

_WISH_ONLY = 8
"""Words up to which a wish for another language is all that was said."""


class Guiding:
    """``home`` is the house's own locale."""

    def __init__(self, replies: Replying, home: str) -> None:
        self.keypad = Keypad()
        self._replies = replies
        self._home = home
        self._counts = Misunderstandings()
        self._dates = False

    def sentence(self, pressed: Pressed) -> str:
        """What a key or a number says, in words that the bot reads."""
        if pressed.choice:
            return self._replies.texts.say(pressed.text)
        return (as_dates(pressed.text) if self._dates else None) or pressed.text

    def language(self, text: str) -> str | None:
        """The language to go on in from now on, if another one is wanted."""
        found = wanted(text, self._replies.locale[:2])
        if found is not None:
            self._replies.speak(locale_for(found, self._home))
        return found

    def only_a_wish(self, text: str) -> bool:
        """Nothing was said beside the wish for another language."""
        return len(text.split()) <= _WISH_ONLY

    def answered(self, dialogue: Dialogue) -> Help | None:
        """The bot has answered; did it get on?"""
        self._dates = dialogue.expecting is Expecting.DATES
        if dialogue.failures == 0:
            self._counts.understood()
            return None
        return self.failed()

    def failed(self) -> Help | None:
        found = self._counts.failed()
        if found is Help.MENU:
            self.keypad.offered = True
        return found
