"""Django's description of the accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "gkc_site.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from gkc_site.accounts import (
            desk,
            mail_labels,
            messages,  # noqa: F401 - registers its kinds
        )

        desk.register()
        mail_labels.register()
