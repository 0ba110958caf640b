"""Who a listener is: `Authorization: <token>`, also after `Token` or `Bearer`."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import listeners
from accounts.models import Account, Token
from api.program_tokens import SCHEMES, TokenRefused, sent_token

SIGNED_OUT = {"", "null", "undefined"}  # what pages send before anybody signs in


class ListenerTokens(BaseAuthentication):
    """For private routes only: the public ones look at no Authorization at all."""

    def authenticate(self, request: Request) -> tuple[Account, Token] | None:
        if sent_token(request) is not None:
            raise TokenRefused
        words = request.headers.get("Authorization", "").split()
        if words and words[0].lower() in SCHEMES:
            words = words[1:]
        if (text := " ".join(words)) in SIGNED_OUT:
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
