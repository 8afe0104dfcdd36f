"""KitwareMedical/dicom-anonymizer: its Basic Profile rules, file by file."""

from common import files_and_out, timed
from dicomanonymizer import anonymize_dicom_file

files, out = files_and_out()


def work():
    for path in files:
        anonymize_dicom_file(str(path), str(out / path.name))


timed(work)
