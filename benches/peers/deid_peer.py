"""pydicom/deid: get_identifiers and replace_identifiers with its own base recipe."""

import logging

from common import files_and_out, timed
from deid.config import DeidRecipe
from deid.dicom import get_identifiers, replace_identifiers

logging.disable(logging.CRITICAL)
files, out = files_and_out()


def work():
    recipe = DeidRecipe()
    paths = [str(path) for path in files]
    identifiers = get_identifiers(paths)
    replace_identifiers(
        dicom_files=paths,
        deid=recipe,
        ids=identifiers,
        save=True,
        overwrite=True,
        output_folder=str(out),
    )


timed(work)
