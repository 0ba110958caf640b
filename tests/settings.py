"""The settings of the product where nobody has set anything."""

from tests.environment import clean

clean()

from music_selector.settings import *
