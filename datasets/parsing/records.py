"""A few lines of delimited text, split into records as the dialect says.

For the header and the first look; the file itself is read by DuckDB.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from datasets.parsing.dialect import Dialect
from datasets.parsing.problems import NotATable

N_LOOKED_AT = 1000  # records
MOST_COLUMNS = 20_000
MOST_NAME = 200  # characters


def split(sample: str, dialect: Dialect) -> Iterator[list[str]]:
    """The records of a sample without its skipped and empty lines.

    Ends within the first that has more columns than a table may have.
    """
    for _ in range(dialect.skip):
        sample = sample.partition("\n")[2]
    end = rf"({re.escape(dialect.delimiter)}|\r\n|\r|\n|\Z)"
    plain = rf"((?:(?!{re.escape(dialect.delimiter)})[^\r\n])*+)"
    quote = re.escape(dialect.quote)
    quoted = (
        rf" *{quote}((?:[^{quote}]|{quote}{quote})*+){quote} *" if quote else "(?!)()"
    )
    field = re.compile(f"(?:{quoted}{end}|{plain}{end})")
    record: list[str] = []
    at = 0
    while at < len(sample) and (match := field.match(sample, at)):
        inside, after, bare, after_bare = match.groups()
        if inside is None:
            record.append(bare)
        else:
            record.append(inside.replace(dialect.quote * 2, dialect.quote))
        at = match.end()
        if (after if inside is not None else after_bare) != dialect.delimiter:
            if record != [""]:
                yield record
            record = []
        elif len(record) > MOST_COLUMNS:
            yield record
            return
    if record:  # the sample ends with a delimiter
        yield [*record, ""]


def raw_names(sample: str, dialect: Dialect) -> list[str]:
    """What the file calls its columns, or the dialect; empty where neither does.

    As many as most records have, or as the header has where it has more. Raises
    NotATable where there is nothing, or far too much.
    """
    records = list(islice(split(sample, dialect), N_LOOKED_AT))
    if not records:
        raise NotATable("The file has no line that is not empty.")
    header = records.pop(0) if dialect.header else []
    widths = Counter(map(len, records or [header]))
    width = max(len(header), widths.most_common(1)[0][0])
    if width > MOST_COLUMNS:
        raise NotATable(f"Line 1 has more than {MOST_COLUMNS:,} columns.")
    named = dialect.names or header
    return [*named, *[""] * (width - len(named))]


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names that a database can keep apart: none empty, none twice (case is ignored)."""
    taken = {"file_row_number"}  # how DuckDB calls the number of a row
    result = []
    for number, raw in enumerate(names, 1):
        name = " ".join(raw.replace("\0", "").split())[:MOST_NAME] or f"column{number}"
        wanted, again = name, 1
        while name.lower() in taken:
            again += 1
            name = f"{wanted}_{again}"
        taken.add(name.lower())
        result.append(name)
    return tuple(result)
