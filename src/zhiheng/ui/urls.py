"""Addresses of the frame itself: palette, live counters, theme, language; the gallery only in development."""

from django.conf import settings
from django.urls import path

from zhiheng.ui import views

app_name = "ui"
urlpatterns = [
    path("start/", views.start, name="start"),
    path("palette/", views.palette, name="palette"),
    path("counters/", views.counters, name="counters"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
]
if settings.DEBUG:
    from zhiheng.ui.gallery.views import gallery, gallery_plain, gallery_portal

    urlpatterns += [
        path("gallery/", gallery, name="gallery"),
        path("gallery/portal/", gallery_portal, name="gallery-portal"),
        path("gallery/plain/", gallery_plain, name="gallery-plain"),
    ]
