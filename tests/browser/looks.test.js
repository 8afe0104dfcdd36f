// Looks at pixels: a head loses its face, on the software graphics processor and without one.
// Pictures of faces are never stored: not here, not as artefacts.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test_ from "node:test";
import { fileURLToPath } from "node:url";
import {
  PYTHON, Server, TESTDATA, acceptAll, approve, browser, drop, filesBelow, folder, judged, open, read, receipt, run, sha256, test, until,
} from "./support.js";

const here = dirname(fileURLToPath(import.meta.url));
const HEAD = join(TESTDATA, "series/head_ct_tilt");
/** The software graphics processor only has to be right. */
const PATIENCE = 600_000;

/** Waits, where files are collected, until every series was looked at. */
async function lookedAt(page) {
  await judged(page, PATIENCE);
  await until("all looks are done", async () => (await page.locator(test("looks")).count()) === 0, PATIENCE);
}

/** What the head looks like in a direction: how many pixels it covers, and their sum. */
async function head(page, name, direction) {
  await page.locator(test("face-turn")).fill(String(direction));
  return page.locator(test(name)).evaluate((canvas) => {
    // A copy: reading the page's own canvas makes the browser say so.
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let covered = 0;
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      covered += data[i] > 0 ? 1 : 0;
      sum += data[i];
    }
    return { covered, sum };
  });
}

async function loses(t, webgpu) {
  const server = await Server.start(t);
  const context = await browser(t, { webgpu });
  // What is made of software is used only where it is asked for.
  const page = await open(context, `${server.link()}${webgpu ? "&processor=gpu" : ""}`);
  await drop(page, [HEAD]);
  await page.locator(test("looks")).waitFor({ timeout: 120_000 });
  const device = page.locator(test("looks-device"));
  await until("a processor is opened", async () => (await device.innerText()) !== "", PATIENCE);
  assert.match(await device.innerText(), webgpu ? /on the GPU/ : /on the CPU: .*no (WebGPU|graphics processor)/);
  assert.equal(await page.locator(test("looks-stop")).count(), 1, "a look can be stopped");
  await lookedAt(page);
  await page.locator(test("rail-review")).click();
  await page.locator(test("view-face")).click();
  const says = page.locator(test("face-says"));
  await says.waitFor();
  assert.equal(await says.getAttribute("data-head"), "true");
  assert.equal(await says.getAttribute("data-before"), "present");
  // What the verifier is not sure of is held until the person has turned the head.
  const sure = (await says.getAttribute("data-after")) === "absent";
  if (!sure) {
    assert.match(await page.locator(test("rail-review")).innerText(), /to decide/, "what is unsure is held");
  }

  const before = await head(page, "face-before", 0);
  const after = await head(page, "face-after", 0);
  assert.ok(before.covered > 1000, "a head is drawn");
  assert.notEqual(before.sum, after.sum, "the front has changed");
  const side = await head(page, "face-before", 6);
  assert.notEqual(side.sum, before.sum, "it turns");

  await page.locator(test("view-quality")).click();
  await page.locator(test("quality-view")).waitFor();
  assert.ok((await page.locator("[data-metric]").count()) > 3, "measures are shown");

  if (!sure) {
    await page.locator(test("view-face")).click();
    await page.locator(test("face-off")).check();
    // Cleaned anew with that word: it can be read whose it is.
    const codes = (code) => page.locator(`${test("finding")}[data-code="${code}"]`).count();
    await until("nothing is held for the face", async () => (await codes("face-unsure")) === 0 && (await codes("face-judged")) > 0);
  }
  await acceptAll(page);
  await approve(page);
  const file = await receipt(page, PATIENCE);
  const signed = JSON.parse(read(file.path)).receipt;
  const count = filesBelow(HEAD).length;
  assert.equal(signed.instances.length, count);
  for (const one of signed.instances) {
    const bytes = await server.fetch(one);
    assert.equal(sha256(bytes), one.sha256);
    const path = join(folder(), "one.dcm");
    writeFileSync(path, bytes);
    const said = await run(PYTHON, [
      "-c",
      "import pydicom,sys; d=pydicom.dcmread(sys.argv[1], stop_before_pixels=True); print(d.get('RecognizableVisualFeatures'), [i.CodeValue for i in d.DeidentificationMethodCodeSequence])",
      path,
    ]);
    assert.match(said.stdout, /^NO /, "(0028,0302) says so");
    assert.match(said.stdout, /113102/, "(0012,0064) says so");
  }
  assert.deepEqual(page.console, [], "the console says nothing");
  return server;
}

