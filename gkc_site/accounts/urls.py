"""Addresses of sign-in and invitations (no language prefix), and of people (with one)."""

from django.urls import include, path

from gkc_site.accounts import away, mail, views
from gkc_site.network_import import views as import_views

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
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("", include("allauth.urls")),
]

people_patterns = [
    path("members/", views.members, name="people_members"),
    path("import/", import_views.people_import, name="people_import"),
    path("members/invite/<slug:code>/", views.invite, name="people_invite"),
    path("members/<int:pk>/leave/", views.member_leave, name="people_leave"),
    path("members/<int:pk>/contact/", views.member_contact, name="people_contact"),
    path("members/<int:pk>/confirm/", views.member_confirm, name="people_confirm"),
    path("invitations/<int:pk>/resend/", views.resend, name="people_resend"),
    path("invitations/<int:pk>/revoke/", views.revoke, name="people_revoke"),
    path("profile/", views.profile, name="profile"),
    path("profile/languages/", views.profile_languages, name="profile_languages"),
    path("profile/mail/", mail.mail_settings, name="mail_settings"),
    path("profile/mail/feeds/", mail.feed_address, name="mail_feeds"),
    path("profile/away/", away.profile_away, name="profile_away"),
]
