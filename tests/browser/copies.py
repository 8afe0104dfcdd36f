"""Makes COUNT copies of a DICOM file that differ in SOP Instance UID, number and one pixel.

python copies.py SOURCE COUNT DIR [STUDIES]
"""

import sys
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

source, count, target = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
studies = int(sys.argv[4]) if len(sys.argv) > 4 else 1
target.mkdir(parents=True, exist_ok=True)
data = pydicom.dcmread(source)
pixels = bytearray(data.PixelData)
uids = [(generate_uid(), generate_uid()) for _ in range(studies)]
for n in range(count):
    data.StudyInstanceUID, data.SeriesInstanceUID = uids[n % studies]
    data.SOPInstanceUID = generate_uid()
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.InstanceNumber = n + 1
    pixels[0:2] = (n % 4096).to_bytes(2, "little")
    data.PixelData = bytes(pixels)
    data.save_as(target / f"{n:05}.dcm")
