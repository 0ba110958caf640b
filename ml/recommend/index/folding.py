"""Names as people type them: without case, accents, punctuation and a leading "the"."""

import unicodedata
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MAX_LETTERS = 256  # of a name that are compared; more make a question slow, not better
ARTICLE = "the"
# Letters that people type as others, and that Unicode does not take apart.
TYPED_AS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ð": "d",
        "đ": "d",
        "þ": "th",
        "ł": "l",
        "ı": "i",
        "ς": "σ",
    }
)


def fold(name: str) -> str:
    """Bring a name to what it has in common with the same name typed otherwise.

    Parameters
    ----------
    name : str
        Anything; what is no Unicode in it is left out.

    Returns
    -------
    str
        Letters and digits alone, at most `MAX_LETTERS` or a few more: ``AC/DC``,
        ``ac dc`` and ``Ac-Dc`` are one. Of a name that has neither (``!!!``, an emoji)
        all but its spaces.
    """
    valid = name[:MAX_LETTERS].encode("utf-8", "ignore").decode()
    words = unicodedata.normalize("NFKD", valid).lower().translate(TYPED_AS).split()
    letters = ["".join(filter(str.isalnum, word)) for word in words]
    if words[:1] == [ARTICLE] and any(letters[1:]):
        del letters[0]
    return "".join(letters) or "".join(words).replace("\0", "")


def fold_all(names: Any) -> Any:
    """Fold each name of a pyarrow StringArray; those of ASCII many at a time."""
    short = pc.utf8_slice_codeunits(names, 0, MAX_LETTERS)
    if pc.all(pc.match_substring_regex(short, "^[0-9a-z]+$")).as_py():
        return short  # ids, for which the rest would take longest
    # Control characters, other alphabets and names of signs alone are left to `fold`.
    plain = pc.match_substring_regex(short, r"^[ -~]*[A-Za-z0-9][ -~]*$")
    lower = pc.utf8_lower(short)
    without = pc.replace_substring_regex(lower, r"^ *the +(.*[a-z0-9])", r"\1")
    folded = pc.replace_substring_regex(without, "[^a-z0-9]+", "")
    hard = np.flatnonzero(~np.asarray(plain) | np.asarray(pc.equal(folded, "")))
    if not len(hard):
        return folded
    texts = names.take(pa.array(hard)).to_pylist()
    mask = np.zeros(len(names), bool)
    mask[hard] = True
    replacement = pa.array([fold(text) for text in texts], pa.string())
    return pc.replace_with_mask(folded, pa.array(mask), replacement)
