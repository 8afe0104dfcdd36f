#!/usr/bin/env python3
"""Runs another project's de-identifier over a folder, file by file, through its own library.

    peers.py TOOL IN OUT [KEEP ...]

TOOL is dicom-anonymizer, dicognito, deid or rsna-anonymizer; each file is written below OUT
under its path below IN, so that what came of it can be found. KEEP are keywords of
attributes that the protocol keeps, for tools that can be told so. One line of JSON at the
end: {"version", "seconds", "failed": {path: kind of error}}.
"""

import contextlib
import io
import json
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from importlib import metadata
from pathlib import Path

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def dicom_anonymizer(keep):
    import pydicom.datadict
    from dicomanonymizer import simpledicomanonymizer as tool

    rules = {}
    for keyword in keep:
        tag = pydicom.datadict.tag_for_keyword(keyword)
        if tag is not None:
            rules[(tag >> 16, tag & 0xFFFF)] = tool.keep

    def one(source, target):
        tool.anonymize_dicom_file(str(source), str(target), rules, True)

    return "dicom_anonymizer", one


def dicognito(keep):
    import pydicom
    from dicognito.anonymizer import Anonymizer
    from dicognito.value_keeper import ValueKeeper

    tool = Anonymizer(seed="conformance")
    for keyword in keep:
        tool.add_element_handler(ValueKeeper(keyword))

    def one(source, target):
        dataset = pydicom.dcmread(source)
        tool.anonymize(dataset)
        dataset.save_as(target)

    return "dicognito", one


def deid(keep):
    from deid.config import DeidRecipe
    from deid.dicom import get_identifiers, replace_identifiers

    recipe = DeidRecipe()

    def one(source, target):
        ids = get_identifiers([str(source)])
        (dataset,) = replace_identifiers(
            dicom_files=[str(source)], ids=ids, deid=recipe, save=False, remove_private=True
        )
        dataset.save_as(target)

    return "deid", one


def rsna_anonymizer(keep):
    import anonymizer
    import pydicom
    from anonymizer.controller.anonymizer import AnonymizerController
    from anonymizer.model.project import ProjectModel

    folder = Path(tempfile.mkdtemp())
    script = Path(anonymizer.__file__).parent / "assets/scripts/default-anonymizer.script"
    project = ProjectModel(
        site_id="4711", project_name="CONFORMANCE", storage_dir=folder, anonymizer_script_path=script
    )

    project.private_dir().mkdir(parents=True, exist_ok=True)
    project.images_dir().mkdir(parents=True, exist_ok=True)

    class Everything:
        def __contains__(self, item):
            return True

    project.storage_classes = Everything()
    tool = AnonymizerController(project)

    def one(source, target):
        # It moves what it does not take: give it a copy.
        copy = folder / "input.dcm"
        shutil.copy(source, copy)
        before = set(project.images_dir().rglob("*.dcm"))
        error, dataset = tool.anonymize_file(copy)
        written = set(project.images_dir().rglob("*.dcm")) - before
        if error or len(written) != 1:
            raise ValueError("not taken")
        shutil.move(written.pop(), target)

    return "rsna_anonymizer", one


TOOLS = {
    "dicom-anonymizer": dicom_anonymizer,
    "dicognito": dicognito,
    "deid": deid,
    "rsna-anonymizer": rsna_anonymizer,
}


def main():
    name, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    noise = io.StringIO()
    failed = {}
    with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
        package, one = TOOLS[name](sys.argv[4:])
        start = time.monotonic()
        for path in sorted(source.rglob("*.dcm")):
            relative = path.relative_to(source)
            out = target / relative
            out.parent.mkdir(parents=True, exist_ok=True)
            try:
                one(path, out)
            except Exception as error:  # the kind only: a message may hold a value
                failed[str(relative)] = type(error).__name__
                if out.exists():
                    os.unlink(out)
        seconds = time.monotonic() - start
    print(json.dumps({"version": metadata.version(package), "seconds": seconds, "failed": failed}), flush=True)
    # Worker threads of a tool must not keep this process.
    os._exit(0)


main()
