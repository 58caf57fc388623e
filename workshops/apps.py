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
        from workshops.models import material, proof
        from workshops.permissions import may_see_material_file, may_see_proof_file

        askable.register()
        flaggable.register()
        figures.register()
        desk.connect()
        coordinator_desk.connect()
        proof_desk.connect()
        register_guard(material.GUARD, may_see_material_file)
        register_guard(proof.GUARD, may_see_proof_file)
        home.register()
        references.register()
        signal_handlers.connect()
