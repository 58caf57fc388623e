"""Search in the admin: the editors' picks stay, the report of readers' queries goes."""

from wagtail import hooks


@hooks.register("construct_reports_menu")
def hide_search_terms(request, menu_items):
    """Nothing is recorded, so the report would be empty for ever."""
    menu_items[:] = [item for item in menu_items if item.name != "search-terms"]
