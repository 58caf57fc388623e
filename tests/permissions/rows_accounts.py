"""Rows of sign-in and accounts."""

from tests.permissions.table import LOGIN, Row

MEMBERS = {"visitor": LOGIN, ...: 200}
MEMBERS_ON = {"visitor": LOGIN, ...: 302}
VISITORS = {"visitor": 200, ...: 302}  # who is signed in is sent on
# A second factor that this person has not set up.
NO_FACTOR = {"visitor": LOGIN, ...: 404}
MEMBERS_NO_POST = {"visitor": LOGIN, ...: 405}


def key(world):
    return ["1", "key"]


ROWS = [
    Row("account_login", get=VISITORS, post=VISITORS),
    Row("account_logout", get={"visitor": 302, ...: 200}, post=302),
    Row("account_inactive", get=200, post=405),
    Row("account_signup", get=VISITORS, post=VISITORS),  # a page saying: by invitation
    Row("account_reauthenticate", get=MEMBERS, post=MEMBERS),
    Row("account_change_password", get=MEMBERS, post=MEMBERS),
    Row("account_reset_password", get=200, post=200),
    Row("account_reset_password_done", get=200, post=405),
    Row("account_reset_password_from_key", get=200, post=200, args=key),
    Row("account_reset_password_from_key_done", get=200, post=405),
    Row("account_email", get=404, post=404),
    Row("account_email_verification_sent", get=404, post=404),
    Row("account_confirm_email", get=404, post=404, args=lambda world: ["key"]),
    Row("account_set_password", get=404, post=404),
    Row("account_confirm_login_code", get=404, post=404),
    Row("mfa_index", get=MEMBERS, post=MEMBERS_NO_POST),
    Row("mfa_authenticate", get=302, post=302),
    Row("mfa_reauthenticate", get=MEMBERS_ON, post=MEMBERS_ON),
    # To the password first.
    Row("mfa_activate_totp", get=MEMBERS_ON, post=MEMBERS_ON),
    Row("mfa_deactivate_totp", get=NO_FACTOR, post=NO_FACTOR),
    Row("mfa_view_recovery_codes", get=NO_FACTOR, post=MEMBERS_NO_POST),
    Row("mfa_generate_recovery_codes", get=MEMBERS_ON, post=MEMBERS_ON),
    Row("mfa_download_recovery_codes", get=NO_FACTOR, post=NO_FACTOR),
]
