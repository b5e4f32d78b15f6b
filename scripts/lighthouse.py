"""Prints Lighthouse's scores (mobile) of a fresh site's main pages; `make lighthouse` calls it."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from served import CHROMIUM, FLAGS, NODE, SITE, begin, chromium, served

CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]


def pages(browser: Browser) -> dict[str, tuple[str, str]]:
    """(address, cookies) of each page; a question and a result belong to a visitor's session."""
    page = browser.new_context(base_url=SITE).new_page()
    begin(page, "warm-up-frameworks", 3)
    question = page.url
    begin(page, "warm-up-frameworks", 1)
    page.get_by_role("button", name="Finish").click()
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
    """The score of each category, 0 to 100; a dash where Lighthouse gives none."""
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
        told = json.loads(report.read_text())
        asked = next(one for one in told["audits"]["network-requests"]["details"]["items"] if one["url"] == address)
        if asked["statusCode"] != 200:
            sys.exit(f"{address} was answered with {asked['statusCode']}")
        found = told["categories"]
    given = [found[name]["score"] for name in CATEGORIES]
    return ["–" if score is None else str(round(100 * score)) for score in given]


def main() -> None:
    """Prints the table."""
    with served():
        with chromium() as browser:
            found = pages(browser)
        print(f"{'':10}" + "".join(f"{name:>16}" for name in CATEGORIES))
        for name, (address, cookies) in found.items():
            print(f"{name:10}" + "".join(f"{score:>16}" for score in scores(address, cookies)), flush=True)


if __name__ == "__main__":
    main()
