"""The card of the shipped mood model, written from its manifest alone."""

from typing import Any

from ml.modelfile import Manifest
from ml.moods import find_recipe

_TEMPLATE = """\
# The mood model that ships with the project

Written by `python -m ml.release`; do not edit. The file is `ml/shipped/mood.joblib`
({n_bytes:,} bytes, SHA-256 `{sha256}`),
its manifest `ml/shipped/mood.json`.

## What it does

It reads what YouTube says about a video and gives a probability for each of six moods.
Recipe `{recipe}`: {summary}
It serves predictions before anybody has labelled a video, and it is the baseline that
any better recipe is compared with.

## Where the labels come from

From the site MoodiBeats of 2019: people listened to {n_videos} Creative Commons music
videos and chose one mood each
([labs12-music-stream-selector/DS](https://github.com/labs12-music-stream-selector/DS),
MIT licence). Only rows with `labeled = t` were used: the mood of any other row was a
database default. The texts are not part of this project; the model holds weights of
hashed words, no text.

| mood | videos |
|---|---:|
{counts}

## How good it is

{n_videos} labelled videos in {n_groups} near-duplicate groups; {n_shuffles} shuffles
into five folds, means over the shuffles. Grouped folds (`StratifiedGroupKFold`, the primary
protocol) never split the videos that share boilerplate, links or titles; stratified folds
do, and so show what recognising an uploader is worth. C is chosen on the training part
of each fold alone. The majority class is predicted from the same training parts.

| folds | model | accuracy | macro-F1 | top-2 | log-loss (nats) | calibration error |
|---|---|---:|---:|---:|---:|---:|
{scores}

Standard deviation over the shuffles, grouped: accuracy {accuracy_sd:.3f}, macro-F1
{macro_f1_sd:.3f}.

F1 per mood:

| folds | {moods} |
|---|{rules}|
{f1}

## Limits

- Grouped folds are what to expect on videos of unknown uploaders. Where a figure there
  is not better than the majority class's, the model adds nothing; a mood whose F1 is
  near 0 is practically never found.
- It reads the description alone. Descriptions without a word all get the same answer,
  which says nothing about the video.
- English stop words, mostly English texts; trained on what four searches found in 2019.
- Labels are one person's view of one video; the same track uploaded twice did not
  always get the same mood.
- Not for judging people, and no statement by YouTube.

## How to train it again

```
python -m ml.release VIDEOS.csv --groups GROUPS.csv
```

`VIDEOS.csv` has the columns `video_id, video_title, moods, labeled, video_description`;
`GROUPS.csv` has `video_id, group`, and without it near-duplicates are found by
`ml.groups`. The same rows and library versions give the same model.

Trained {created} with {libraries}.
Seed {seed}; digest of the rows `{data_digest}`.
"""


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
    protocols = [metrics["grouped"], metrics["stratified"]]
    moods = list(metrics["grouped"]["recipe"]["f1"])
    counts = [f"| {mood} | {n} |" for mood, n in manifest.n_per_mood.items()]
    libraries = [f"{name} {v}" for name, v in manifest.libraries.items()]
    return _TEMPLATE.format(
        recipe=manifest.recipe,
        summary=find_recipe(manifest.recipe).summary,
        n_bytes=manifest.n_bytes,
        sha256=manifest.sha256,
        n_videos=metrics["n_videos"],
        n_groups=metrics["n_groups"],
        n_shuffles=len(metrics["seeds"]),
        counts="\n".join(counts),
        scores="\n".join(_score_rows(protocols, manifest.recipe)),
        accuracy_sd=metrics["grouped"]["recipe_sd"]["accuracy"],
        macro_f1_sd=metrics["grouped"]["recipe_sd"]["macro_f1"],
        moods=" | ".join(moods),
        rules="|".join("---:" for _ in moods),
        f1="\n".join(_f1_row(protocol, moods) for protocol in protocols),
        created=manifest.created[:10],
        libraries=", ".join(libraries),
        seed=manifest.seed,
        data_digest=manifest.data_digest,
    )


def _score_rows(protocols: list[dict[str, Any]], recipe: str) -> list[str]:
    return [
        f"| {protocol['folds']} | {name} | {s['accuracy']:.3f} | {s['macro_f1']:.3f} "
        f"| {s['top2']:.3f} | {s['log_loss']:.3f} | {s['calibration_error']:.3f} |"
        for protocol in protocols
        for name, s in (
            ("majority class", protocol["majority"]),
            (recipe, protocol["recipe"]),
        )
    ]


def _f1_row(protocol: dict[str, Any], moods: list[str]) -> str:
    shares = [f"{protocol['recipe']['f1'][mood]:.2f}" for mood in moods]
    return f"| {protocol['folds']} | {' | '.join(shares)} |"
