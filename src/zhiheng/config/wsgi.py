"""The WSGI entry that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.translation import override

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - named above

from zhiheng.indicators.queries import defects, indicators  # noqa: E402 - models need the application
from zhiheng.ui.navigation import NAV  # noqa: E402


def load() -> None:
    """Load addresses, the modules behind them and the definitions before anybody asks, not while a visitor waits."""
    indicators()
    defects()
    for language, _name in settings.LANGUAGES:
        with override(language):  # addresses are compiled for each language apart
            for item in NAV.values():
                assert item.url


load()
