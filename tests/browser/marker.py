"""Makes a radiograph with a side marker alone in a corner, and a name at the foot.

python marker.py FILE
"""

import sys

import numpy as np
import pydicom
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

GLYPHS = {
    "R": (30, 17, 17, 30, 20, 18, 17),
    "D": (30, 17, 17, 17, 17, 17, 30),
    "O": (14, 17, 17, 17, 17, 17, 14),
    "E": (31, 16, 16, 30, 16, 16, 31),
    "J": (7, 2, 2, 2, 2, 18, 12),
    "A": (14, 17, 17, 31, 17, 17, 17),
    "N": (17, 25, 21, 19, 17, 17, 17),
}


def draw(picture, x, y, scale, text):
    for n, letter in enumerate(text):
        for row, bits in enumerate(GLYPHS.get(letter, (0,) * 7)):
            for column in range(5):
                if bits >> (4 - column) & 1:
                    top, left = y + row * scale, x + (n * 6 + column) * scale
                    picture[top : top + scale, left : left + scale] = 250


picture = np.full((512, 512), 30, np.uint8)
picture[100:400, 100:400] = 90
draw(picture, 440, 20, 4, "R")
draw(picture, 20, 470, 2, "DOE JANE")

data = pydicom.Dataset()
data.file_meta = pydicom.dataset.FileMetaDataset()
data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
data.SOPInstanceUID, data.StudyInstanceUID, data.SeriesInstanceUID = (generate_uid() for _ in range(3))
data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
data.PatientName, data.PatientID = "Doe^Jane", "P4711"
data.Modality, data.BodyPartExamined, data.ImageType = "CR", "KNEE", ["ORIGINAL", "PRIMARY"]
data.Rows = data.Columns = 512
data.SamplesPerPixel, data.PhotometricInterpretation, data.PixelRepresentation = 1, "MONOCHROME2", 0
data.BitsAllocated = data.BitsStored = 8
data.HighBit = 7
data.PixelData = picture.tobytes()
data.save_as(sys.argv[1], enforce_file_format=True)
