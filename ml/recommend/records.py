"""What a recommender answers, as plain records. Needs no library."""

from dataclasses import dataclass

MAX_REASONS = 3  # of a suggestion


@dataclass(frozen=True)
class ItemContribution:
    """A known item that spoke for a suggested one."""

    item: int
    shared: int  # users who like both


@dataclass(frozen=True)
class Suggestion:
    """An item, and what stands behind it.

    Attributes
    ----------
    item : int
    closeness : float
        0 to 100, see `ml.recommend.model.Model`.
    listeners : int
        Users who like it.
    shared : int
        Users who like it and the item asked about, or at least one of the reasons.
    reasons : tuple of ItemContribution
        The known items that spoke for it, the strongest first; at most `MAX_REASONS`.
    """

    item: int
    closeness: float
    listeners: int
    shared: int
    reasons: tuple[ItemContribution, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """Suggestions, the best first, and how much is known of the user."""

    suggestions: list[Suggestion]
    n_liked: int  # items that they are known to like; with 0 it is all popularity
    n_left_out: int  # items left out because they are known, liked or not


@dataclass(frozen=True)
class Item:
    """An item, and how much is known of it.

    Attributes
    ----------
    code : int
        Its number in this recommender; the smaller, the more rows name it.
    listeners : int
        Users who like it.
    total : float
        Their amounts together; without a *how much* column, rows.
    average : float
        Amount of a listener; 0 without any.
    """

    code: int
    id: str
    name: str
    listeners: int
    total: float
    average: float


@dataclass(frozen=True)
class Match:
    """What a text names.

    Attributes
    ----------
    code : int or None
        None if there is no such name.
    suggestions : list of int
        If there is none, the codes of the names most like it, the likest first.
    """

    code: int | None
    suggestions: list[int]
