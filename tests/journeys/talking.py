"""What two people do with each other's messages, as fingers and mice do it."""

from playwright.async_api import CDPSession, Locator, expect

from tests.journeys.screen import Screen

PRESS_MS = 700
LIFTED_MS = 250  # the sheet does not listen to the finger that opened it
SOON_MS = 8000


def row(screen: Screen, text: str) -> Locator:
    """The newest row of talk that holds a text."""
    return screen.timeline.locator('[data-kind="talk"][data-seq]').filter(has_text=text).last


async def sees(screen: Screen, text: str) -> None:
    """Wait until a message is in the timeline."""
    await expect(row(screen, text)).to_be_visible(timeout=SOON_MS)


async def act(screen: Screen, text: str, button: str, item: str = "") -> None:
    """Use the bar of a message under the mouse: a button, and an item of its menu."""
    await row(screen, text).hover()
    await row(screen, text).get_by_role("toolbar").get_by_role("button", name=button, exact=True).click()
    if item:
        await screen.page.get_by_role("menuitem", name=item).click()


async def press(screen: Screen, text: str, button: str) -> None:
    """Press a message long with a finger, and choose from the sheet that comes."""
    box = await row(screen, text).bounding_box()
    assert box is not None
    touch = await screen.page.context.new_cdp_session(screen.page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await screen.page.wait_for_timeout(PRESS_MS)
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await screen.page.wait_for_timeout(LIFTED_MS)
    await screen.page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()


def field(screen: Screen) -> Locator:
    """Where one writes."""
    return screen.page.locator("textarea").last


async def answers(screen: Screen, button: str) -> None:
    """Answer the question that stands over the page."""
    await screen.page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()


async def composing(screen: Screen, text: str) -> CDPSession:
    """Begin to write with an input method: the text stands in the field and is not chosen yet."""
    ime = await screen.page.context.new_cdp_session(screen.page)
    await ime.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    return ime


async def ime_enter(ime: CDPSession) -> None:
    """The Enter an input method takes for itself: browsers tell it with the code 229."""
    key = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    await ime.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    await ime.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Enter", "code": "Enter"})
