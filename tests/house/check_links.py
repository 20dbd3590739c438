"""Relative links in the documentation lead to files, and with #fragment to headings, that exist.

usage: check_links.py SOURCE_DIR
"""
import pathlib
import re
import sys

CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
EXTERNAL = re.compile(r"[a-z]+:")


def fragments(path):
    """What headings are called in links: lower case, blanks as dashes, other punctuation left out."""
    headings = HEADING.findall(path.read_text())
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def is_broken(document, link):
    file, _, fragment = link.partition("#")
    target = document.parent / file if file else document
    return not target.exists() or (fragment and fragment not in fragments(target))


def main():
    source_dir = pathlib.Path(sys.argv[1])
    documents = sorted(source_dir.glob("*.md"))
    for folder in ("bench", "docs", "examples", "tests"):
        documents += sorted((source_dir / folder).rglob("*.md"))
    broken = 0
    for document in documents:
        for link in LINK.findall(CODE.sub("", document.read_text())):
            if not EXTERNAL.match(link) and is_broken(document, link):
                print(f"{document.relative_to(source_dir)}: there is no {link}")
                broken += 1
    return broken > 0


sys.exit(main())