test_("a head CT loses its face on WebGPU, is turned, approved and sent", { timeout: 2 * PATIENCE }, (t) => loses(t, true));
test_("a head CT loses its face without WebGPU", { timeout: PATIENCE }, (t) => loses(t, false));

/** Boxes on the screen, by their accessible names. */
const boxes = (page) => page.locator(test("box")).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));

/** A server and its page, with files dropped, looked at on the CPU, and in review. */
async function reviewed(t, paths, protocol) {
  const server = protocol ? await Server.under(t, protocol) : await Server.start(t);
  const context = await browser(t, { webgpu: false });
  const page = await open(context, server.link());
  await drop(page, paths);
  await lookedAt(page);
  await page.locator(test("rail-review")).click();
  return { server, page };
}

/** One of pydicom's own files. */
const sample = async (name) => {
  const where = `from pydicom.data import get_testdata_file as g; print(g(${JSON.stringify(name)}))`;
  return (await run(PYTHON, ["-c", where])).stdout.trim();
};

/** How bright the server's copy of the only image is in the place that a box names. */
const inside = async (server, file) => {
  const [one] = JSON.parse(read(file.path)).receipt.instances;
  const path = join(folder(), "one.dcm");
  writeFileSync(path, await server.fetch(one));
  const place = (name) => name.match(/(\d+), (\d+): (\d+) × (\d+)/).slice(1).map(Number);
  return async (name) => {
    const [x, y, w, h] = place(name);
    const look = `import pydicom,sys; a=pydicom.dcmread(sys.argv[1]).pixel_array; print(a[${y}:${y + h}, ${x}:${x + w}].max())`;
    return Number((await run(PYTHON, ["-c", look, path])).stdout);
  };
};

test_("text in a compressed image is blacked out, and waits for a person", { timeout: PATIENCE }, async (t) => {
  const { server, page } = await reviewed(t, [join(TESTDATA, "syntaxes/US1_JPEGbaseline.dcm")]);
  const codes = (code) => page.locator(`${test("finding")}[data-code="${code}"]`).count();
  await until("the text is boxed", async () => (await boxes(page)).length >= 6);
  // Whether the second look finds something again is the network's to say; both are told.
  await until("it is told", async () => (await codes("text-removed")) + (await codes("text-left")) > 0);
  const found = await boxes(page);
  assert.equal(await page.locator(`${test("verdict")}.clean`).count(), 0);
  await acceptAll(page);
  await approve(page);
  const brightest = await inside(server, await receipt(page, PATIENCE));
  for (const name of found) assert.equal(await brightest(name), 0, name);
});

