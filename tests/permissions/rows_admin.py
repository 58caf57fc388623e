"""Rows of the Wagtail admin: who gets past which door.

Only editors, administrators, translators (for wagtail-localize) and superusers
enter. What Wagtail refuses them it sends back to the front page. A new admin
address, of a snippet or a package, needs its place in one of these lists.
"""

from tests.permissions.admin_args import admin_args
from tests.permissions.table import ALLOWED, LOGIN, REFUSED, Row

DOOR = {"translator", "editor", "administrator", "superuser"}


def only(roles: str, answer=ALLOWED) -> dict:
    """`roles` get `answer`, the others who work in the admin are refused by Wagtail."""
    others = " ".join(sorted(DOOR - set(roles.split())))
    answers = {"visitor": LOGIN, roles: answer, ...: 403}
    return answers | ({others: REFUSED} if others else {})


ALL = only("translator editor administrator superuser")
NO_METHOD = only("translator editor administrator superuser", 405)
NOBODY_MAY = {"visitor": LOGIN, " ".join(sorted(DOOR)): REFUSED, ...: 403}

# (answers to GET, answers to POST, names)
DOORS = [
    (
        ALL,
        NO_METHOD,
        """
        wagtailadmin_home wagtailadmin_api:pages:listing wagtailadmin_api:pages:detail
        wagtailadmin_api:pages:find wagtailadmin_api:documents:listing
        wagtailadmin_api:documents:detail wagtailadmin_api:documents:find
        wagtailadmin_api:images:listing wagtailadmin_api:images:detail
        wagtailadmin_api:images:find wagtailadmin_choose_page
        wagtailadmin_choose_page_child wagtailadmin_choose_page_search
        wagtailadmin_choose_page_chosen_multiple wagtailadmin_workflows:task_chooser
        wagtailadmin_workflows:task_chooser_results wagtailadmin_reports:site_history
        wagtailadmin_reports:site_history_results wagtailadmin_dismissibles
        wagtailadmin_block_preview wagtail_localize:javascript_catalog
        wagtail_localize:snippets_api_listing wagtail_localize:snippets_api_detail
        wagtaildocs_chooser:choose
        wagtaildocs_chooser:choose_results wagtaildocs_chooser:chosen
        wagtaildocs_chooser:chosen_multiple wagtailimages_chooser:choose
        wagtailimages_chooser:choose_results wagtailimages_chooser:chosen
        wagtailimages_chooser:chosen_multiple
        """,
    ),
    (
        NO_METHOD,
        ALL,
        """
        wagtailadmin_api:pages:action wagtailadmin_logout
        wagtailadmin_editing_sessions:ping wagtailadmin_editing_sessions:release
        wagtail_localize:upload_pofile wagtail_localize:machine_translate
        wagtail_localize:stop_translation wagtaildocs:edit_multiple
        wagtaildocs:create_multiple_from_uploaded_document wagtaildocs:delete_multiple
        wagtaildocs:delete_upload_multiple wagtailimages:edit_multiple
        wagtailimages:create_multiple_from_uploaded_image wagtailimages:delete_multiple
        wagtailimages:delete_upload_multiple
        """,
    ),
    (
        ALL,
        ALL,
        """
        wagtailsearchpromotions:chooser wagtailsearchpromotions:chooserresults
        wagtailadmin_error_test wagtail_bulk_action wagtailadmin_pages:choose_parent
        wagtailadmin_pages:convert_alias wagtailadmin_pages:workflow_action
        wagtailadmin_pages:collect_workflow_action_data
        wagtailadmin_pages:confirm_workflow_cancellation
        wagtailadmin_pages:revisions_index wagtailadmin_pages:revisions_revert
        wagtailadmin_pages:revisions_compare wagtailadmin_choose_page_external_link
        wagtailadmin_choose_page_email_link wagtailadmin_choose_page_phone_link
        wagtailadmin_choose_page_anchor_link wagtailadmin_tag_autocomplete
        wagtailadmin_tag_model_autocomplete wagtailadmin_collections:delete
        wagtailadmin_workflows:task_chooser_create wagtailadmin_workflows:task_chosen
        wagtailadmin_account wagtail_localize:download_pofile wagtail_localize:preview_translation
        wagtailforms:list_submissions wagtailforms:list_submissions_results
        wagtailredirects:delete wagtailsettings:edit wagtailsettings:preview_on_edit
        wagtailembeds:chooser wagtailembeds:chooser_upload wagtaildocs:delete
        wagtaildocs:document_usage wagtailimages:delete wagtailimages:url_generator
        wagtailimages:url_generator_output wagtailimages:preview
        wagtailimages:image_usage wagtailimages_chooser:select_format
        """,
    ),
    (
        only("editor administrator superuser"),
        only("editor administrator superuser", 405),
        """
        wagtailsearchpromotions:index wagtailsearchpromotions:index_results
        wagtailadmin_explore_root wagtailadmin_explore wagtailadmin_explore_results
        wagtailadmin_pages:type_use wagtailadmin_pages:type_use_results
        wagtailadmin_pages:search wagtailadmin_pages:search_results
        wagtailadmin_reports:workflow wagtailadmin_reports:workflow_results
        wagtailadmin_reports:workflow_tasks wagtailadmin_reports:workflow_tasks_results
        wagtailadmin_reports:aging_pages wagtailadmin_reports:aging_pages_results
        wagtailadmin_reports:page_types_usage
        wagtailadmin_reports:page_types_usage_results wagtailforms:index
        wagtailforms:index_results wagtaildocs:index wagtaildocs:index_results
        wagtailimages:index wagtailimages:index_results
        """,
    ),
    (
        only("editor administrator superuser"),
        only("editor administrator superuser"),
        """
        wagtail_localize:submit_page_translation wagtail_localize:update_translations
        wagtail_localize:submit_snippet_translation
        """,
    ),
    (
        NOBODY_MAY,
        NOBODY_MAY,
        """
        wagtailadmin_pages:add wagtailadmin_pages:preview_on_add
        wagtailadmin_pages:add_subpage wagtailadmin_pages:delete
        wagtailadmin_pages:unpublish wagtailadmin_pages:move wagtailadmin_pages:copy
        wagtailadmin_pages:set_privacy wagtailadmin_pages:revisions_unschedule
        wagtailforms:delete_submissions wagtailsnippets:index
        """,
    ),
    (
        only("editor superuser"),
        only("editor superuser", 405),
        """
        wagtailadmin_pages:usage wagtailadmin_pages:workflow_history
        wagtailadmin_pages:workflow_history_detail wagtailadmin_pages:history
        wagtailadmin_pages:history_results wagtail_localize:translations_report
        wagtail_localize:translations_report_results
        """,
    ),
    (
        only("editor superuser"),
        only("editor superuser"),
        """
        wagtailadmin_pages:edit wagtailadmin_pages:preview_on_edit
        wagtailadmin_pages:view_draft wagtailadmin_pages:revisions_view
        wagtail_localize:convert_to_alias
        """,
    ),
    (
        ALL,
        NOBODY_MAY,
        """
        wagtailadmin_pages:move_confirm
        """,
    ),
    (
        only("editor administrator superuser"),
        NOBODY_MAY,
        """
        wagtailadmin_pages:set_page_position
        """,
    ),
    (
        NOBODY_MAY,
        NO_METHOD,
        """
        wagtailadmin_pages:workflow_preview
        """,
    ),
    # The glossary: translators write their languages there (translations.permissions).
    (
        ALL,
        NO_METHOD,
        """
        term:index term:index_results term:history term:history_results term:usage
        """,
    ),
    (
        ALL,
        ALL,
        """
        term:edit
        """,
    ),
    # A story's lock is its stage's: nobody sets or lifts one by hand.
    (
        NO_METHOD,
        NOBODY_MAY,
        """
        wagtailadmin_pages:lock wagtailadmin_pages:unlock
        """,
    ),
    (
        NO_METHOD,
        only("superuser"),
        """
        wagtailadmin_workflows:enable wagtailadmin_workflows:remove
        wagtailadmin_workflows:enable_task
        """,
    ),
    (
        only("superuser"),
        only("superuser", 405),
        """
        wagtailsearchpromotions:search_terms wagtailsearchpromotions:search_terms_results
        wagtailadmin_collections:index wagtailadmin_workflows:index
        wagtailadmin_workflows:index_results wagtailadmin_workflows:usage
        wagtailadmin_workflows:usage_results wagtailadmin_workflows:task_index
        wagtailadmin_workflows:task_index_results wagtailadmin_reports:locked_pages
        wagtailadmin_reports:locked_pages_results wagtaillocales:index
        wagtaillocales:index_results wagtaillocales:history
        wagtaillocales:history_results wagtaillocales:usage wagtailsites:index
        wagtailsites:index_results wagtailsites:history wagtailsites:history_results
        wagtailsites:usage wagtailusers_groups:index wagtailusers_groups:index_results
        wagtailusers_groups:history wagtailusers_groups:history_results
        wagtailusers_groups:usage
        """,
    ),
    (
        only("superuser"),
        only("superuser"),
        """
        wagtailadmin_collections:add wagtailadmin_collections:edit
        wagtailadmin_collections:set_privacy wagtailadmin_workflows:add
        wagtailadmin_workflows:disable wagtailadmin_workflows:edit
        wagtailadmin_workflows:add_task wagtailadmin_workflows:select_task_type
        wagtailadmin_workflows:edit_task wagtailadmin_workflows:disable_task
        wagtaillocales:add wagtaillocales:edit wagtaillocales:delete wagtaillocales:copy
        wagtailsites:add wagtailsites:edit wagtailsites:delete wagtailsites:copy
        wagtailusers_groups:add wagtailusers_groups:edit
        wagtailusers_groups:delete
        """,
    ),
    (
        NO_METHOD,
        NO_METHOD,
        """
        wagtail_localize:edit_string_translation wagtail_localize:edit_override
        """,
    ),
    (
        only("administrator superuser"),
        only("administrator superuser", 405),
        """
        wagtailredirects:index wagtailredirects:index_results


        """,
    ),
    (
        only("administrator superuser"),
        only("administrator superuser"),
        """
        wagtailredirects:add wagtailredirects:edit wagtailredirects:start_import

        """,
    ),
    (
        only("administrator superuser", 405),
        only("administrator superuser"),
        """
        wagtailredirects:process_import
        """,
    ),
    (
        only("editor administrator superuser"),
        only("editor administrator superuser"),
        """
        wagtaildocs:add wagtaildocs:edit wagtaildocs:add_multiple wagtailimages:edit
        wagtailimages:add wagtailimages:add_multiple wagtaildocs_chooser:create
        wagtailimages_chooser:create term:add term:delete
        wagtailsearchpromotions:add wagtailsearchpromotions:edit
        wagtailsearchpromotions:delete
        """,
    ),
    (
        only("editor administrator superuser"),
        only("editor administrator superuser", 405),
        """
        network_document_texts network_document_texts_results
        touchpoints_mailings touchpoints_mailings_results touchpoints_mailing
        touchpoints_deliveries touchpoints_deliveries_results touchpoints_delivery
        touchpoints_addresses touchpoints_addresses_results
        topic:index topic:index_results topic:history topic:history_results topic:usage
        measure:index measure:index_results measure:history measure:history_results
        measure:usage
        """,
    ),
    (
        only("editor administrator superuser"),
        NO_METHOD,
        """
        touchpoints_delivery_html
        """,
    ),
    (
        NO_METHOD,
        ALL,
        """
        touchpoints_delivery_requeue touchpoints_delivery_returned
        """,
    ),
    (
        only("administrator superuser"),
        only("administrator superuser", 405),
        """
        distributor:index distributor:index_results distributor:history
        distributor:history_results distributor:usage dealer:index dealer:index_results
        dealer:history dealer:history_results dealer:usage mandate:index
        mandate:index_results mandate:history mandate:history_results mandate:usage
        region:index region:index_results region:history region:history_results
        region:usage reviewarea:index reviewarea:index_results reviewarea:history
        reviewarea:history_results reviewarea:usage country:index country:index_results
        country:history country:history_results country:usage wagtailusers_users:index
        wagtailusers_users:index_results wagtailusers_users:history
        wagtailusers_users:history_results wagtailusers_users:usage
        """,
    ),
    (
        only("administrator superuser"),
        only("administrator superuser", 405),
        """
        search_refusals search_refusals_results search_refusal
        """,
    ),
    (
        NO_METHOD,
        only("administrator superuser"),
        """
        search_refusal_retry
        """,
    ),
    (
        only("administrator superuser"),
        only("administrator superuser"),
        """
        distributor:add distributor:edit dealer:add dealer:edit mandate:add mandate:edit
        region:add region:edit reviewarea:add reviewarea:edit country:add country:edit
        wagtailusers_users:edit
        """,
    ),
    (
        only("superuser"),
        only("superuser"),
        """
        distributor:delete dealer:delete mandate:delete topic:delete measure:delete
        region:delete reviewarea:delete country:delete wagtailusers_users:add
        wagtailusers_users:delete wagtailusers_users:copy
        """,
    ),
    (
        only("editor administrator superuser"),
        only("editor administrator superuser"),
        """
        topic:add topic:edit measure:add measure:edit
        """,
    ),
]
# Passwords are set at /accounts/: Wagtail's own pages for it are switched off.
CLOSED = {"reader author own_author co_author manager campaigner neutral lead": 403} | {
    "trainer coordinator executive": 403,
    ...: 404,
}
CLOSED_NAMES = """
    wagtailadmin_password_reset wagtailadmin_password_reset_done
    wagtailadmin_password_reset_confirm wagtailadmin_password_reset_complete
"""
# To /accounts/login/, which sends those who are signed in to where they wanted to go.
OPEN = [
    Row("wagtailadmin_login", get=302, post=302),
    Row("wagtailadmin_sprite", get=200, post=200),
    Row("wagtailadmin_javascript_catalog", get=200, post=405),
]

ROWS = [
    Row(name, get=get, post=post, args=admin_args(name))
    for get, post, names in DOORS
    for name in names.split()
]
ROWS += [Row(name, CLOSED, CLOSED, args=admin_args(name)) for name in CLOSED_NAMES.split()]
ROWS += OPEN
