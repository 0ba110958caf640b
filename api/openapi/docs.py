"""`/api/docs/`: every route described, and tried out in the browser."""

from django.http import HttpResponseBase
from django.template.loader import render_to_string
from rest_framework.permissions import AllowAny
from rest_framework.renderers import StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.http import conditional
from api.http.conditional import PublicReads
from api.openapi import responses


@responses.ROOT
class Docs(PublicReads):
    """The same page for everybody: what it asks for, the browser asks for."""

    permission_classes = [AllowAny]
    renderer_classes = [StaticHTMLRenderer]

    def get(self, request: Request) -> HttpResponseBase:
        page = "api/docs.html"
        return conditional.of_code(request, lambda: Response(render_to_string(page)))
