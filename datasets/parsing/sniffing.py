"""Which delimiter, quote and header a sample of delimited text has.

Our own, because DuckDB's looks at a sample cut within a quoted cell and finds nothing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from datasets.parsing.dialect import Dialect
from datasets.parsing.records import N_LOOKED_AT, split

DELIMITERS = (",", "\t", ";", "|")
LOOKED_AT = 300_000  # characters
LONG_NAME = 64  # characters; longer cells name no column
MOST_SKIPPED = 20  # lines above the header
MOST_LOST = 0.02  # of the records: a quote that is data spoils few of them

Records = Sequence[Sequence[str]]


def sniff(sample: str, *, tabs: bool = False) -> Dialect:
    """The likeliest dialect of a sample; encoding is not its business.

    Each candidate is scored by how many of the first records have as many columns as
    most; `tabs` says that the file's name ends in .tsv.
    """
    if (cut := sample.rfind("\n", 0, LOOKED_AT)) > 0:
        sample = sample[: cut + 1]
    best, best_score = Dialect(), (-1.0, 0)
    best_records = _records(sample, best)
    quotes = ('"', "") if '"' in sample else ('"',)
    for delimiter in ("\t", *DELIMITERS) if tabs else DELIMITERS:
        for quote in quotes if delimiter in sample else ():
            dialect = Dialect(delimiter=delimiter, quote=quote)
            records = _records(sample, dialect)
            score = _score(records)
            if score > best_score:
                best, best_score, best_records = dialect, score, records
    if best.quote and _quotes_are_data(sample, best):
        best = replace(best, quote="")
        best_records = _records(sample, best)
    skip = _above_header(sample, best, best_records)
    best = replace(best, skip=skip)
    return replace(best, header=has_header(best_records[skip:]))


def has_header(records: Records) -> bool:
    """Whether the first record names the columns: it looks unlike those below."""
    if not records:
        return False
    first, rest = records[0], records[1:]
    names = [cell.strip() for cell in first]
    if any(_is_number(cell) for cell in names):
        return False
    columns = [[row[i] for row in rest if len(row) > i] for i in range(len(names))]
    if any(_mostly_numbers(column) for column in columns):
        return True
    proper = [cell for cell in names if cell]
    short = all(len(cell) <= LONG_NAME for cell in proper)
    again = any(
        name in column for name, column in zip(names, columns, strict=True) if name
    )
    return bool(proper) and short and not again and len(set(proper)) == len(proper)


def _records(sample: str, dialect: Dialect) -> list[list[str]]:
    records = list(islice(split(sample, dialect), N_LOOKED_AT))
    if len(records) > 1 and len(records) < N_LOOKED_AT:
        return records if sample.endswith(("\n", "\r")) else records[:-1]
    return records


def _score(records: Records) -> tuple[float, int]:
    """How alike the records are, then how many columns they have."""
    if not records:
        return 0.0, 0
    width, n = Counter(map(len, records)).most_common(1)[0]
    alike = n / len(records)
    if width == 1:
        return 0.5 * alike if len(records) > 1 else 0.0, 1
    return round(alike, 2 if alike < 1 - MOST_LOST else 3), width


def _quotes_are_data(sample: str, dialect: Dialect) -> bool:
    """Whether cells such as `"Weird Al" Yankovic` are more usual than quoted ones.

    One of them is enough between tabs: who writes tabs hardly ever quotes.
    """
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    inside = rf"(?:^|{delimiter}){quote}[^{quote}\r\n]*{quote}"
    after = rf"{quote}|{delimiter}|[ ]*\r?$"
    n_data = len(re.findall(rf"{inside}(?!{after})", sample, re.MULTILINE))
    n_quoted = len(re.findall(rf"{inside}(?={after})", sample, re.MULTILINE))
    return n_data > (0 if dialect.delimiter == "\t" else n_quoted)


def _above_header(sample: str, dialect: Dialect, records: Records) -> int:
    """How many lines above the first record that is as wide as most have one column."""
    width = Counter(map(len, records)).most_common(1)[0][0] if records else 1
    for number, record in enumerate(records[: MOST_SKIPPED + 1]):
        if len(record) > 1 or width == 1:
            return number if len(record) == width else 0
    return 0


def _mostly_numbers(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell.strip()]
    return bool(known) and sum(map(_is_number, known)) > 0.9 * len(known)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
