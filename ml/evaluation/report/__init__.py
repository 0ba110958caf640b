"""The report on a judged recipe: JSON-able figures, and a page of them for people.

What is stored names videos by their ids alone: titles are YouTube's, have a clock, and
are handed in when the page is written. Needs no scikit-learn.
"""

from ml.evaluation.report.figures import build
from ml.evaluation.report.page import render_html

__all__ = ["build", "render_html"]
