"""Downloading an attachment."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhiheng.kernel.actor import current
from zhiheng.platform.files.queries import content_of, visible_attachment

# Uploaded content is never trusted: saved, not shown, and if a browser shows it anyway nothing in it runs.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
def download(request: HttpRequest, attachment_id: int) -> FileResponse:  # noqa: ARG001 - the signature of a view
    """Send the content to whoever may view the record; 404 to everybody else."""
    attachment = visible_attachment(current().actor, attachment_id)
    if attachment is None:
        raise Http404(_("There is no such file, or you may not see it."))
    try:
        stream = content_of(attachment).open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The content of this file is missing from the store.")) from error
    return FileResponse(
        stream,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.file.media_type,
        headers=HEADERS,
    )
