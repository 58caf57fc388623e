"""Sign-in by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """allauth's hooks: nobody signs up by themselves."""

    def is_open_for_signup(self, request) -> bool:
        return False
