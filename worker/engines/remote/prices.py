"""What a clip costs, before it is ordered. An estimate: both vendors change prices, and contracts differ.

Sources, November 2026:
- Runway: $0.01 a credit; gen4_turbo 5 credits a second ($0.25 for 5 s), gen4.5 12 (third parties name up to 25).
  Runway's own estimate comes with the order and takes this one's place.
- Kling: $0.14 a unit of a resource pack; units for 5 seconds by model and mode, as resold by ComfyUI's API nodes;
  10 seconds cost twice as much. The units really deducted come with the finished task.
"""

from dataclasses import dataclass
from typing import Any

PRICE_LIST = "2026-11"
_USD = {"credits": 0.01, "units": 0.14}
RUNWAY_CREDITS_PER_S = {"gen4_turbo": 5.0, "gen4.5": 12.0}
KLING_UNITS_PER_5_S = {
    ("kling-v2-5-turbo", "std"): 1.5,
    ("kling-v2-5-turbo", "pro"): 2.5,
    ("kling-v2-1", "std"): 2.0,
    ("kling-v2-1", "pro"): 3.5,
    ("kling-v1-6", "std"): 2.0,
    ("kling-v1-6", "pro"): 3.5,
}


@dataclass(frozen=True)
class Cost:
    """In the vendor's own unit, `credits` or `units`."""

    amount: float
    unit: str

    @property
    def usd(self) -> float:
        return round(self.amount * _USD[self.unit], 4)

    def __str__(self) -> str:
        return f"{self.amount:g} {self.unit} (about ${self.usd:.2f})"


def runway_price(model: str, seconds: int) -> Cost | None:
    """None for a model that the list does not know."""
    rate = RUNWAY_CREDITS_PER_S.get(model)
    return None if rate is None else Cost(rate * seconds, "credits")


def kling_price(model: str, mode: str, seconds: int) -> Cost | None:
    rate = KLING_UNITS_PER_5_S.get((model, mode))
    return None if rate is None else Cost(rate * seconds / 5, "units")


def cost_record(estimate: Cost | None, final: Cost | None) -> dict[str, Any]:
    """For the recipe. What is not known is null; an estimate is never passed off as what was paid."""
    unit = final or estimate
    return {
        "unit": unit.unit if unit else None,
        "estimate": estimate.amount if estimate else None,
        "estimate_usd": estimate.usd if estimate else None,
        "final": final.amount if final else None,
        "final_usd": final.usd if final else None,
        "price_list": PRICE_LIST,
    }
