#!/usr/bin/env python3
"""Reads cleaned files with pydicom and asks dciodvfy whether cleaning broke an object.

    check.py [--validate] < lines of "BEFORE<TAB>AFTER<TAB>IDENTITY REMOVED"

One line of JSON for each pair: {"after", "problems": [...]}, where a problem is something
that pydicom cannot read, or an error of dciodvfy that the input did not have. Values are
not compared, only what is wrong with which attribute.
"""

import json
import re
import subprocess
import sys
import warnings
from collections import Counter

import pydicom

warnings.simplefilter("ignore")


def read(path, removed):
    problems = []
    try:
        dataset = pydicom.dcmread(path)
    except Exception as error:
        return [f"pydicom cannot read it: {type(error).__name__}"]

    def visit(item, depth):
        for tag in list(item.keys()):
            try:
                element = item[tag]
                if element.VR == "SQ":
                    for inner in element.value:
                        visit(inner, depth + 1)
                else:
                    str(element.value)
            except Exception as error:
                problems.append(f"pydicom cannot read {tag} at depth {depth}: {type(error).__name__}")
            if tag.group & 1:
                problems.append(f"private {tag} at depth {depth}")

    visit(dataset, 0)
    if dataset.file_meta.get("MediaStorageSOPInstanceUID") != dataset.get("SOPInstanceUID"):
        problems.append("File Meta names another instance")
    if str(dataset.get("PatientIdentityRemoved")) != removed:
        problems.append(f"(0012,0062) is not {removed}")
    return problems


def errors(path):
    try:
        run = subprocess.run(["dciodvfy", "-new", path], capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return Counter()
    found = Counter()
    for line in (run.stderr + run.stdout).decode("latin-1").splitlines():
        if not line.startswith("Error"):
            continue
        # <values> in "= <...>" and numbers are of this file; tags and names are not.
        line = re.sub(r"(is|=|value|got|of value) <[^>]*>", r"\1 <>", line)
        line = re.sub(r"\[\d+\]", "[]", line)
        line = re.sub(r"'[^']*'", "''", line)
        found[line] += 1
    return found


def main():
    validate = "--validate" in sys.argv
    for line in sys.stdin:
        before, after, removed = line.rstrip("\n").split("\t")
        problems = read(after, removed)
        if validate:
            old = errors(before)
            # What the validator could not read to the end cannot be compared with.
            if not any("read failed" in line for line in old):
                problems += sorted(set(errors(after)) - set(old))
        print(json.dumps({"after": after, "problems": problems}), flush=True)


if __name__ == "__main__":
    main()
