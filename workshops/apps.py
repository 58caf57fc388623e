"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = _("Workshops")

    def ready(self):
        # Each of these registers what it holds.
        from network.registry import register_guard
        from workshops import (  # noqa: F401
            askable,
            coordinator_desk,
            desk,
            figures,
            flaggable,
            home,
            messages,
            proof_desk,
            proof_messages,
            references,
            session_messages,
            signal_handlers,
            trainee_messages,
            translatables,
        )
        from workshops.permissions import may_see_material_file

        askable.register()
        flaggable.register()
        figures.register()
        desk.connect()
        coordinator_desk.connect()
        register_guard("workshops.material", may_see_material_file)
        proof_desk.connect()
        home.register()
        references.register()
        signal_handlers.connect()
