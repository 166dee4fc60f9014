"""Addresses of the quality pages."""

from django.urls import path

from zhiheng.web.views import quality, quality_diagnosis, quality_indicators, quality_map

app_name = "quality"
urlpatterns = [
    path("", quality.show, name="overview"),
    path("refresh/", quality.refresh_now, name="refresh"),
    path("refresh/<int:job_id>/", quality.refresh_card, name="refresh_card"),
    path("indicators/", quality_indicators.listing, name="indicators"),
    path("indicators/<slug:indicator_id>/", quality_indicators.detail, name="indicator"),
    path("indicators/<slug:indicator_id>/rows/", quality_indicators.rows, name="rows"),
    path("map/", quality_map.show, name="map"),
    path("diagnosis/", quality_diagnosis.show, name="diagnosis"),
    path("diagnosis/<slug:defect_id>/", quality_diagnosis.detail, name="defect"),
]
