"""How shares are rounded to whole percent."""


def percent(share: float) -> int:
    """A share, 0..1, in whole percent; 100 means everything, 0 nothing, and anything between shows 1..99."""
    rounded = round(100 * share)
    return min(99, max(1, rounded)) if 0 < share < 1 else rounded
