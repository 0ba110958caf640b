"""Tokens of programs and of listeners in `Authorization: Bearer ...`, `Token ...` or alone.

On public routes whatever is no token of a program (`mb_...`) does no harm. One that is,
and is not valid, is refused on every route: its program wants to know. A program may do
what its scopes name, and never what belongs to people: no admin, no listener, no label.
The token of a listener is read on private routes only.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.permissions import (
    SAFE_METHODS,
    BasePermission,
    DjangoModelPermissionsOrAnonReadOnly,
)
from rest_framework.request import Request

from accounts import listeners, programs
from accounts.models import Account, ProgramToken, Token
from web.response_cache import ANONYMOUS_TOKENS

if TYPE_CHECKING:  # the views of the framework import this module
    from rest_framework.views import APIView

SCHEMES = {"token", "bearer"}  # or none, as people forget it


class TokenRefused(APIException):
    """The token is unknown, revoked or expired, or opens nothing here."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_detail = "This token is unknown, revoked or expired, or opens nothing here."
    default_code = "token_refused"
    auth_header = 'Bearer error="invalid_token"'  # the handler's WWW-Authenticate


class InsufficientScope(APIException):
    """The token is good, and may not do this."""

    status_code = status.HTTP_403_FORBIDDEN
    default_detail = "No token of a program may do this."
    default_code = "insufficient_scope"


class ProgramTokens(BaseAuthentication):
    """The token of a program. No person comes with it, and no right of one."""

    def authenticate(
        self, request: Request
    ) -> tuple[AnonymousUser, ProgramToken] | None:
        text = sent_token(request)
        if text is None:
            return None
        token = programs.find(text)
        if token is None:
            raise TokenRefused
        programs.note_use(token, timezone.now())
        return AnonymousUser(), token


class Scopes(BasePermission):
    """Anybody; a program needs the scope that the view names, to write."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        token = program(request)
        if token is not None and request.method not in SAFE_METHODS:
            _demand(getattr(view, "scope", None), token)
        return True


class ScopesOrRights(DjangoModelPermissionsOrAnonReadOnly):
    """To write, a program needs the scope that the view names, a person the right."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if program(request) is not None:
            return Scopes().has_permission(request, view)
        return super().has_permission(request, view)


class ProgramTokensInTheDocument(OpenApiAuthenticationExtension):
    target_class = ProgramTokens
    name = "programToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a program, `mb_...`, which the operator hands "
            "out. It has a quota of its own, and scopes for what it may write.",
        }


def sent_token(request: Request) -> str | None:
    """Return what looks like the token of a program, valid or not."""
    text = _credentials(request)
    return text if programs.WELL_FORMED.fullmatch(text) else None


def _credentials(request: Request) -> str:
    """What `Authorization` says, after the name of the scheme if there is one."""
    words = request.headers.get("Authorization", "").split()
    return " ".join(words[1:] if words and words[0].lower() in SCHEMES else words)


def program(request: Request) -> ProgramToken | None:
    """The token of the program that asks; reads no session to find out."""
    return request.auth if sent_token(request) is not None else None


def _demand(scope: str | None, token: ProgramToken) -> None:
    if scope is None:
        raise InsufficientScope
    if scope not in token.scopes:
        raise InsufficientScope(f"This token lacks the scope {scope}.")


class ListenerTokens(BaseAuthentication):
    """For private routes only: the public ones look at no Authorization at all."""

    def authenticate(self, request: Request) -> tuple[Account, Token] | None:
        if sent_token(request) is not None:
            raise TokenRefused
        if (text := _credentials(request)) in ANONYMOUS_TOKENS:
            return None
        token = listeners.find(text)
        if token is None:
            raise AuthenticationFailed("Sign in again: this token opens nothing here.")
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"  # makes it a 401


class ListenerTokensInTheDocument(OpenApiAuthenticationExtension):
    target_class = ListenerTokens
    name = "listenerToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The token of `POST /api/register/oauth`, alone or after "
            "`Token` or `Bearer`.",
        }