test_("text is found and blacked out; what a person lets stand is told", { timeout: PATIENCE }, async (t) => {
  const { server, page } = await reviewed(t, [await sample("examples_rgb_color.dcm")]);
  const codes = (code) => page.locator(`${test("finding")}[data-code="${code}"]`).count();
  await until("the text is boxed", async () => (await boxes(page)).length >= 6);
  await until("it is blacked out", async () => (await codes("text-removed")) > 0);
  const found = await boxes(page);

  // The first stays: its picture is held for it, and a person has to accept that.
  await page.locator(test("box")).first().focus();
  await page.keyboard.press("Delete");
  await until("the box is gone", async () => (await boxes(page)).length === found.length - 1);
  await until("what stays is told", async () => (await codes("text-left")) > 0 && (await codes("text-removed")) === 0);
  const [gone] = found.filter((name) => !new Set(found.slice(1)).has(name));
  const left = await boxes(page);
  assert.ok(!left.includes(gone));

  await acceptAll(page);
  await approve(page);
  const file = await receipt(page, PATIENCE);
  const brightest = await inside(server, file);
  for (const name of left) assert.equal(await brightest(name), 0, name);
  assert.ok((await brightest(gone)) > 100, "what a person let stand stands");
  assert.deepEqual(page.console, [], "the console says nothing");
});

const KEEPS = `
id = "keeps"
title = "Knees with their sides"
purpose = "The side of a knee has to be known."
[text]
keep = ["side-marker"]
`;

test_("a side marker stays where the project keeps it, until a person presses it; the name goes", { timeout: PATIENCE }, async (t) => {
  const file = join(folder(), "marker.dcm");
  const made = await run(PYTHON, [join(here, "marker.py"), file]);
  assert.equal(made.code, 0, made.stderr);
  const { server, page } = await reviewed(t, [file], KEEPS);
  const codes = (code) => page.locator(`${test("finding")}[data-code="${code}"]`).count();
  await until("the name is boxed", async () => (await boxes(page)).length === 1);
  await until("what stays is told", async () => (await codes("text-kept")) > 0 && (await codes("text-removed")) > 0);
  const kept = page.locator(test("box-kept"));
  assert.equal(await kept.count(), 1);
  assert.match(await kept.getAttribute("aria-label"), /side marker/);
  if (process.env.CORDON_SCREENS) {
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(process.env.CORDON_SCREENS, `kept-${colorScheme}.png`) });
    }
  }
  const [name] = await boxes(page);
  await acceptAll(page);
  await approve(page);
  const brightest = await inside(server, await receipt(page, PATIENCE));
  assert.equal(await brightest(name), 0, "the name is black");
  assert.ok((await brightest("0 440, 20: 20 × 28")) > 200, "the marker stands");
});

test_("who presses a marker that would stay blacks it out", { timeout: PATIENCE }, async (t) => {
  const file = join(folder(), "marker.dcm");
  const made = await run(PYTHON, [join(here, "marker.py"), file]);
  assert.equal(made.code, 0, made.stderr);
  const { server, page } = await reviewed(t, [file], KEEPS);
  await until("the name is boxed", async () => (await boxes(page)).length === 1);
  await page.locator(test("box-kept")).focus();
  await page.keyboard.press("Enter");
  await until("both are boxed", async () => (await boxes(page)).length === 2);
  const codes = (code) => page.locator(`${test("finding")}[data-code="${code}"]`).count();
  await until("nothing stays", async () => (await codes("text-kept")) === 0 && (await codes("text-removed")) > 0);
  await acceptAll(page);
  await approve(page);
  const brightest = await inside(server, await receipt(page, PATIENCE));
  assert.equal(await brightest("0 440, 20: 20 × 28"), 0, "the marker is black");
});

