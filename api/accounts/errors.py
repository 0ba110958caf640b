"""What may be wrong with an account or a playlist; see `api.http.errors` for the shape."""

from rest_framework import status
from rest_framework.exceptions import APIException

from accounts.google import RETRY_AFTER_S


class GoogleTokenRefused(APIException):
    """The Google ID token is not valid here."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "google_token_refused"
    auth_header = "Token"  # what the exception handler puts into WWW-Authenticate


class SignInNotConfigured(APIException):
    """The operator has set no GOOGLE_CLIENT_ID."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "Nobody can sign in here: GOOGLE_CLIENT_ID is not set."
    default_code = "sign_in_not_configured"


class GoogleUnreachable(APIException):
    """Google's public keys cannot be fetched now."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "Google cannot be asked right now. Please try again shortly."
    default_code = "google_unreachable"
    wait = RETRY_AFTER_S  # what the exception handler puts into Retry-After


class LimitReached(APIException):
    """One more would be too many; something has to be removed first."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "limit_reached"


class OrderOutdated(APIException):
    """The order is of other songs than the playlist has now."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "order_outdated"
