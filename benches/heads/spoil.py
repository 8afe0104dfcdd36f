"""Results that are worse than Cordon's own: what the verifier must not let pass on real heads.

The cut is asked for once (`--mask`). From it are made the result itself, and results in which a part of
the face stays, or half of it, or all of it some millimetres deeper.
"""

import nibabel
import numpy
from scipy import ndimage

from sources import Volume

# Half axes in mm, toward the left, the back and the head, around the middle of a part.
STAY = {"eyes": (55, 35, 22), "nose": (26, 32, 30), "mouth": (36, 40, 26)}


def points(volume):
    """Where the voxels lie (LPS, mm), `[slice, row, column, 3]`."""
    column, row, slice_ = volume.steps
    k, j, i = numpy.indices(volume.values.shape, sparse=True)
    part = lambda a: volume.origin[a] + column[a] * i + row[a] * j + slice_[a] * k
    return numpy.stack([part(a) for a in range(3)], axis=-1)


def inside(mask, places):
    """Which places a cut takes."""
    image = nibabel.load(mask)
    ras = places * (-1, -1, 1)
    voxel = nibabel.affines.apply_affine(numpy.linalg.inv(image.affine), ras)
    depth = numpy.asarray(image.dataobj).astype(numpy.float32)
    return ndimage.map_coordinates(depth, numpy.moveaxis(voxel, -1, 0), order=1, cval=-127.0) > 0


def under(volume):
    """How far under the skin each voxel lies, in mm."""
    values = volume.values
    if volume.modality == "CT":
        tissue = values > -300
    else:
        tissue = values > 0.12 * numpy.percentile(values, 98)
    head, n = ndimage.label(ndimage.binary_opening(tissue))
    sizes = ndimage.sum_labels(tissue, head, range(1, n + 1))
    head = ndimage.binary_fill_holes(ndimage.binary_closing(head == 1 + numpy.argmax(sizes)))
    spacing = [numpy.linalg.norm(v) for v in reversed(volume.steps)]
    return ndimage.distance_transform_edt(numpy.pad(head, 1), spacing)[1:-1, 1:-1, 1:-1]


def results(volume, mask, centres, scale):
    """Names and volumes, stored with this scale; whether a face is left in each."""
    places = points(volume)
    cut = inside(mask, places)
    air = numpy.percentile(volume.values, 2)

    def made(taken):
        values = numpy.where(taken, air, volume.values)
        result = Volume(values, volume.origin, *volume.steps, volume.modality)
        result.scale = scale
        return result

    yield "the cut itself", made(cut), False
    for part, axes in STAY.items():
        if part in centres:
            far = (((places - centres[part]) / axes) ** 2).sum(-1) > 1
            yield f"{part} stay", made(cut & far), True
    middle = centres.get("brain", centres.get("face"))
    if middle is not None:
        yield "half of the face stays", made(cut & (places[..., 0] < middle[0])), True
    deep = under(volume)
    for shaved in (4, 8):
        yield f"shaved by {shaved} mm", made(cut & (deep <= shaved)), True
