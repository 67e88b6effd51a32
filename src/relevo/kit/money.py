"""Money as integer minor units plus a currency. There is no float anywhere near it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Money:
    amount: int
    """Minor units (centavos)."""
    currency: str
    """ISO 4217."""

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def times(self, count: int) -> Money:
        return Money(self.amount * count, self.currency)

    def percent(self, percent: int) -> Money:
        """``percent`` per cent of it, halves rounded up (away from zero for debts)."""
        sign = -1 if self.amount * percent < 0 else 1
        return Money(sign * ((abs(self.amount * percent) + 50) // 100), self.currency)

    def _same(self, other: Money) -> None:
        if other.currency != self.currency:
            raise ValueError("cannot mix currencies")
