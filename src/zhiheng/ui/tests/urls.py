"""Addresses for the browser tests: the frame, and the gallery that production does not serve."""

from django.urls import include, path

from zhiheng.ui.gallery.views import gallery, gallery_portal

urlpatterns = [
    path("ui/", include("zhiheng.ui.urls")),
    path("gallery/", gallery),
    path("gallery/portal/", gallery_portal),
]
