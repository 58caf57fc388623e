"""Rules for passwords, in all our languages."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext

from network.localize import number_text


class LongEnough(MinimumLengthValidator):
    """Django's own rule; its words are not translated into all of our languages."""

    def get_error_message(self):
        """What is wrong with a shorter one."""
        return ngettext(
            "This password is too short. Use at least %(shown)s character.",
            "This password is too short. Use at least %(shown)s characters.",
            self.min_length,
        ) % {"shown": number_text(self.min_length)}

    def get_help_text(self):
        """What to choose."""
        return ngettext(
            "Use at least %(shown)s character.",
            "Use at least %(shown)s characters.",
            self.min_length,
        ) % {"shown": number_text(self.min_length)}
