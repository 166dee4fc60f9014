"""The WSGI entry that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
application = get_wsgi_application()

from zhiheng.indicators.queries import defects, indicators  # noqa: E402 - models need the application

# Addresses, the modules behind them and the definitions are loaded before anybody asks, not while a visitor waits.
reverse("quality:overview")
indicators()
defects()
