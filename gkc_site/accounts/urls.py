"""Addresses of sign-in and invitations, before allauth's own of the same names."""

from django.urls import include, path

from gkc_site.accounts import views

# Accounts are by invitation: the address belongs to it and only an
# administrator changes it; a password is always there; no codes by mail.
CLOSED = {
    "account_email": "email/",
    "account_email_verification_sent": "confirm-email/",
    "account_set_password": "password/set/",
    "account_confirm_login_code": "login/code/confirm/",
}

urlpatterns = [
    *(path(address, views.closed, name=name) for name, address in CLOSED.items()),
    path("confirm-email/<str:key>/", views.closed, name="account_confirm_email"),
    path("", include("allauth.urls")),
]
