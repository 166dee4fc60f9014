"""Addresses of this package: no pages, the layers above draw those."""

from django.urls import path

from zhiheng.platform.files.views import download

app_name = "platform"
urlpatterns = [
    path("files/<int:attachment_id>/", download, name="file"),
]
