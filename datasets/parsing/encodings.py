"""Which encoding bytes are in."""

import codecs

from charset_normalizer import from_bytes

from datasets.parsing.dialect import ENCODINGS

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ASKED_BYTES = 60_000  # charset-normalizer takes a second for a megabyte
MOST_CHAOS = 0.5  # by default it gives Polish names up
ONE_IN = 5  # UTF-16 of Latin letters is one half zero bytes


def guess_encoding(sample: bytes) -> str:
    """Name the encoding of a sample, which may end within a character.

    UTF-8 wherever it is possible: text in another encoding is hardly ever valid UTF-8.
    """
    for mark, encoding in MARKS.items():
        if sample.startswith(mark):
            return encoding
    if sample.count(0) * ONE_IN > len(sample):
        return (
            "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        )
    if _is_utf8(sample):
        return "utf-8"
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())
    found = from_bytes(
        telling[:ASKED_BYTES],
        cp_isolation=[*ENCODINGS],
        preemptive_behaviour=False,
        threshold=MOST_CHAOS,
    )
    if (best := found.best()) is None:
        return "latin-1"
    equals = [
        m.encoding
        for m in found
        if (m.chaos, m.coherence) == (best.chaos, best.coherence)
    ]
    usual = [name for name in ENCODINGS if name.replace("-", "_") in equals]
    return usual[0] if usual else best.encoding


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
