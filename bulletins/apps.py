"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulletinsConfig(AppConfig):
    name = "bulletins"
    verbose_name = _("Bulletins")

    def ready(self):
        # Each of these registers what it holds.
        from bulletins import (  # noqa: F401
            appeal_messages,
            askable,
            authorship,
            campaigning,
            checks,
            desk,
            feed_items,
            flaggable,
            home,
            issue_messages,
            lasting_desk,
            lasting_messages,
            messages,
            public_messages,
            reach_desk,
            references,
            regional_messages,
            response_messages,
            reviewable,
            signal_handlers,
            translatables,
        )
        from bulletins.figures import measured
        from bulletins.figures.journey import read_by_link
        from bulletins.permissions import may_see_case_media
        from bulletins.reach import register_reading
        from bulletins.transitions.drafts import start_case_for
        from network.registry import register_guard, register_story_start

        signal_handlers.connect()
        desk.connect()
        flaggable.register()
        askable.register()
        feed_items.register()
        home.register()
        reach_desk.connect()
        campaigning.connect()
        lasting_desk.connect()
        authorship.connect()
        references.register()
        measured.register()
        register_reading("bulletins.responses", read_by_link)
        register_guard("bulletins.case", may_see_case_media)
        register_story_start(start_case_for)
