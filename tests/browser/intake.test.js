// What people drop is not always a clean folder of DICOM.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test_ from "node:test";
import {
  PYTHON, Server, approve, browser, drop, filesBelow, folder, holds, judged, open, read, receipt, run, slices, test,
} from "./support.js";

const ZIP = `
import sys, zipfile
from pathlib import Path
source, target = Path(sys.argv[1]), sys.argv[2]
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as z:
    for n, path in enumerate(sorted(source.iterdir())):
        z.write(path, f"export/series/{n}.dcm")
    z.writestr("export/readme.txt", "not DICOM")
`;

const DICOMDIR = `
import sys
from pathlib import Path
from pydicom.fileset import FileSet
fs = FileSet()
for path in sorted(Path(sys.argv[1]).iterdir()):
    fs.add(path)
fs.write(sys.argv[2])
`;

test_("copies, empty files, other files and a ZIP: each is counted, and each image is sent once", async (t) => {
  const series = await slices(12);
  const place = folder();
  mkdirSync(join(place, "copies"));
  for (const path of filesBelow(series)) copyFileSync(path, join(place, "copies", `again-${path.split("/").pop()}`));
  writeFileSync(join(place, "empty.dcm"), "");
  writeFileSync(join(place, "notes.txt"), "no image");
  writeFileSync(join(place, "noise"), Buffer.alloc(50_000, 7));
  const more = await slices(8);
  const zipped = await run(PYTHON, ["-c", ZIP, more, join(place, "archive.zip")]);
  assert.equal(zipped.code, 0, zipped.stderr);

  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  await drop(page, [series, place]);
  await judged(page);
  // 12, their 12 copies, three others, and the ZIP's 8 with one other.
  assert.match(await page.locator(test("meters")).innerText(), /36\s+files/);
  await approve(page);
  const file = await receipt(page);
  const signed = JSON.parse(read(file.path)).receipt;
  await holds(server, signed, 20);
  assert.equal(signed.stayed.copy, 12);
  assert.equal(signed.stayed["empty-file"], 1);
  assert.equal(signed.stayed["not-dicom"], 3);
});

test_("a DICOMDIR is understood and never sent", async (t) => {
  const series = await slices(5);
  const media = join(folder(), "media");
  const made = await run(PYTHON, ["-c", DICOMDIR, series, media]);
  assert.equal(made.code, 0, made.stderr);
  assert.ok(filesBelow(media).some((path) => path.endsWith("DICOMDIR")));
  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  await drop(page, [media]);
  await judged(page);
  await approve(page);
  const file = await receipt(page);
  const signed = JSON.parse(read(file.path)).receipt;
  await holds(server, signed, 5);
  assert.equal(signed.stayed.dicomdir, 1);
});
