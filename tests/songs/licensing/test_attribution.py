"""The credit in its three forms: what an uploader writes is text in each."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from songs.licensing.attribution import Work, attribution, channel_link
from tests.songs.licensed import NOW

WORK = Work(
    "Rain",
    "Calm",
    "https://www.youtube.com/watch?v=VIDEO000001",
    "https://www.youtube.com/channel/UCcalm",
    NOW,
)
LICENCE = "https://creativecommons.org/licenses/by/3.0/"


def credit(**changes):
    return attribution(replace(WORK, **changes))


def test_attribution_names_title_author_link_and_licence():
    said = credit()
    assert said.text == f'"Rain" by Calm, {WORK.link}, CC BY ({LICENCE})'
    assert said.html == (
        f'<a href="{WORK.link}">Rain</a> by <a href="{WORK.author_link}">Calm</a>, '
        f'<a rel="license" href="{LICENCE}">CC BY</a>'
    )
    assert said.markdown == (
        f"[Rain]({WORK.link}) by [Calm]({WORK.author_link}), [CC BY]({LICENCE})"
    )
    assert said.note is None


NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "](javascript:alert(1)) [x",
    "![x](https://evil.example/pixel)",
    "`code` **bold** <https://evil.example> https://evil.example \\",
    "one\n\n# two\r\n- three\u2028four\x00",
    "{{ title }} &lt;b&gt; &amp;",
]


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, sorted(dict(attrs))))

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("words", NASTY)
def test_html_of_nasty_words_has_our_three_links_only(words):
    tags = Tags(credit(title=words, author=words).html)
    links = [("a", ["href"]), ("a", ["href"]), ("a", ["href", "rel"])]
    shown = " ".join(words.replace("\0", " ").split())
    assert tags.found == links
    assert tags.words[0] == tags.words[2] == shown


@pytest.mark.parametrize("words", NASTY)
def test_markdown_of_nasty_words_has_no_bare_character_that_means_something(words):
    line = credit(title=words, author=None).markdown
    inside = line[1 : line.rindex(f"]({WORK.link})")]
    bare = inside.replace("\\\\", "")
    meaning = [
        c for i, c in enumerate(bare) if c in "<>[]()!*`#&_:/" and bare[i - 1] != "\\"
    ]
    assert meaning == []


@pytest.mark.parametrize("words", NASTY)
def test_attribution_is_one_line(words):
    said = credit(title=words, author=words)
    for form in (said.text, said.html, said.markdown):
        assert form == " ".join(form.split())
        assert form.isprintable()


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"title": None}, "The title is not kept here"),
        ({"author": None, "author_link": None}, "The author is not kept here"),
        ({"title": " ", "author": "\n"}, "The title and the author are not kept here"),
        ({"verified": None}, "never verified"),
    ],
)
def test_note_says_what_the_credit_lacks(missing, said):
    assert said in credit(**missing).note


def test_author_without_a_channel_is_named_without_a_link():
    said = credit(author_link=None)
    assert said.html.startswith(f'<a href="{WORK.link}">Rain</a> by Calm, ')
    assert said.markdown.startswith(f"[Rain]({WORK.link}) by Calm, ")


@pytest.mark.parametrize("channel_id", [None, "", 'UC"><script>', "../x", "UC x"])
def test_channel_link_of_what_is_no_channel(channel_id):
    assert channel_link(channel_id) is None
