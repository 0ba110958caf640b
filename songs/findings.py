"""What `doctor` finds, and which apps beside this one have something to say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact; `act` when a person must do something about it."""

    subject: str
    text: str
    act: bool = False


# Functions from the time to findings, by their dotted names: who adds one is above this
# app, and loads nothing at the start of every process.
OF_OTHERS: list[str] = []
