"""Print Lighthouse's mobile scores for the main pages of a fresh site; run by `make lighthouse`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from served import CHROMIUM, FLAGS, NODE, SITE, chromium, press_in_menu, running_site, start_quiz

CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]


def pages(browser: Browser) -> dict[str, tuple[str, str]]:
    """Return (URL, cookies) by page name. The question and the result belong to a visitor's session."""
    page = browser.new_context(base_url=SITE).new_page()
    start_quiz(page, "warm-up-frameworks", 3)
    question = page.url
    start_quiz(page, "warm-up-frameworks", 1)
    press_in_menu(page, "Finish")
    page.wait_for_url("**/overview/")
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/result/")
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    return {
        "home": (f"{SITE}/", ""),
        "guide": (f"{SITE}/topics/framework-choice/", ""),
        "question": (question, cookies),
        "result": (page.url, cookies),
    }


def scores(address: str, cookies: str) -> list[str]:
    """Return the score of each category, 0 to 100; a dash if Lighthouse gives none."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                *(NODE / ".bin" / "lighthouse", address, "--quiet", "--output=json", f"--output-path={report}"),
                *(f"--chrome-path={CHROMIUM}", f"--chrome-flags={' '.join(FLAGS)}"),
                f"--extra-headers={json.dumps({'Cookie': cookies} if cookies else {})}",
            ],
            check=True,
            timeout=180,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        report_data = json.loads(report.read_text())
        request = next(
            one for one in report_data["audits"]["network-requests"]["details"]["items"] if one["url"] == address
        )
        if request["statusCode"] != 200:
            sys.exit(f"{address} returned status {request['statusCode']}. Check the server's log.")
        categories = report_data["categories"]
    values = [categories[name]["score"] for name in CATEGORIES]
    return ["–" if score is None else str(round(100 * score)) for score in values]


def main() -> None:
    """Print the table of scores."""
    with running_site():
        with chromium() as browser:
            found = pages(browser)
        print(f"{'':10}" + "".join(f"{name:>16}" for name in CATEGORIES))
        for name, (address, cookies) in found.items():
            print(f"{name:10}" + "".join(f"{score:>16}" for score in scores(address, cookies)), flush=True)


if __name__ == "__main__":
    main()
