#!/usr/bin/env python3
"""Makes bad sheets out of a good one, to prove that check_pdf.py sees what it claims to see.

    spoil_pdf.py GOOD.pdf FOLDER

Each bad sheet is named after the words that the check must say of it.
"""

import sys

import pikepdf


def descriptors(pdf):
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"]


def elements(pdf, kind):
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == kind]


def no_language(pdf):
    del pdf.Root.Lang


def no_tree(pdf):
    del pdf.Root.StructTreeRoot


def no_mark(pdf):
    del pdf.Root.MarkInfo


def no_intent(pdf):
    del pdf.Root.OutputIntents


def no_shown_title(pdf):
    del pdf.Root.ViewerPreferences


def no_alternative(pdf):
    del elements(pdf, "/Figure")[0].Alt


def skipped_level(pdf):
    elements(pdf, "/H2")[0].S = pikepdf.Name("/H3")
    elements(pdf, "/H1")[0].S = pikepdf.Name("/H1")
    elements(pdf, "/H3")[0].S = pikepdf.Name("/H4")


def font_outside(pdf):
    del descriptors(pdf)[0].FontFile2


def script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)"))


def attachment(pdf):
    pdf.attachments["hidden.txt"] = pikepdf.AttachedFileSpec(pdf, b"hidden", filename="hidden.txt")


def undeclared(pdf):
    with pdf.open_metadata() as xmp:
        del xmp["pdfaid:part"]


def other_order(pdf):
    children = pdf.Root.StructTreeRoot.K[0].K
    pdf.Root.StructTreeRoot.K[0].K = pikepdf.Array(list(reversed(list(children))))


SPOILS = {
    "its language is": no_language,
    "it has no structure tree": no_tree,
    "it is not marked as tagged": no_mark,
    "it has no output intent": no_intent,
    "readers are not asked to show its title": no_shown_title,
    "a figure has no words instead": no_alternative,
    "a heading of level": skipped_level,
    "is not inside": font_outside,
    "it holds": script,
    "EmbeddedFiles": attachment,
    "its metadata say": undeclared,
    "out of order or absent": other_order,
}


def main():
    good, folder = sys.argv[1:]
    for words, spoil in SPOILS.items():
        with pikepdf.open(good) as pdf:
            spoil(pdf)
            pdf.save(f"{folder}/{words}.pdf", fix_metadata_version=False)


if __name__ == "__main__":
    main()
