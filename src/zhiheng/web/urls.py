"""Addresses of the pages of no domain: home, portal, operations, health."""

from django.urls import path

from zhiheng.web.views import (
    home,
    job_pages,
    journal_pages,
    portal,
    portal_tickets,
    settings_index,
    site,
)

app_name = "web"
urlpatterns = [
    path("", home.show, name="home"),
    path("healthz", site.healthz, name="healthz"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("settings/", settings_index.show, name="settings"),
    path("jobs/", job_pages.show, name="jobs"),
    path("jobs/<int:job_id>/", job_pages.detail, name="job"),
    path("jobs/<int:job_id>/cancel/", job_pages.cancel, name="job_cancel"),
    path("jobs/<int:job_id>/retry/", job_pages.retry, name="job_retry"),
    path("journal/", journal_pages.show, name="journal"),
    path("journal/<int:entry_id>/", journal_pages.entry, name="journal_entry"),
    path("journal/state/", journal_pages.state, name="journal_state"),
    path("journal/state/verify/", journal_pages.verify, name="journal_verify"),
    path("journal/state/letters/", journal_pages.letters, name="journal_letters"),
    path("portal/", portal.home, name="portal"),
    path("portal/search/", portal.search, name="portal_search"),
    path("portal/services/", portal.services_page, name="portal_services"),
    path("portal/services/<slug:slug>/", portal.service_page, name="portal_service"),
    path("portal/new/", portal.ask, name="portal_new"),
    path("portal/tickets/", portal_tickets.show, name="portal_tickets"),
    path("portal/tickets/<str:number>/", portal_tickets.detail, name="portal_ticket"),
    path("portal/tickets/<str:number>/reply/", portal_tickets.reply, name="portal_reply"),
    path("portal/tickets/<str:number>/send-back/", portal_tickets.send_back, name="portal_send_back"),
    path("portal/tickets/<str:number>/confirm/", portal_tickets.confirm, name="portal_confirm"),
    path("portal/tickets/<str:number>/urge/", portal_tickets.urge, name="portal_urge"),
]
