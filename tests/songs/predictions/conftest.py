"""The judged recipe of the tests of ml, whose report is shown here."""

from tests.ml.evaluation.conftest import evaluation, report

__all__ = ["evaluation", "report"]
