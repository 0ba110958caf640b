import pytest

from web.client_ip import UNKNOWN, digest, network


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1:50123 ", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("[2001:db8:1:2::9]:443", "2001:0db8:0001:0002"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("", UNKNOWN),
        ("unix:", UNKNOWN),
        ("<script>", UNKNOWN),
        ("[", UNKNOWN),
    ],
)
def test_network_is_what_one_person_has(address, expected):
    assert network(address) == expected


def test_digest_hides_the_address_behind_the_key(settings):
    first = digest("192.0.2.1")
    assert len(first) == 64
    assert first != digest("192.0.2.2")
    settings.SECRET_KEY = "another"
    assert digest("192.0.2.1") != first
