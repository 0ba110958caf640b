"""How rows of a table become interactions: what a person may choose of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preparation:
    """How rows become interactions.

    Attributes
    ----------
    min_per_who, min_per_what : int
        Pairs that each who and what must have. Those with fewer are left out, again
        and again until all that are left have as many.
    at_least : float, optional
        A pair with a smaller sum is known but not liked.
    below : float
        CodedRows with as much or more are refused.
    merge_who : bool
        Whether spellings of one *who* are merged, as those of *what* always are.
    """

    min_per_who: int = 1
    min_per_what: int = 1
    min_rows_per_who: int = 1
    min_rows_per_what: int = 1
    at_least: float | None = None
    below: float = 1e9
    merge_who: bool = True
