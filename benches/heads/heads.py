"""What `cordon face` makes of real heads: `heads.py CORDON CACHE [--proof] [--table FILE]`.

Each volume is tried as it came, in thick slices, re-sliced, and in pieces as scanners cut them.
Where somebody else has said what is brain (BET for Colin27, deepbet for other MR; a volume that
holds nothing else), what would be taken of it is counted. With `--proof` the verifier is asked instead
about each cut, and about worse ones (`spoil.py`).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys

import nibabel
import numpy
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from scipy import ndimage

import sources
import spoil

CLASSES = {"MR": "1.2.840.10008.5.1.4.1.1.4", "CT": "1.2.840.10008.5.1.4.1.1.2"}


def stored(volume):
    """By what values are multiplied to be stored."""
    if volume.modality == "CT":
        return 1.0
    return volume.scale or 1000.0 / max(numpy.percentile(volume.values, 99.9), 1e-6)


def write(volume, folder):
    """Slices as DICOM, one file each, with an identity that is made up."""
    os.makedirs(folder)
    study, series, frame = (generate_uid() for _ in range(3))
    length = [numpy.linalg.norm(v) for v in volume.steps]
    way = [v / n for v, n in zip(volume.steps, length)]
    scale = stored(volume)
    for k, plane in enumerate(volume.values):
        image = Dataset()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = CLASSES[volume.modality]
        image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        image.FrameOfReferenceUID = frame
        image.PatientName, image.PatientID = "Made^Up", "0"
        image.Modality, image.ImageType = volume.modality, ["ORIGINAL", "PRIMARY", "AXIAL"]
        image.StudyDate, image.StudyTime = "20200101", "120000"
        image.SeriesNumber, image.InstanceNumber = 1, k + 1
        position = volume.origin + volume.steps[2] * k
        image.ImagePositionPatient = ["%.4f" % v for v in position]
        image.ImageOrientationPatient = ["%.6f" % v for v in (*way[0], *way[1])]
        image.PixelSpacing = ["%.5f" % length[1], "%.5f" % length[0]]
        image.SliceThickness = "%.5f" % length[2]
        samples = numpy.clip(numpy.rint(plane * scale), -32768, 32767).astype("<i2")
        image.Rows, image.Columns = samples.shape
        image.BitsAllocated = image.BitsStored = 16
        image.HighBit, image.PixelRepresentation = 15, 1
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        if volume.modality == "CT":
            image.RescaleSlope, image.RescaleIntercept, image.RescaleType = "1", "0", "HU"
        image.PixelData = numpy.ascontiguousarray(samples).tobytes()
        image.save_as(os.path.join(folder, f"{k:04}.dcm"), enforce_file_format=True)


def upward(volume):
    """The axis along which a head stands, and whether it counts upward."""
    axis = int(numpy.argmax([abs(v[2]) / numpy.linalg.norm(v) for v in volume.steps]))
    return axis, volume.steps[axis][2] > 0


def variants(volume):
    """The ways in which a volume is tried."""
    yield "as it came", volume
    yield "slices of 5 mm", volume.thick(5)
    yield "re-sliced, 3 mm", volume.along(1).thick(3)
    yield "re-sliced the other way, 4 mm", volume.along(0).thick(4)
    axis, up = upward(volume)

    def between(low, high):
        return volume.piece(axis, low, high) if up else volume.piece(axis, 1 - high, 1 - low)

    yield "upper two thirds", between(0.35, 1.0)
    yield "upper half", between(0.5, 1.0)
    yield "lower half", between(0.0, 0.55)
    yield "a slab in the middle", between(0.45, 0.75)


def brain_taken(mask, brain):
    """Millilitres of brain that a mask takes."""
    taken = nibabel.load(mask)
    inside = numpy.argwhere(numpy.asarray(taken.dataobj) > 0)
    if len(inside) == 0:
        return 0.0
    image, known = brain
    world = nibabel.affines.apply_affine(taken.affine, inside)
    voxel = nibabel.affines.apply_affine(numpy.linalg.inv(image), world)
    hit = ndimage.map_coordinates(known.astype(numpy.float32), voxel.T, order=0) > 0.5
    return float(hit.sum() * abs(numpy.linalg.det(taken.affine[:3, :3])) / 1000)


def ras(volume):
    """The affine of a volume as NIfTI wants it, for values `[column, row, slice]`."""
    affine = numpy.eye(4)
    affine[:3, :3] = numpy.transpose(volume.steps)
    affine[:3, 3] = volume.origin
    return numpy.diag([-1, -1, 1, 1]) @ affine


def known_brain(volume, said):
    """Affine (RAS) and mask of what somebody else calls brain."""
    if said is None:
        return None
    if said is True:
        return ras(volume), (volume.values > 0).transpose(2, 1, 0)
    image = nibabel.as_closest_canonical(nibabel.load(said))
    mask = ndimage.binary_closing(numpy.asarray(image.dataobj) > 0, iterations=3)
    return image.affine, ndimage.binary_fill_holes(mask)


def brain_by_deepbet(volume, path):
    """A mask of the brain by deepbet (Fisch 2024), kept beside the packages."""
    if not os.path.exists(path):
        from deepbet import run_bet

        os.makedirs(os.path.dirname(path), exist_ok=True)
        whole = path.replace(".nii.gz", "-whole.nii.gz")
        image = nibabel.Nifti1Image(volume.values.transpose(2, 1, 0).astype(numpy.float32), ras(volume))
        nibabel.save(nibabel.as_closest_canonical(image), whole)
        others = [path.replace(".nii.gz", end) for end in ("-brain.nii.gz", "-volume.csv")]
        run_bet([whole], [others[0]], [path], [others[1]], threshold=0.5, n_dilate=0, no_gpu=True)
        for other in [whole, *others]:
            os.remove(other)
    image = nibabel.load(path)
    return image.affine, ndimage.binary_fill_holes(numpy.asarray(image.dataobj) > 0)


def ask(cordon, folder, out, result=None):
    """What `cordon face` says of a folder with one series, or of a result for it."""
    os.makedirs(out, exist_ok=True)
    asked = [cordon, "face", folder, "--json", "--mask", out]
    asked += [] if result is None else ["--result", result]
    told = subprocess.run(asked, capture_output=True, text=True)
    series = json.loads(told.stdout)["series"]
    masks = [os.path.join(out, n) for n in os.listdir(out) if n.endswith(".nii")]
    return (series[0] if series else None), (masks[0] if masks else None)


def line(name, kind, said, mask, brain):
    altered = (said or {}).get("altered") or {}
    share = lambda key: "" if mask is None or altered.get(key) is None else "%.1f %%" % (100 * altered[key])
    taken = "" if brain is None else "%.2f" % (brain_taken(mask, brain) if mask else 0.0)
    if said is None:
        return f"| {name} | {kind} | no series | | | | | |"
    cells = [name, kind, "yes" if said["head"] else "no", said["face"], "yes" if mask else "no"]
    return "| " + " | ".join([*cells, share("face"), share("ears"), taken]) + " |"


def proofs(cordon, name, volume, work):
    """What the verifier says of the cut of a head, and of worse ones."""
    folder, out = os.path.join(work, "in"), os.path.join(work, "out")
    for kind, variant in list(variants(volume))[:4]:
        write(variant, folder)
        said, mask = ask(cordon, folder, out)
        centres = {} if said is None else dict(said["centres"])
        for how, made, left in [] if mask is None else spoil.results(variant, mask, centres, stored(variant)):
            result = os.path.join(work, "result")
            write(made, result)
            told, _ = ask(cordon, folder, os.path.join(work, "again"), result)
            altered = told["altered"]
            share = lambda key: "%.1f %%" % (100 * altered[key])
            parts = ", ".join("%.0f" % told["left"][p] for p in ("eyes", "nose", "mouth"))
            cells = [name, kind, how, "yes" if left else "no", told["proof"], share("face"), share("shape"), parts]
            yield left, told["proof"], "| " + " | ".join(cells) + " |"
            shutil.rmtree(result)
        shutil.rmtree(work)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("cordon")
    arguments.add_argument("cache")
    arguments.add_argument("--proof", action="store_true")
    arguments.add_argument("--table")
    options = arguments.parse_args()
    packages = os.path.join(options.cache, "packages")
    sources.fetch(packages)
    work = os.path.join(options.cache, "work")
    shutil.rmtree(work, ignore_errors=True)
    lines = [
        "| head | as | head found | face | cut | face skin altered | ears | brain taken, ml |",
        "|---|---|---|---|---|---|---|---|",
    ]
    if options.proof:
        lines = [
            "| head | as | result | face left | the proof says | face moved | shape left | eyes, nose, mouth left, mm² |",
            "|---|---|---|---|---|---|---|---|",
        ]
        counts = {False: [0, 0], True: [0, 0]}
        for name, volume, said in sources.volumes(packages):
            if said is True:  # a brain without a head
                continue
            for left, proof, text in proofs(options.cordon, name, volume, work):
                counts[left][0] += 1
                counts[left][1] += proof == "absent"
                lines.append(text)
                print(text, flush=True)
        for left, what in ((False, "good results"), (True, "results with a face left")):
            print(f"{what}: {counts[left][1]} of {counts[left][0]} pass")
        finish(options, lines)
        return
    for name, volume, said in sources.volumes(packages):
        brain = known_brain(volume, said)
        if brain is None and volume.modality == "MR":
            path = os.path.join(options.cache, "brains", name + ".nii.gz")
            brain = brain_by_deepbet(volume, path)
        for kind, variant in variants(volume):
            folder = os.path.join(work, "in")
            out = os.path.join(work, "out")
            write(variant, folder)
            lines.append(line(name, kind, *ask(options.cordon, folder, out), brain))
            print(lines[-1], flush=True)
            shutil.rmtree(work)
    for name, folder in sources.as_it_is(packages):
        out = os.path.join(work, "out")
        lines.append(line(name, "as it came", *ask(options.cordon, folder, out), None))
        print(lines[-1], flush=True)
        shutil.rmtree(work)
    finish(options, lines)


def finish(options, lines):
    """Writes the table where it was asked for."""
    if options.table:
        with open(options.table, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
