"""Addresses of the desk. Pages of tickets that differ from the derived ones stand before them."""

from django.urls import URLPattern, path

from zhiheng.desk.views.board import Board, BoardMove
from zhiheng.desk.views.queues import OpenQueue, Queue
from zhiheng.desk.views.tickets import MovePage, Say, SmallAct, TicketDetail, TicketPeek
from zhiheng.desk.views.work import MyWork

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", MyWork.as_view(), name="my_work"),
    path("board/", Board.as_view(), name="board"),
    path("board/<slug:category>/", BoardMove.as_view(), name="board_move"),
    path("queue/", OpenQueue.as_view(), name="open_queue"),
    path("tickets/", Queue.as_view(), name="queue"),
    path("tickets/<int:pk>/", TicketDetail.as_view(), name="ticket"),
    path("tickets/<int:pk>/peek/", TicketPeek.as_view(), name="peek"),
    path("tickets/<int:pk>/act/transition/", MovePage.as_view(), name="move"),
    path("tickets/<int:pk>/say/", Say.as_view(), name="say"),
    path("tickets/<int:pk>/do/<slug:name>/", SmallAct.as_view(), name="small_act"),
]
