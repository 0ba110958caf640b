"""Parts of the page that are there or not, as the report has them."""

from collections.abc import Mapping, Sequence
from html import escape
from string import Template
from typing import Any

from ml.evaluation.report import charts, tables
from ml.evaluation.report.words import LABELS, Report, gain, of_ten, percent
from ml.moods.predict import NEVER_SURE

_CARD = Template(
    '<div class="card"><h2>$title</h2>\n<p class="big">$big</p>\n$dots<p>$words</p></div>'
)
_LEARNING = Template("""\
<section aria-labelledby="learning">
<h2 id="learning">What more labels would bring</h2>
<p>$words</p>
<figure>$chart
<figcaption>Macro-F1 on unseen videos after learning from a quarter, a half, three quarters and all of the groups
that are not held out; bars are 95&nbsp;% intervals. The dashed line supposes that the curve goes on as a straight
line over the logarithm of the number of labels. Its interval knows which videos were judged, not which might be
labelled next: labels from other channels may bring more, more of the same channels less.</figcaption></figure>
</section>

""")
_MISTAKES = Template("""\
<section aria-labelledby="mistakes">
<h2 id="mistakes">The $n most confident mistakes</h2>
<p>Videos whose label the model contradicts most confidently, without having seen it. Some are the model's fault; in
some it is the label that deserves a second look.</p>
<ol class="mistakes">
$items
</ol>
</section>

""")
_MISTAKE = Template(
    '<li><a href="https://www.youtube.com/watch?v=$video_id" rel="noreferrer">$title</a>'
    "<span>labelled $label, the model says $mood ($probability)</span></li>"
)
_HISTORY = Template("""\
<section aria-labelledby="history">
<h2 id="history">The versions so far</h2>
$chart$table
</section>

""")


def back(url: str) -> str:
    """Write the link back."""
    return f'<p class="back"><a href="{escape(url)}">← Back</a></p>\n' if url else ""


def cards(metrics: Report) -> str:
    """Write the three figures that a person asks for first."""
    grouped, sure, counts = metrics["grouped"], metrics["sure"], metrics["n_per_mood"]
    ours = grouped["recipe"]
    most = LABELS[max(counts, key=lambda mood: counts[mood])]
    beside = [f"always saying {most}: {percent(grouped['majority']['accuracy'])}"]
    beside += [
        f"{k}: {percent(s['accuracy'])}" for k, s in grouped["baselines"].items()
    ]
    two = [
        f"always naming the two most frequent: {percent(grouped['majority']['top2'])}"
    ]
    return "\n".join(
        [
            _card("Names the right mood", ours["accuracy"], beside),
            _card("Right with one of two guesses", ours["top2"], two),
            _sure_card(sure),
        ]
    )


def learning(report: Report) -> str:
    """Write what more labels would bring; nothing without a learning curve."""
    curve = report["learning_curve"]
    if not curve:
        return ""
    chart = charts.learning(curve, report["metrics"]["n_videos"])
    return _LEARNING.substitute(words=escape(gain(curve)), chart=chart)


def mistakes(found: Sequence[dict[str, Any]], titles: Mapping[str, str]) -> str:
    """List the mistakes with links; nothing where none are named."""
    if not found:
        return ""
    items = [
        _MISTAKE.substitute(
            video_id=escape(mistake["video_id"]),
            title=escape(titles.get(mistake["video_id"]) or mistake["video_id"]),
            label=tables.chip(mistake["label"]),
            mood=tables.chip(mistake["mood"]),
            probability=percent(mistake["probability"]),
        )
        for mistake in found
    ]
    return _MISTAKES.substitute(n=len(items), items="\n".join(items))


def history(versions: Sequence[Report]) -> str:
    """Write the versions with a chart of those that were judged; nothing for none."""
    if not versions:
        return ""
    judged = [v for v in versions if v["metrics"]]
    chart = ""
    if len(judged) > 1:
        caption = (
            "Macro-F1 on grouped folds, each on the labels of its day: "
            "a step is partly other labels. The ring is the live version."
        )
        figure = charts.history(versions)
        chart = f"<figure>{figure}\n<figcaption>{caption}</figcaption></figure>\n"
    return _HISTORY.substitute(chart=chart, table=tables.history(versions))


def _card(title: str, share: float, words: Sequence[str]) -> str:
    big = f"{of_ten(share)} of 10 <small>({percent(share)})</small>"
    return _CARD.substitute(
        title=title,
        big=big,
        dots=charts.dots_of_ten(share) + "\n",
        words=escape("; ".join(words)),
    )


def _sure_card(sure: dict[str, Any]) -> str:
    title = "Right when it says “sure”"
    if sure["sure_from"] != NEVER_SURE:
        words = f"which it says of {percent(sure['coverage'])} of the videos"
        return _card(title, sure["accuracy"], [words])
    words = f"{percent(sure['wanted'])} right cannot be promised"
    return _CARD.substitute(title=title, big="never sure", dots="", words=words)
