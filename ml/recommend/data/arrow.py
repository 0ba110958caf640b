"""pyarrow, loaded once it is used: 50 MB that a web process may never need.

Modules that the web process imports at its start say `from ml.recommend import arrow as
pa`; its functions of columns are `pa.compute`.
"""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("__"):  # whoever looks at all modules wants nothing of Arrow
        raise AttributeError(name)
    if name == "compute":  # which pyarrow does not load by itself
        return import_module("pyarrow.compute")
    return getattr(import_module("pyarrow"), name)
