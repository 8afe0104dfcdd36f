#!/usr/bin/env bash
# Brings libtorch for `cargo build --profile train -p cordon-train --features tch`, from PyPI and
# without CUDA: burn's own `flex` trains everything too, two to four times as slowly on a CPU.
# Nothing but training needs it. Prints what to set.
set -euo pipefail
cache="${CORDON_CACHE:-$HOME/.cache/cordon}/torch"
python="${CORDON_PYTHON:-python3}"
if [ ! -e "$cache/torch/lib/libtorch.so" ]; then
    mkdir -p "$cache" && cd "$cache"
    "$python" -m pip download --quiet --no-deps --dest . --only-binary :all: \
        torch==2.9.0 nvidia-cuda-cupti-cu12==12.8.90 nvidia-cuda-runtime-cu12==12.8.90
    "$python" - <<'PY'
import glob, os, zipfile
keep = ("libtorch_cpu", "libc10.so", "libgomp", "libcupti.so.12", "libcudart.so.12")
for wheel in glob.glob("*.whl"):
    with zipfile.ZipFile(wheel) as z:
        for name in z.namelist():
            base = os.path.basename(name)
            if base and base.startswith(keep):
                os.makedirs("torch/lib", exist_ok=True)
                with open(f"torch/lib/{base}", "wb") as out:
                    out.write(z.read(name))
            elif name.startswith("torch/include/"):
                z.extract(name)
PY
    rm -f ./*.whl
    # The wheel's own libtorch.so wants CUDA; all that is needed of it are its two parts.
    cd torch/lib
    cc -shared -o libtorch.so -Wl,--no-as-needed -L. -ltorch_cpu -lc10 \
        -Wl,-rpath,'$ORIGIN' -Wl,--allow-shlib-undefined
fi
cat <<SET
export LIBTORCH=$cache/torch LIBTORCH_BYPASS_VERSION_CHECK=1
export LD_LIBRARY_PATH=$cache/torch/lib OMP_NUM_THREADS=1
SET
