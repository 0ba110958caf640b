import pytest

from datasets.parsing.detect import detect_dialect


@pytest.mark.parametrize(
    "sample, delimiter, quote, header",
    [
        ("a,b\n1,2\n", ",", '"', True),
        ("a;b\n1,5;2,5\n2,5;3\n", ";", '"', True),
        ("1|2\n3|4\n", "|", '"', False),
        ('name,says\nann,"a, b\nc"\nbob,"d, e"\n', ",", '"', True),
        ('id\tname\n1\t"Weird Al" Yankovic\n', "\t", "", True),
        ("name,genre\nAnn,rock\nBob,pop\nCid,rock\n", ",", '"', True),
        ("rock,pop\npop,rock\nrock,rock\n", ",", '"', False),
        ("artist\nMuse\nBlur\n", ",", '"', True),
        ("", ",", '"', False),
    ],
)
def test_sniff(sample, delimiter, quote, header):
    found = detect_dialect(sample)

    assert (found.delimiter, found.quote, found.header) == (delimiter, quote, header)


def test_sniff_skips_what_stands_above_the_header():
    assert detect_dialect("exported by Excel\na,b\n1,2\n3,4\n").skip == 1


def test_sniff_of_a_tsv_prefers_tabs():
    sample = "a,x\tb\n1,x\t2\n"

    assert detect_dialect(sample, tabs=True).delimiter == "\t"
