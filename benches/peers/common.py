"""What the three peers share: the list of files, the clock, the answer.

Only the loop over the files is timed, not the start of the interpreter, and each
peer is used in the plainest way that its documentation shows.
"""

import json
import sys
import time
from pathlib import Path


def files_and_out():
    """The files to clean and the folder to write to, from the command line."""
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    return sorted(p for p in source.rglob("*") if p.is_file()), out


def timed(work):
    """Runs `work` and prints its seconds as JSON."""
    start = time.perf_counter()
    work()
    print(json.dumps({"seconds": time.perf_counter() - start}))
