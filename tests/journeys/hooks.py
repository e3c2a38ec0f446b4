"""A webhook that an admin adds, at the page that takes it. Its name leads nowhere, by the reservation of .invalid."""

from tests.journeys.walker import Walker

WEBHOOKS = "/organisation/webhooks/"


def added_webhook(walker: Walker) -> int:
    """The number of its page."""
    walker.open(WEBHOOKS)
    walker.page.get_by_label("Address").fill("https://hooks.example.invalid/fivegates")
    walker.press("Add the webhook")
    return int(walker.page.get_by_role("heading", level=1).inner_text().removeprefix("Webhook "))
