"""blairconrad/dicognito: one anonymizer for all files, as its README shows."""

import pydicom
from common import files_and_out, timed
from dicognito.anonymizer import Anonymizer

files, out = files_and_out()


def work():
    anonymizer = Anonymizer(seed="benchmark")
    for path in files:
        with pydicom.dcmread(path) as dataset:
            anonymizer.anonymize(dataset)
            dataset.save_as(out / path.name)


timed(work)
