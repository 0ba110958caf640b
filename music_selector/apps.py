from django.apps import AppConfig


class MusicSelectorConfig(AppConfig):
    name = "music_selector"

    def ready(self) -> None:
        from music_selector import checks  # noqa: F401  registers the checks
