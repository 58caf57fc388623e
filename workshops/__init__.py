"""Programmes, sessions, enrolment, certificates."""
