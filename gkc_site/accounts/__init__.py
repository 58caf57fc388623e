"""People in and out: invitations, sign-in, profile, deactivation."""