test_("a person blacks out by hand: a box is drawn, moved, taken away and drawn again", { timeout: PATIENCE }, async (t) => {
  const { server, page } = await reviewed(t, [await sample("MR_small.dcm")]);
  assert.deepEqual(await boxes(page), []);

  // With the mouse, in the middle.
  const draw = async () => {
    const area = await page.locator(test("boxes")).boundingBox();
    const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
    await page.mouse.move(x - 20, y - 20);
    await page.mouse.down();
    await page.mouse.move(x + 20, y + 20, { steps: 4 });
    await page.mouse.up();
    await until("the box was drawn", async () => (await boxes(page)).length === 1);
  };
  await page.locator(test("tool-box")).click();
  await draw();
  const [drawn] = await boxes(page);

  // With the keyboard: moved, then taken away.
  await page.locator(test("box")).first().focus();
  await page.keyboard.press("ArrowRight");
  await until("the box has moved", async () => !(await boxes(page)).includes(drawn));
  await page.locator(test("box")).first().focus();
  await page.keyboard.press("Delete");
  await until("the box is gone", async () => (await boxes(page)).length === 0);
  await draw();
  // What is cleaned anew waits for a person anew: not to be approved before.
  await until("the box is in the record", async () => (await page.locator(`${test("finding")}[data-code="text-removed"]`).count()) > 0);

  await acceptAll(page);
  await approve(page);
  const file = await receipt(page, PATIENCE);
  const [one] = JSON.parse(read(file.path)).receipt.instances;
  const path = join(folder(), "one.dcm");
  writeFileSync(path, await server.fetch(one));
  const middle = "import pydicom,sys; a=pydicom.dcmread(sys.argv[1]).pixel_array; r,c=a.shape[0]//2,a.shape[1]//2; b=a[r-1:r+2,c-1:c+2]; print(b.min()==b.max(), a.min()==a.max())";
  assert.equal((await run(PYTHON, ["-c", middle, path])).stdout.trim(), "True False", "the middle is one value, the rest is not");
  assert.deepEqual(page.console, [], "the console says nothing");
});

/** Makes a series of two slices of the head, which by themselves show too little to know it by. */
const LOCALIZER = `
import glob, os, shutil, sys, pydicom
from pydicom.uid import generate_uid
source, target = sys.argv[1:]
slices = sorted((pydicom.dcmread(f) for f in glob.glob(source + "/*")), key=lambda d: float(d.ImagePositionPatient[2]))
for n, one in enumerate(slices):
    one.save_as(f"{target}/head{n}.dcm")
series = generate_uid()
for n in (3, 5):
    one = slices[n]
    one.SeriesInstanceUID, one.SOPInstanceUID, one.SeriesNumber = series, generate_uid(), 99
    one.file_meta.MediaStorageSOPInstanceUID = one.SOPInstanceUID
    one.SeriesDescription = "LOCALIZER"
    one.save_as(f"{target}/localizer{n}.dcm")
`;

/** How many samples of two files with the same position differ; nothing when it is another series. */
const DIFFER = `
import sys, pydicom
came, left = (pydicom.dcmread(f) for f in sys.argv[1:])
same = left.SeriesNumber == 99 and list(came.ImagePositionPatient) == list(left.ImagePositionPatient)
print((came.pixel_array != left.pixel_array).sum() if same else "")
`;

test_("a localizer loses what its study loses, and a person is told", { timeout: PATIENCE }, async (t) => {
  const study = folder();
  const made = await run(PYTHON, ["-c", LOCALIZER, HEAD, study]);
  assert.equal(made.stderr, "");
  const { server, page } = await reviewed(t, [study]);
  await page.getByText("LOCALIZER").first().click();
  await page.locator(test("view-face")).click();
  await until("it is said where the cut comes from", async () => /Another series/.test(await page.locator(test("face-says")).innerText()));
  assert.ok(await page.locator(test("face-off")).isEnabled(), "a person may judge it");

  await acceptAll(page);
  await approve(page);
  const signed = JSON.parse(read((await receipt(page, PATIENCE)).path)).receipt;
  const counts = [];
  for (const one of signed.instances) {
    const path = join(folder(), "one.dcm");
    writeFileSync(path, await server.fetch(one));
    for (const n of [3, 5]) {
      const differ = (await run(PYTHON, ["-c", DIFFER, join(study, `localizer${n}.dcm`), path])).stdout.trim();
      if (differ) counts.push(Number(differ));
    }
  }
  assert.equal(counts.length, 2);
  assert.ok(counts.every((n) => n > 1000), `samples that changed: ${counts}`);
  assert.deepEqual(page.console, [], "the console says nothing");
});
