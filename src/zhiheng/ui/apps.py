"""Django's handle on this package."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The look. Its checks name every registered page whose address does not exist."""

    name = "zhiheng.ui"
    label = "ui"

    def ready(self) -> None:
        from zhiheng.ui import checks  # noqa: PLC0415, F401 - registers the system checks
