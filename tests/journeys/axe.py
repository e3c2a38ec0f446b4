"""axe-core looks at a page as it stands: what keeps it from WCAG 2.2 AA and from what is good practice."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CONTRAST = ("color-contrast", "link-in-text-block")
"""What another theme may break: the rest of a page is the same in both."""
_LOADED = "() => typeof window.axe?.run === 'function'"
# `preload` would add inline style sheets, which the policy stops and the tests count.
# What a bar that stays covers just here, one scrolls out from under it: each page is looked at from its top.
# A colour half way through a transition is nobody's colour: what moves and will stand still stands still.
_RUN = """
async (only) => {
  const lasts = (moving) => Number.isFinite(moving.effect?.getComputedTiming().endTime);
  for (let round = 0; round < 20 && document.getAnimations().some(lasts); round += 1) {
    document.getAnimations().filter(lasts).forEach((moving) => moving.finish());
  }
  const from = {left: scrollX, top: scrollY, behavior: 'instant'};
  scrollTo({left: 0, top: 0, behavior: 'instant'});
  const found = await window.axe.run(document, {
    runOnly: only, resultTypes: ['violations'], elementRef: false, preload: false,
  });
  scrollTo(from);
  // axe leaves empty style attributes behind, which htmx would copy at its next swap, and the policy would stop.
  document.querySelectorAll('[style=""]').forEach((one) => one.removeAttribute('style'));
  return found.violations.map(({id, impact, help, nodes}) => ({
    id, impact, help,
    nodes: nodes.map((node) => ({target: node.target.join(' '), said: node.failureSummary})),
  }));
}
"""


def found_on(page: Page) -> list[str]:
    """A line for each violation in the theme the page is in: rule, where (the first three), and what to mend.

    The script comes in through the debugger, so that the page's content security policy stays as strict as it is.
    """
    with _able(page) as able:
        return _run(able, {"type": "tag", "values": list(TAGS)})


def found_in_both(page: Page) -> list[str]:
    """As `found_on`, and what the other theme adds to it; the page is left in the theme it was in."""
    with _able(page) as able:
        found = _run(able, {"type": "tag", "values": list(TAGS)})
        dark = able.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        this, other = ("dark", "light") if dark else ("light", "dark")
        able.emulate_media(color_scheme=other)  # type: ignore[arg-type]
        found += [f"{other}: {one}" for one in _run(able, {"type": "rule", "values": list(CONTRAST)})]
        able.emulate_media(color_scheme=this)  # type: ignore[arg-type]
    return found


def _run(page: Page, only: dict[str, Any]) -> list[str]:
    if not page.evaluate(_LOADED):
        page.evaluate(AXE_SCRIPT)
    return [_told(violation) for violation in page.evaluate(_RUN, only)]


@contextmanager
def _able(page: Page) -> Iterator[Page]:
    """axe needs timers, which a browser without JavaScript does not have: there it looks at a copy of the page."""
    if not page.evaluate("matchMedia('(scripting: none)').matches"):
        yield page
        return
    browser, html = page.context.browser, page.content()
    assert browser is not None
    with closing(browser.new_context(viewport=page.viewport_size)) as context:
        copy = context.new_page()
        copy.route("**/*.js", lambda route: route.abort())
        copy.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        copy.goto(page.url)
        yield copy


def _told(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    places = "; ".join(f"{node['target']}: {' '.join(node['said'].split())}" for node in nodes[:3])
    more = f" (and {len(nodes) - 3} more)" if len(nodes) > 3 else ""
    return f"axe {violation['id']} ({violation['impact']}): {violation['help']}: {places}{more}"


def check(page: Page, context: str = "") -> None:
    """Fails with everything axe finds on the page as it stands; `context` says where in the story one is."""
    found = found_on(page)
    where = f"{page.url} {context}".strip()
    assert found == [], "\n".join([where, *found])


_SEEN: set[int] = set()
# What a page is made of: its address without names, and each kind of element with its state once.
_STATE = """
() => {
  const kind = (one) => [one.tagName, one.getAttribute('class'), one.getAttribute('role'), one.dataset.tone, one.type,
    one.disabled, one.open, one.hidden, one.getAttribute('aria-current'), one.getAttribute('aria-invalid')].join('.');
  const kinds = new Set([...document.body.querySelectorAll('*')].map(kind));
  return [location.pathname.replace(/AI-\\d+|\\d+/g, '#'), innerWidth, ...kinds].join('\\n');
}
"""


def not_yet_found(page: Page) -> list[str]:
    """As `found_in_both`, but nothing where a page that is made of the same was looked at before.

    Nothing either where the page is just leaving: there will be another stop.
    """
    if page.is_closed() or not page.url.startswith("http"):
        return []
    try:
        page.wait_for_load_state()  # before its style sheets are there, everything is too small
        state = hash(page.evaluate(_STATE))
        found = [] if state in _SEEN else found_in_both(page)
    except Error as error:
        if "navigat" in str(error) or "context was destroyed" in str(error):
            return []
        raise
    _SEEN.add(state)
    return found


def look(page: Page) -> None:
    """At a stop of a journey: fails as `check` does, in both themes, where something is there to be looked at."""
    found = not_yet_found(page)
    assert found == [], "\n".join([page.url, *found])
