"""What is done at the translators' desk: one function a change."""
