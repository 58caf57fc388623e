"""`make run`: prepares a home folder and keeps web, worker, beat and broker running.

    python -m gkc_site.runner

Thin on purpose: the supervisor itself never loads Django. Its words are for
the operator's console, in English, like those of `manage.py`.
"""
