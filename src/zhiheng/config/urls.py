"""Which package answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhiheng.web.urls")),
    path("accounts/", include("zhiheng.accounts.urls")),
    path("ui/", include("zhiheng.ui.urls")),
    path("platform/", include("zhiheng.platform.urls")),
    path("desk/", include("zhiheng.desk.urls")),
    path("", include("zhiheng.records.urls")),
]
