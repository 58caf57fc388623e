"""What every page owes its readers, looked at in the browser."""

from axe_playwright_python.sync_playwright import Axe

_axe = Axe()


def accessible(page) -> None:
    """No violation of axe's rules on what stands there now."""
    results = _axe.run(page)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def look(page, language: str) -> None:
    """Accessible, and in the language's direction."""
    root = page.locator("html")
    assert root.get_attribute("lang").split("-")[0] == language, page.url
    assert root.get_attribute("dir") == ("rtl" if language in ("ar", "fa") else "ltr"), page.url
    accessible(page)


def fits(page) -> None:
    """Nothing reaches out of the window sideways."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= window, f"{page.url}: {wide} px in a window of {window}: {_widest(page)}"


def _widest(page) -> list[str]:
    return page.evaluate(
        """[...document.querySelectorAll('body *')].filter(e => {
          const box = e.getBoundingClientRect();
          return box.width && (box.right > innerWidth + 1 || box.left < -1);
        }).slice(0, 6).map(e => e.tagName + '.' + e.className)"""
    )
