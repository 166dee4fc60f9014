"""Which package answers which address."""

from django.urls import include, path

from zhiheng.web.views import errors

urlpatterns = [
    path("", include("zhiheng.web.urls")),
    path("quality/", include("zhiheng.web.quality_urls")),
    path("accounts/", include("zhiheng.accounts.urls")),
    path("ui/", include("zhiheng.ui.urls")),
    path("platform/", include("zhiheng.platform.urls")),
    path("desk/", include("zhiheng.desk.urls")),
    path("", include("zhiheng.records.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.missing
handler500 = errors.broken
