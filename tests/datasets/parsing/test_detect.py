import pytest

from datasets.parsing.detect import detect_encoding

TEXTS = {
    "utf-8": "Björk\nSigur Rós\n",
    "cp1252": "Café\nBjörk\nMötley Crüe\nÉdith Piaf\n",
    "cp1250": "Zażółć gęślą jaźń\nŁódź\nKraków świętuje\n",
    "cp1251": "Кино\nАквариум\nЗемфира\nСплин, привет\n",
    "shift_jis": "こんにちは\n椎名林檎\n東京事変\n",
    "euc_kr": "안녕하세요\n방탄소년단\n소녀시대\n",
}


@pytest.mark.parametrize("encoding, text", TEXTS.items())
def test_detect_encoding_of_names(encoding, text):
    found = detect_encoding(("name,plays\n" + text * 9).encode(encoding))

    assert ("name,plays\n" + text * 9).encode(encoding).decode(found) == (
        "name,plays\n" + text * 9
    )


@pytest.mark.parametrize(
    "sample, encoding",
    [
        (b"\xef\xbb\xbfa", "utf-8"),
        ("a,b\n".encode("utf-16"), "utf-16"),
        ("a,b\n".encode("utf-16-le"), "utf-16-le"),
        ("a,b\n".encode("utf-16-be"), "utf-16-be"),
        ("Björk".encode()[:3], "utf-8"),  # ends within a character
        (b"", "utf-8"),
    ],
)
def test_detect_encoding_by_marks_and_zeros(sample, encoding):
    assert detect_encoding(sample) == encoding
