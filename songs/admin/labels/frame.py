"""The frame that the pages about labels share: title, tabs and styles."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

TABS = {
    "songs_moodlabel_changelist": "All events",
    "songs_labellers": "People",
    "songs_agreement": "Agreement",
    "songs_labelrevert_changelist": "Taken back",
}


def label_page(
    request: HttpRequest, name: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    """The page of the template `name`."""
    everywhere = admin.site.each_context(request)
    app_name = apps.get_app_config("songs").verbose_name
    frame = {"title": title, "tabs": tabs(request), "app_name": app_name}
    template = f"admin/songs/moodlabel/{name}.html"
    return TemplateResponse(request, template, everywhere | frame | context)


def tabs(request: HttpRequest) -> dict[str, str]:
    """The pages about labels that this person may see, by the name of their address."""
    seen = {"songs_labelrevert_changelist": may_see_reverts(request)}
    return {name: text for name, text in TABS.items() if seen.get(name, True)}


def may_revert(request: HttpRequest) -> bool:
    """To change the labels of many videos takes more than to change one."""
    return request.user.has_perms(["songs.change_newvideo", "songs.add_labelrevert"])


def may_see_reverts(request: HttpRequest) -> bool:
    return request.user.has_perm("songs.view_labelrevert") or may_revert(request)
