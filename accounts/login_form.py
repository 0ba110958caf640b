"""The forms that ask for a name and a password: each respects `accounts.lockout`."""

import math
from datetime import timedelta
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from accounts import lockout
from web.client_ip import client_address, network

LOCKED = ngettext_lazy(
    "Too many wrong passwords for this name from your network. Try again in %(minutes)d "
    "minute, or ask an administrator to unlock it.",
    "Too many wrong passwords for this name from your network. Try again in %(minutes)d "
    "minutes, or ask an administrator to unlock it.",
    "minutes",
)


class SignInForm(AuthenticationForm):
    """For every page that signs people in; a view's `authentication_form`."""

    def clean(self) -> dict[str, Any]:
        name, password = map(self.cleaned_data.get, ("username", "password"))
        if not name or not password:
            return super().clean()
        client_network = network(client_address(self.request))
        self._count(name, client_network)
        try:
            return super().clean()
        finally:
            if self.get_user() is not None:  # right, whatever else may be wrong
                lockout.succeeded(name, network=client_network)

    def _count(self, name: str, client_network: str) -> None:
        wait = lockout.try_password(name, network=client_network, now=timezone.now())
        if wait:
            minutes = math.ceil(wait / timedelta(minutes=1))
            raise ValidationError(LOCKED, code="locked", params={"minutes": minutes})


class AdminSignInForm(SignInForm, AdminAuthenticationForm):
    """Of the admin, which lets in the staff alone."""
