"""Lists what identifies a person in DICOM files, as hexadecimal bytes, one per line.

python identifiers.py DIR

Names and their parts, numbers, dates, free text of the patient and visit, and every UID
that is neither a class nor a well-known one: as it stands in the file and in UTF-8.
"""

import re
import sys
from pathlib import Path

import pydicom
from pydicom.charset import convert_encodings

# Shorter values stand in any file by chance.
SHORTEST = 6
PERSONAL = {
    "PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "IssuerOfPatientID",
    "PatientAddress", "PatientTelephoneNumbers", "InstitutionName", "InstitutionAddress",
    "StationName", "DeviceSerialNumber", "MedicalRecordLocator", "AdmissionID",
}
found = set()


def add(value, encodings):
    for text in re.split(r"[\^=\\]", str(value)):
        text = text.strip()
        for encoding in ["utf-8", *encodings]:
            try:
                raw = text.encode(encoding)
            except (UnicodeEncodeError, LookupError):
                continue
            if len(raw) >= SHORTEST:
                found.add(raw)


def walk(data, encodings):
    for element in data:
        if element.VR == "SQ":
            for item in element.value:
                walk(item, encodings)
        elif element.VR == "UI":
            values = element.value if element.VM > 1 else [element.value]
            for uid in values:
                if uid and not str(uid).startswith("1.2.840.10008."):
                    found.add(str(uid).encode())
        elif element.VR == "PN" or element.keyword in PERSONAL:
            values = element.value if element.VM > 1 else [element.value]
            for value in values:
                add(value, encodings)
        elif element.VR in ("DA", "DT"):
            values = element.value if element.VM > 1 else [element.value]
            for value in values:
                if value:
                    found.add(str(value)[:8].encode())


for path in sorted(Path(sys.argv[1]).rglob("*")):
    if not path.is_file():
        continue
    try:
        data = pydicom.dcmread(path, stop_before_pixels=True)
    except pydicom.errors.InvalidDicomError:
        continue
    encodings = convert_encodings(data.get("SpecificCharacterSet") or "")
    walk(data, [e for e in encodings if e])
    add(path.stem, [])
for value in sorted(found):
    # A counter such as 00000007 stands in any file by chance.
    if not (value.isdigit() and int(value) < 10_000):
        print(value.hex())
