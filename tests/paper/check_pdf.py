#!/usr/bin/env python3
"""Checks finished sheets with tools that are not ours: poppler (pdfinfo, pdftotext, pdffonts), qpdf and pikepdf.

    check_pdf.py [--pages N] [--order FILE] PDF...

Looks at what PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) ask and these tools can see: declarations, structure tree,
language, title, alternative texts, embedded fonts, nothing that runs or is hidden; and at the typography a French reader expects.
It is no replacement for veraPDF, which Debian does not ship.

`--order` names a file of sentences, one a line, that a reader of the structure must meet in that order; with it, and because
poppler is slow to read a structure, come the checks of the typography.
Exit: 0 all is well, 1 a sheet is not, 2 a tool is missing.
"""

import argparse
import re
import shutil
import subprocess
import sys

TOOLS = ("pdfinfo", "pdftotext", "pdffonts", "qpdf")
NO_BREAK = "\u00a0"
HEADINGS = re.compile(r"H([1-6])")
# Keys that carry a program, an action, a file or a form.
RUNS = {"/JavaScript", "/JS", "/OpenAction", "/AA", "/EmbeddedFiles", "/EmbeddedFile", "/AF", "/AcroForm", "/Launch", "/RichMedia", "/XFA"}


def said(*command):
    """What a tool prints; its complaints are kept apart."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return done.returncode, done.stdout, done.stderr


def walk(element, parents=()):
    """Structure elements, in reading order."""
    import pikepdf

    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from walk(one, parents)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element, parents
        if "/K" in element:
            yield from walk(element.K, (*parents, str(element.S)))


def within(item):
    """A dictionary and those that lie in it; what it only points to comes in its own turn."""
    import pikepdf

    if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        yield item
        inside = [item[key] for key in item.keys()]
    elif isinstance(item, pikepdf.Array):
        inside = list(item)
    else:
        return
    for one in inside:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield from within(one)


def check_catalogue(pdf, root, wrong):
    """Declarations of the file as a whole."""
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        wrong("it is not marked as tagged")
    if str(root.get("/Lang", "")) not in ("fr", "fr-FR"):
        wrong(f"its language is {root.get('/Lang')}, not French")
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        wrong("readers are not asked to show its title")
    if "/ID" not in pdf.trailer or len(pdf.trailer.ID) != 2:
        wrong("its trailer has no identifier")
    if "/Encrypt" in pdf.trailer:
        wrong("it is encrypted")
    intents = root.get("/OutputIntents", [])
    if not any(str(one.S) == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in intents):
        wrong("it has no output intent with a colour profile")
    with pdf.open_metadata() as xmp:
        universal = "{http://www.aiim.org/pdfua/ns/id/}part"
        expected = {"pdfaid:part": "2", "pdfaid:conformance": "A", universal: "1"}
        for key, value in expected.items():
            if xmp.get(key) != value:
                wrong(f"its metadata say {key} = {xmp.get(key)}, not {value}")
        if not str(xmp.get("dc:title", "")).strip():
            wrong("its metadata have no title")


def check_objects(pdf, wrong):
    """Nothing that runs, nothing hidden, every font inside."""
    fonts = 0
    for item in (inner for outer in pdf.objects for inner in within(outer)):
        for key in RUNS & set(item.keys()):
            wrong(f"it holds {key}")
        if item.get("/Type") == "/FontDescriptor":
            fonts += 1
            if not any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                wrong(f"the font {item.get('/FontName')} is not inside")
        if item.get("/Type") == "/Font" and item.get("/Subtype") == "/Type0" and "/ToUnicode" not in item:
            wrong(f"the text in {item.get('/BaseFont')} cannot be copied")
    if fonts == 0:
        wrong("it has no font at all")


def check_structure(pdf, root, wrong):
    """A tree that a screen reader can follow."""
    if "/StructTreeRoot" not in root:
        wrong("it has no structure tree")
        return
    tree = root.StructTreeRoot
    if "/ParentTree" not in tree:
        wrong("its structure tree has no parent tree")
    levels = []
    for element, parents in walk(tree.K):
        kind = str(element.S).lstrip("/")
        if kind == "Figure" and not str(element.get("/Alt", "")).strip():
            wrong("a figure has no words instead")
        if kind == "LI" and (not parents or parents[-1] != "/L"):
            wrong("a list item stands out of a list")
        found = HEADINGS.fullmatch(kind)
        if found:
            levels.append(int(found.group(1)))
    if not levels or levels[0] != 1 or levels.count(1) != 1:
        wrong(f"its headings do not begin with one title: {levels}")
    for before, after in zip(levels, levels[1:]):
        if after > before + 1:
            wrong(f"a heading of level {after} follows one of level {before}")
    for number, page in enumerate(pdf.pages, 1):
        if "/StructParents" not in page:
            wrong(f"page {number} is not tied to the structure")
        if page.get("/Annots", []) and page.get("/Tabs") != "/S":
            wrong(f"page {number} does not follow the structure with the tab key")


def check_tools(path, pages, wrong):
    """What poppler and qpdf say."""
    code, out, err = said("qpdf", "--check", path)
    if code != 0 or "No syntax or stream encoding errors found" not in out:
        wrong(f"qpdf: {(out + err).strip()}")
    code, out, err = said("pdfinfo", path)
    told = dict(line.split(":", 1) for line in out.splitlines() if ":" in line)
    expected = {"Tagged": "yes", "JavaScript": "no", "Form": "none", "Encrypted": "no"}
    if pages:
        expected["Pages"] = str(pages)
    for key, value in expected.items():
        if told.get(key, "").strip() != value:
            wrong(f"pdfinfo: {key} is {told.get(key, '').strip()}, not {value}")
    if "A4" not in told.get("Page size", "") or not told.get("Title", "").strip():
        wrong("pdfinfo: not A4, or no title")
    code, out, err = said("pdffonts", path)
    for line in out.splitlines()[2:]:
        # Name, type (several words), encoding, then emb, sub, uni, object, generation.
        embedded, _subset, unicode = line.split()[-5:-2]
        if (embedded, unicode) != ("yes", "yes"):
            wrong(f"pdffonts: {line.strip()}")


def check_words(path, order, wrong):
    """Reading order, and spaces that hold."""
    _, out, _ = said("pdfinfo", "-struct-text", path)
    # Runs of one sentence come one by one, in quotes.
    structure = "".join(re.findall(r'^\s*"(.*)"\s*$', out, re.M))
    for pattern, why in (
        (r"\S [:;!?»]", "a space that can break before a double sign"),
        (r"« ", "a space that can break after a guillemet"),
        (r"\d h|h \d", "an hour that can break"),
        (r"\w'\w", "a straight apostrophe"),
        ("[\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "an invisible character"),
    ):
        found = re.search(pattern, structure)
        if found:
            wrong(f"{why}: {structure[max(0, found.start() - 25):found.end() + 15]!r}")
    structure = structure.replace(NO_BREAK, " ")
    at = 0
    for sentence in order:
        found = structure.find(sentence, at)
        if found < 0:
            wrong(f"out of order or absent: « {sentence} »")
        else:
            at = found + len(sentence)
    # What is seen: poppler makes every space plain here, so that only the ends of lines can be judged.
    _, text, _ = said("pdftotext", "-enc", "UTF-8", path, "-")
    for line in text.splitlines():
        if re.match(r"[:;!?»]", line) or line.endswith("«"):
            wrong(f"a sign cut from its word: {line!r}")


def check(path, pages, order):
    """All that is wrong with one sheet."""
    import pikepdf

    found = []
    wrong = found.append
    with pikepdf.open(path) as pdf:
        root = pdf.Root
        check_catalogue(pdf, root, wrong)
        check_objects(pdf, wrong)
        check_structure(pdf, root, wrong)
    check_tools(path, pages, wrong)
    if order:
        check_words(path, order, wrong)
    return found


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pages", type=int)
    asked.add_argument("--order")
    asked.add_argument("pdf", nargs="+")
    asked = asked.parse_args()
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    try:
        import pikepdf  # noqa: F401
    except ImportError:
        missing.append("pikepdf (python3-pikepdf)")
    if missing:
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
        return 2
    order = []
    if asked.order:
        with open(asked.order, encoding="utf-8") as lines:
            order = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    bad = 0
    for path in asked.pdf:
        found = check(path, asked.pages, order)
        bad += bool(found)
        print(f"{path}: {'well' if not found else 'not well'}")
        for one in found:
            print(f"  {one}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
