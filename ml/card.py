"""The card of the shipped mood model, written from its manifest alone."""

from collections.abc import Iterator
from textwrap import fill
from typing import Any

from ml.evaluation.wording import signed, signed_span, span, summary
from ml.moods.files import Manifest
from ml.moods.predict import find_recipe

Metrics = dict[str, Any]

_TEMPLATE = """\
# The mood model that ships with the project

Written by `python -m ml.release`; do not edit. The file is `ml/moods/shipped/mood.joblib`
({n_bytes:,} bytes, SHA-256 `{sha256}`),
its manifest `ml/moods/shipped/mood.json`.

## What it does

It reads what YouTube says about a video and gives a probability for each of six moods,
the two likeliest of them, whether it is sure, and the words that pushed it.
It serves predictions until a model trained on your own labels is promoted. Recipe `{recipe}`:
{summary}

## Where the labels come from

From the site MoodiBeats of 2019: people listened to {n_videos} Creative Commons music
videos and chose one mood each
([labs12-music-stream-selector/DS](https://github.com/labs12-music-stream-selector/DS),
MIT licence). Only rows with `labeled = t` were used: the mood of any other row was a
database default. The texts are not part of this project; the model holds weights of
single words, no texts.

| mood | videos |
|---|---:|
{counts}

## How good it is

{words}

{n_videos} labelled videos in {n_groups} near-duplicate groups; {n_shuffles} shuffles
into five folds, means over the shuffles, all baselines on the same folds. Grouped folds
(primary) never split the videos that share a channel, boilerplate, links or titles;
stratified folds do, and so show what recognising an uploader is worth. The whole of it
is in the [protocol](protocol.md); the recipes that were tried and failed are in the
[trials](mood-trials.md).

| folds | model | {figures} |
|---|---|{figure_rules}|
{scores}

Log-loss in nats; at 50 % and 25 %: accuracy on the half and the quarter that the model
is most confident of. Standard deviation over the shuffles, grouped: macro-F1
{macro_f1_sd:.3f}, accuracy {accuracy_sd:.3f}.

On grouped folds, with 95 % intervals from {n_resamples:,} resamples of whole groups:

| `{recipe}` | macro-F1 | accuracy |
|---|---:|---:|
{intervals}

F1 per mood:

| folds | model | {moods} |
|---|---|{mood_rules}|
{f1}

## Limits

- Grouped folds are what to expect on videos of unknown uploaders. Where a figure there
  is not better than the majority class's, the model adds nothing; a mood whose F1 is
  near 0 is practically never found.
- Settings that were picked with these labels in view, even by people, flatter a recipe
  on them; the [trials](mood-trials.md) say how much at most. Only new labels can tell.
- It reads texts, never the music. A video whose text says nothing of its mood gets an
  answer that says nothing about the video.
- Mostly English texts; trained on what four searches found in 2019.
- Labels are one person's view of one video; the same track uploaded twice got the same
  mood two times of three. No model of texts gets far beyond that.
- Not for judging people, and no statement by YouTube.

## How to train it again

```
python -m ml.release VIDEOS.csv --groups GROUPS.csv --recipe {recipe}
```

`VIDEOS.csv` has the columns `video_id, video_title, moods, labeled, video_description`;
`GROUPS.csv` has `video_id, group`, and without it near-duplicates are found by
`ml.evaluation.groups`. The same rows and library versions give the same model.

Trained {created} with {libraries}.
Seed {seed}; digest of the rows `{data_digest}`.
"""


_FIGURES = {
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "top2": "top-2",
    "log_loss": "log-loss",
    "calibration_error": "calibration error",
    "accuracy_at_50": "at 50 %",
    "accuracy_at_25": "at 25 %",
}


def write_card(manifest: Manifest) -> str:
    """Write the card of an evaluated model.

    Parameters
    ----------
    manifest : Manifest
        Its `metrics` are an ``Evaluation.to_dict()``.

    Returns
    -------
    str
        Markdown; the same manifest gives the same card.
    """
    metrics = manifest.metrics
    counts = [f"| {mood} | {n} |" for mood, n in manifest.n_per_mood.items()]
    libraries = [f"{name} {v}" for name, v in manifest.libraries.items()]
    sentences = summary({"metrics": metrics, "learning_curve": None})
    return _TEMPLATE.format(
        recipe=manifest.recipe,
        summary=fill(find_recipe(manifest.recipe).summary, 88),
        n_bytes=manifest.n_bytes,
        sha256=manifest.sha256,
        n_videos=metrics["n_videos"],
        n_groups=metrics["n_groups"],
        n_shuffles=len(metrics["seeds"]),
        n_resamples=metrics["comparisons"]["majority"]["n_resamples"],
        counts="\n".join(counts),
        words="\n".join(fill(f"- {s}", 88, subsequent_indent="  ") for s in sentences),
        **_tables(metrics),
        created=manifest.created[:10],
        libraries=", ".join(libraries),
        seed=manifest.seed,
        data_digest=manifest.data_digest,
    )


def _tables(metrics: Metrics) -> dict[str, Any]:
    sd = metrics["grouped"]["recipe_sd"]
    moods = list(metrics["grouped"]["recipe"]["f1"])
    return {
        "figures": " | ".join(_FIGURES.values()),
        "figure_rules": "|".join("---:" for _ in _FIGURES),
        "scores": "\n".join(_score_rows(metrics)),
        "accuracy_sd": sd["accuracy"],
        "macro_f1_sd": sd["macro_f1"],
        "intervals": "\n".join(_interval_rows(metrics)),
        "moods": " | ".join(moods),
        "mood_rules": "|".join("---:" for _ in moods),
        "f1": "\n".join(_f1_rows(metrics, moods)),
    }


def _models(metrics: Metrics) -> Iterator[tuple[str, str, Metrics]]:
    """Folds, name and scores of each model, the judged recipe last of its folds."""
    for folds in ("grouped", "stratified"):
        result = metrics[folds]
        yield folds, "majority class", result["majority"]
        for name, scores in result["baselines"].items():
            yield folds, name, scores
        yield folds, metrics["recipe"], result["recipe"]


def _score_rows(metrics: Metrics) -> list[str]:
    return [
        f"| {folds} | {name} | "
        + " | ".join(f"{scores[figure]:.3f}" for figure in _FIGURES)
        + " |"
        for folds, name, scores in _models(metrics)
    ]


def _interval_rows(metrics: Metrics) -> list[str]:
    macro_f1 = span(metrics["macro_f1_interval"])
    accuracy = span(metrics["accuracy_interval"])
    others = [
        f"| beyond {name} | {_difference(c['macro_f1'])} "
        f"| {_difference(c['accuracy'])} |"
        for name, c in metrics["comparisons"].items()
    ]
    return [f"| itself | {macro_f1} | {accuracy} |", *others]


def _difference(figure: dict[str, float]) -> str:
    return f"{signed(figure['difference'])} ({signed_span(figure)})"


def _f1_rows(metrics: Metrics, moods: list[str]) -> list[str]:
    return [
        f"| {folds} | {name} | "
        + " | ".join(f"{scores['f1'][mood]:.2f}" for mood in moods)
        + " |"
        for folds, name, scores in _models(metrics)
        if name != "majority class"
    ]
