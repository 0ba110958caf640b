"""The one shape of an error: {"detail", "code"}, with "fields" where fields are wrong.

What went wrong inside is logged, never sent.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import bad_request as bad_request_page
from django.views.defaults import server_error as server_error_page
from rest_framework import status

FOR_PROGRAMS = ("/api/", "/health/")


def error_body(detail: str, code: str, **facts: Any) -> dict[str, Any]:
    """Return the body of an error: `detail` for a person, `code` for a program."""
    return {"detail": detail, "code": code, **facts}


@csrf_exempt
def unknown_path(request: HttpRequest) -> JsonResponse:
    body = error_body("There is nothing at this address.", "not_found")
    return JsonResponse(body, status=status.HTTP_404_NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A host that is not ours, and what else Django itself finds suspicious."""
    if not request.path.startswith(FOR_PROGRAMS):
        return bad_request_page(request, exception)
    body = error_body("This request is not acceptable.", "bad_request")
    return JsonResponse(body, status=status.HTTP_400_BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """JSON where a program asked, a page where a person did."""
    if not request.path.startswith(FOR_PROGRAMS):
        return server_error_page(request)
    body = error_body("Something went wrong here; it is logged.", "error")
    return JsonResponse(body, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
