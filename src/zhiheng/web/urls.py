"""Addresses of the pages of no domain: home, portal, operations, health."""

from django.urls import path

from zhiheng.web.views import home, portal, portal_tickets

app_name = "web"
urlpatterns = [
    path("", home.show, name="home"),
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
