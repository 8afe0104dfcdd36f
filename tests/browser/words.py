"""Makes six images with doubtful words in their Study Description.

python words.py SAMPLES DIR KEPT GONE

Two with KEPT, two with GONE, two with both; a copy of the first comes last.
"""

import sys
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

samples, target, kept, gone = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
target.mkdir(parents=True, exist_ok=True)
source = next(
    path
    for path in sorted(samples.rglob("*"))
    if path.is_file()
    and pydicom.misc.is_dicom(path)
    and pydicom.dcmread(path, stop_before_pixels=True).get("BodyPartExamined") == "KNEE"
)
data = pydicom.dcmread(source)
series = generate_uid()
texts = [f"MRI knee {kept}"] * 2 + [f"MRI knee {gone} left"] * 2 + [f"MRI knee {kept} {gone}"] * 2
for n, text in enumerate(texts):
    data.SeriesInstanceUID = series
    data.SOPInstanceUID = generate_uid()
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.InstanceNumber = n + 1
    data.StudyDescription = text
    data.SeriesDescription = "T2 axial"
    data.ProtocolName = "T2 axial"
    data.save_as(target / f"{n}.dcm")
    if n == 0:
        data.save_as(target / "copy.dcm")
