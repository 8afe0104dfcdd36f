#!/usr/bin/env python3
"""Collects the identifiers of DICOM files with pydicom, for the suite to search for.

    identifiers.py TABLE.csv FILE...

One line of JSON for each file: {"file", "read", "identifiers": [[place, hex], ...]}.
An identifier is a value of an attribute that Table E.1-1 lists, or of any PN, DA, DT
or UI attribute, or of a private one, at any depth. Left out is what is legitimately in
a clean file too: registered UIDs, words that the file also holds in a coded term, the
manufacturer or the model, and descriptions (rows with Clean Descriptors, private text)
that the file repeats in an attribute that the table lets stay. Names, numbers, dates and
UIDs have no such way out.
"""

import csv
import json
import re
import sys
import warnings

import pydicom
from pydicom._uid_dict import UID_dictionary

warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

TEXT = {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM",
        "UC", "UI", "UR", "UT"}
# Attributes that stay under the Basic Profile and are words of the trade.
STAYS = {0x00080070, 0x00081090, 0x00080100, 0x00080102, 0x00080104, 0x00080103, 0x00181020,
         0x00080060, 0x00180015, 0x00280004, 0x00081032, 0x00400440}
# Words that a clean file holds for other reasons: stamps, coded terms, dummies.
WORDS = ("BASIC APPLICATION CONFIDENTIALITY PROFILE CORDON DCM YES NO REMOVED DE-IDENTIFIED "
         "ANONYMOUS UNKNOWN NONE ORIGINAL PRIMARY DERIVED SECONDARY OTHER")


def table(path):
    """Tag of each row, and whether it is a description."""
    with open(path, encoding="utf-8", newline="") as file:
        return {int(r["tag"], 16): r["clean_desc"] == "C" for r in csv.DictReader(file)
                if "X" not in r["tag"] and r["tag"] != "ODDGROUP"}


def listed(tag, tags):
    group = tag >> 16
    return (tag in tags or group & 1 or group >> 8 == 0x50
            or (group >> 8 == 0x60 and tag & 0xFFFF in (0x3000, 0x4000)))


def encoded(value, encodings):
    """The value as the file may hold it: in each of its character sets, and in UTF-8."""
    forms = set()
    for encoding in [*encodings, "utf-8", "latin-1", "euc_jp", "shift_jis"]:
        try:
            form = value.encode(encoding)
        except (UnicodeError, LookupError):
            continue
        # The escape sequences of ISO 2022 stand around the text, not in it.
        form = re.sub(rb"\x1b[$(][)BIJ]?[ACG]?", b"", form)
        forms.add(form)
    return forms


def strings(element):
    value = element.value
    if value is None:
        return
    many = value if isinstance(value, (list, pydicom.multival.MultiValue)) else [value]
    for one in many:
        if element.VR == "PN":
            for group in str(one).split("="):
                for part in group.split("^"):
                    yield part.strip()
        else:
            yield str(getattr(one, "original_string", one)).strip()


def walk(dataset, tags, found, stays, depth=0):
    encodings = dataset._character_set
    if isinstance(encodings, str):
        encodings = [encodings]
    for raw_tag in list(dataset.keys()):
        try:
            element = dataset[raw_tag]
        except Exception:
            continue
        tag, vr = int(element.tag), element.VR
        place = f"depth {depth} {element.tag} {vr}"
        if vr == "SQ":
            for item in element.value or []:
                walk(item, tags, found, stays, depth + 1)
            continue
        # Private text is mostly of this kind; a name or number in it is also elsewhere.
        describes = tags.get(tag, tag >> 16 & 1 and vr in ("LO", "SH", "ST", "LT", "CS"))
        wanted = listed(tag, tags) or vr in ("PN", "DA", "DT", "UI")
        if tag >> 16 & 1 and vr in ("DS", "IS", "AS"):
            continue  # numbers of a scanner, equal to other numbers by chance
        if vr in TEXT and element.tag != 0x00080005:
            for text in strings(element):
                if not wanted:
                    known = vr == "CS" or tag in STAYS
                    stays.append((text.upper(), known))
                    continue
                if vr == "UI" and (text in UID_dictionary or tag == 0x00020010):
                    continue
                if len(text) >= 4:
                    for form in encoded(text, encodings or []):
                        found.append((place, form, describes))
        elif wanted and isinstance(element.value, bytes) and not (tag >> 16 == 0x7FE0):
            value = element.value.strip(b"\0 ")
            # Of a longer value, any 24 bytes that are not all alike.
            if len(value) >= 8 and len(set(value[:24])) >= 5:
                found.append((place, value[:24], False))


def keep(form, describes, stays):
    if len(form) < 4:
        return False
    text = form.decode("latin-1")
    if re.fullmatch(r"[\d.]+", text) and (len(text) < 6 or len(set(text)) < 3):
        return False  # numbers too short or too plain to be anybody's
    upper = text.upper()
    return upper not in WORDS and not any(
        upper in word for word, known in stays if known or describes)


def main():
    tags = table(sys.argv[1])
    for path in sys.argv[2:]:
        found, stays, read = [], [], True
        try:
            dataset = pydicom.dcmread(path, force=True)
            walk(dataset, tags, found, stays)
            walk(dataset.file_meta, tags, found, [])
        except Exception:
            read = False
        kept = sorted({(p, f) for p, f, d in found if keep(f, d, stays)},
                      key=lambda x: (x[1], x[0]))
        print(json.dumps({"file": path, "read": read,
                          "identifiers": [[p, f.hex()] for p, f in kept]}), flush=True)


if __name__ == "__main__":
    main()
