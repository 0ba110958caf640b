"""The figures of an evaluation in sentences for people, for its report and its card."""

from typing import Any

from ml.moods.predict import NEVER_SURE

Report = dict[str, Any]

LABELS = {
    "ANGRY": "Angry",
    "CHILL": "Chill",
    "CONFIDENT-SASSY": "Confident-sassy",
    "HAPPY": "Happy",
    "IN-LOVE": "In-Love",
    "SAD": "Sad",
}
HARDLY_FOUND = 0.15  # F1: about what saying the six moods at random reaches


def percent(share: float) -> str:
    """39 %, with a space that does not break."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def of_ten(share: float) -> str:
    """How many of ten, as a person would say it."""
    return f"{10 * share:.0f}"


def signed(difference: float) -> str:
    """+0.125, with a real minus sign."""
    return f"{difference:+.3f}".replace("-", "\N{MINUS SIGN}")


def span(interval: dict[str, float]) -> str:
    """0.100 to 0.200, of a figure's interval."""
    return f"{interval['low']:.3f} to {interval['high']:.3f}"


def signed_span(interval: dict[str, float]) -> str:
    """+0.100 to +0.200, of a difference's interval."""
    return f"{signed(interval['low'])} to {signed(interval['high'])}"


def resamples(share: float) -> str:
    """39.1 % of the resamples, without claiming to know it to the end."""
    if share > 0.999:
        return ">\N{NO-BREAK SPACE}99.9\N{NO-BREAK SPACE}%"
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def headline(report: Report) -> str:
    """Say the accuracy as a person would."""
    n = of_ten(report["metrics"]["grouped"]["recipe"]["accuracy"])
    return f"Of 10 videos it names the right mood for {n}"


def summary(report: Report) -> list[str]:
    """Say what the figures mean, a sentence or two each."""
    metrics = report["metrics"]
    others = [other for other in metrics["comparisons"] if other != "majority"]
    return [
        *(_comparison(metrics, other) for other in [*others, "majority"]),
        confidence(metrics["sure"]),
        _moods(metrics["grouped"]["recipe"]["f1"]),
        _overfitting(metrics),
        *([expected_gain(curve)] if (curve := report["learning_curve"]) else []),
    ]


def confidence(sure: dict[str, Any]) -> str:
    """Say from which probability on the model calls itself sure, and what that is worth."""
    target = percent(sure["wanted"])
    if sure["sure_from"] == NEVER_SURE:
        return (
            f"It never calls itself sure: that {target} of its surest answers are "
            "right cannot be promised."
        )
    return (
        f"It calls itself sure of {percent(sure['coverage'])} of the videos, from a "
        f"probability of {percent(sure['sure_from'])} on. That was chosen for {target} "
        f"right; on videos that had no say in the choice it was right for "
        f"{percent(sure['accuracy'])}."
    )


def expected_gain(curve: dict[str, Any]) -> str:
    """Say what more labels would bring."""
    more, accuracy = curve["n_more"], curve["accuracy_gain"]
    macro_f1 = curve["macro_f1_gain"]
    if macro_f1["low"] <= 0:
        return (
            f"Nobody can say from these labels whether {more} more would help: "
            f"macro-F1 {_with_interval(macro_f1, 'expected')}."
        )
    return (
        f"{more} more labels of the same kind would bring about "
        f"{100 * accuracy['expected']:.1f} more right of a hundred videos, macro-F1 "
        f"{_with_interval(macro_f1, 'expected')}, if the curve goes on as it came."
    )


def _comparison(metrics: Report, other: str) -> str:
    """Compare macro-F1 with another recipe."""
    figure = metrics["comparisons"][other]["macro_f1"]
    if figure["low"] > 0:
        outcome = "is better than"
    elif figure["high"] < 0:
        outcome = "is worse than"
    else:
        outcome = "cannot be told from"
    names = {
        "majority": "always saying the most frequent mood",
        "seed2019": "the recipe of 2019",
    }
    name = names.get(other, f"the recipe {other}")
    return f"It {outcome} {name}: macro-F1 {_with_interval(figure, 'difference')}."


def _with_interval(figure: dict[str, float], name: str) -> str:
    span = signed_span(figure)
    return f"{signed(figure[name])} (95\N{NO-BREAK SPACE}% interval {span})"


def _moods(f1: dict[str, float]) -> str:
    """Say which moods are found, and which are not."""
    ranked = sorted(f1, key=lambda mood: -f1[mood])
    best = " and ".join(LABELS[mood] for mood in ranked[:2])
    missed = [LABELS[mood] for mood in ranked if f1[mood] < HARDLY_FOUND]
    if not missed:
        return f"It finds {best} best, and each mood more often than chance would."
    return f"It finds {best} best, and {_list(missed)} practically never."


def _list(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _overfitting(metrics: Report) -> str:
    grouped = metrics["grouped"]
    seen, unseen = grouped["seen_macro_f1"], grouped["recipe"]["macro_f1"]
    return (
        f"On videos it has learned from its macro-F1 is {seen:.2f}, on others "
        f"{unseen:.2f}. The difference is what it merely remembers."
    )
