"""The frame: navigation, palette, counters, theme, policy; and that what is drawn keeps to the policy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from zhiheng.kernel.registry import AlreadyRegistered
from zhiheng.ui import checks, navigation, palette, views
from zhiheng.ui.csp import HEADER, ContentSecurityPolicyMiddleware
from zhiheng.ui.gallery.views import gallery, gallery_plain, gallery_portal
from zhiheng.ui.navigation import Group, NavItem, anyone, current_key, register_nav, sections_for
from zhiheng.ui.palette import PaletteEntry, find, match, register_palette_source
from zhiheng.ui.shell import Counter, ShellLink, register_counter, register_create
from zhiheng.ui.templatetags.ui import json_data
from zhiheng.ui.tests.registries import empty_frame

UI = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    empty_frame(monkeypatch)


def request(path: str = "/", **headers: str) -> HttpRequest:
    """A request of nobody."""
    made = RequestFactory().get(path, headers=headers)
    made.user = AnonymousUser()
    return made


def item(group: Group, label: str, url_name: str = "ui:start", **options: object) -> NavItem:
    """An item that anybody sees."""
    return NavItem(
        **{
            "group": group,
            "label": label,
            "url_name": url_name,
            "icon": "home",
            "permission": anyone,
            **options,
        }
    )


def test_navigation_shows_groups_in_the_order_of_the_loop_and_only_what_may_be_seen() -> None:
    register_nav(item(Group.MEASURE, "Overview"))
    register_nav(item(Group.WORK, "Board", "ui:palette", order=20))
    register_nav(item(Group.WORK, "My work", "ui:counters", order=10, badge=lambda _request: 1000))
    register_nav(item(Group.RUN, "Hidden", "ui:theme", permission=lambda _request: False))
    sections = sections_for(request())
    assert [section.group for section in sections] == [Group.WORK, Group.MEASURE]
    assert [link.item.label for link in sections[0].links] == ["My work", "Board"]
    assert [link.count_text for link in sections[0].links] == ["1000+", ""]


def test_whoever_has_no_work_here_sees_no_navigation() -> None:
    register_nav(item(Group.WORK, "Board"))
    navigation.configure_workspace(lambda _request: False)
    assert sections_for(request()) == []


def test_navigation_refuses_two_items_of_one_address() -> None:
    register_nav(item(Group.WORK, "One"))
    with pytest.raises(AlreadyRegistered):
        register_nav(item(Group.WORK, "Two"))


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/desk/tickets/", "tickets"),
        ("/desk/tickets/7/", "tickets"),
        ("/desk/tickets/?view=late", "late"),
        ("/desk/tickets/?view=other", "tickets"),
        ("/desk/", "desk"),
        ("/deskside/", None),
        ("/", "home"),
    ],
)
def test_the_most_specific_item_is_current(path: str, key: str | None) -> None:
    urls = {"home": "/", "desk": "/desk/", "tickets": "/desk/tickets/", "late": "/desk/tickets/?view=late"}
    assert current_key(path, urls) == key


def test_mistakes_in_registrations_are_named() -> None:
    register_nav(item(Group.WORK, "Nowhere", "nowhere:at-all", icon="no-such-icon"))
    found = checks.check_registrations(None)
    assert [problem.id for problem in found] == ["ui.E001", "ui.E002"]
    assert "nowhere:at-all" in str(found[0].hint)


def test_icons_named_in_the_package_exist() -> None:
    used = set()
    for path in UI.rglob("*.html"):
        used |= set(re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8")))
    for path in (UI / "components").glob("*.py"):
        used |= set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)*)"', path.read_text(encoding="utf-8"))) & {
            "inbox",
            "flame",
        }
    assert len(used) > 20
    assert used <= checks.icon_names()


@pytest.mark.parametrize(
    ("query", "name", "score"),
    [
        ("调查", "调查", 4), ("dc", "调查", 3), ("diaocha", "调查", 3), ("over", "Overview", 4),
        ("qo", "Quality overview", 3),
        ("查", "调查", 2),
        ("view", "Overview", 2), ("ovw", "Overview", 1), ("zz", "Overview", 0), ("DC", "调查", 3),
    ],
)  # fmt: skip
def test_palette_matches_chinese_pinyin_and_english(query: str, name: str, score: int) -> None:
    assert match(query, [name]) == score


def test_palette_offers_pages_acts_and_records_and_hides_what_may_not_be_seen() -> None:
    register_nav(item(Group.MEASURE, "Overview"))
    register_nav(item(Group.RUN, "Overview of secrets", "ui:theme", permission=lambda _request: False))
    register_create(ShellLink(label="Overtime request", url_name="ui:palette", permission=anyone))
    register_palette_source(
        "records", lambda _request, query: [PaletteEntry(f"Record {query}", "/r/", "Records")] * 20
    )
    with override("en"):
        found = find(request(), " over ")
        assert [str(entry.label) for entry in found[:2]] == ["Overview", "New Overtime request"]
        assert str(find(request(), "new ov")[0].label) == "New Overtime request"
    assert str(find(request(), "xj")[0].label) == "新建Overtime request", "by its initials"
    assert len([entry for entry in found if entry.kind == "Records"]) == palette.MOST_PER_GROUP
    assert [str(entry.label) for entry in find(request(), "")] == ["Overview", "新建Overtime request"]
    answer = json.loads(views.palette(request("/ui/palette/?q=overt")).content)
    assert answer["entries"][0]["url"] == "/ui/palette/"


def test_palette_finds_a_page_by_its_name_in_the_other_language() -> None:
    register_nav(item(Group.SETTINGS, navigation.GROUP_LABELS[Group.SETTINGS]))
    with override("en"):
        assert [str(entry.label) for entry in find(request(), "sz")] == ["Settings"]


def test_counters_answer_an_unchanged_poll_without_a_body() -> None:
    count = [3]
    register_counter(
        Counter(
            name="jobs",
            label="Jobs",
            icon="progress",
            url_name="ui:start",
            count=lambda _r: count[0],
            permission=anyone,
        )
    )
    register_nav(item(Group.WORK, "Queue", badge=lambda _request: 0))
    first = views.counters(request())
    assert json.loads(first.content) == {"jobs": "3", "nav-ui-start": ""}
    again = views.counters(request("/", **{"If-None-Match": first.headers["ETag"]}))
    assert (again.status_code, again.content) == (304, b"")
    count[0] = 4
    assert views.counters(request("/", **{"If-None-Match": first.headers["ETag"]})).status_code == 200


@pytest.mark.parametrize(
    ("posted", "target", "cookie"),
    [
        ({"theme": "dark", "next": "/desk/?a=1"}, "/desk/?a=1", "dark"),
        ({"theme": "", "next": "/"}, "/", ""),
        ({"theme": "dark", "next": "https://elsewhere.example/"}, "/", "dark"),
        ({"theme": "pink", "next": "//elsewhere.example/"}, "/", ""),
    ],
)
def test_theme_is_kept_and_never_leads_elsewhere(posted: dict[str, str], target: str, cookie: str) -> None:
    response = views.theme(RequestFactory().post("/ui/theme/", posted))
    assert response.url == target
    assert response.cookies["zhiheng_theme"].value == cookie


def test_policy_is_on_every_answer_and_a_stricter_one_stays() -> None:
    plain = ContentSecurityPolicyMiddleware(lambda _request: HttpResponse())(request())
    for part in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        assert part in plain.headers[HEADER]
    assert "unsafe" not in plain.headers[HEADER]
    own = HttpResponse(headers={HEADER: "default-src 'none'"})
    assert (
        ContentSecurityPolicyMiddleware(lambda _request: own)(request()).headers[HEADER]
        == "default-src 'none'"
    )


@pytest.mark.parametrize("view", [gallery, gallery_portal, gallery_plain])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_component_is_drawn_without_anything_inline(view: object, language: str) -> None:
    register_nav(item(Group.WORK, "Queue"))
    with override(language):
        html = view(request("/ui/gallery/")).content.decode()  # type: ignore[operator]
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son[a-z]+=", html)
    for attributes in re.findall(r"<script([^>]*)>", html):
        assert "src=" in attributes or 'type="application/json"' in attributes
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "{{" not in html and "{%" not in html


def test_json_in_a_page_cannot_end_its_block() -> None:
    html = json_data({"name": "</script><script>alert(1)"}, "data")
    assert html.count("<script") == html.count("</script>") == 1
    assert json.loads(html.partition(">")[2].rpartition("<")[0]) == {"name": "</script><script>alert(1)"}
