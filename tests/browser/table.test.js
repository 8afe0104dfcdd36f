// The table desk: a clinical table beside the images, under the same pseudonyms and dates.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test_ from "node:test";
import { fileURLToPath } from "node:url";
import {
  PYTHON, Recorder, Server, acceptAll, approve, browser, drop, folder, judged, open, read, receipt, run, samples, sha256, tasksDuring, test, until,
} from "./support.js";

/** A patient of the synthetic studies, and made-up people around her. */
const KNEE = "CZ770214";
const csv = (people = 24) => {
  const rows = ["PatientID;Name;Birth date;Exam date;Age;Sex;Diagnosis;Comment"];
  rows.push(`${KNEE};Nováková^Žofie;1977-02-14;2021-04-10;44;F;tear;seen with Mr Silverstone`);
  rows.push(`${KNEE};Nováková^Žofie;1977-02-14;2022-04-11;45;F;tear;better`);
  for (let i = 0; i < people; i += 1) {
    const age = 40 + (i % 4);
    rows.push(`QX88${1000 + i};Family${i}^Given${i};19${70 + (i % 9)}-03-0${1 + (i % 8)};2021-05-1${i % 9};${age};${i % 2 ? "M" : "F"};${i % 3 ? "tear" : "healthy"};no pain at rest`);
  }
  return `${rows.join("\n")}\n`;
};

const column = (page, name) => page.locator(`${test("table-column")}[data-name="${name}"]`);
const settled = (page) =>
  until("the table is cleaned", async () => (await page.locator(test("desk-table")).getAttribute("aria-busy")) === "false", 120_000);
async function saved(page, button = "table-save") {
  const coming = page.waitForEvent("download");
  await page.locator(test(button)).click();
  const file = await coming;
  return { name: file.suggestedFilename(), text: read(await file.path()).toString() };
}

test_("a table dropped beside the images leaves under their pseudonyms and dates, and its crowd is measured", async (t) => {
  const all = await samples();
  const place = join(folder(), "drop");
  mkdirSync(place);
  writeFileSync(join(place, "liste.csv"), csv());
  const server = await Server.start(t);
  const recorder = await Recorder.start(t, server);
  const context = await browser(t);
  const page = await open(context, server.link(recorder.url));
  await drop(page, [all, place]);
  await judged(page);

  await page.locator(test("table-look")).click();
  await page.locator(`${test("table-dropped")} button`).click();
  await column(page, "PatientID").waitFor();
  await settled(page);

  // Guessed: the number is the identifier, name and birth date stay behind, the date moves.
  const action = (name) => column(page, name).locator(test("column-action"));
  assert.equal(await action("PatientID").inputValue(), "1");
  assert.equal(await action("Name").inputValue(), "0");
  assert.equal(await action("Birth date").inputValue(), "0");
  assert.equal(await action("Exam date").inputValue(), "3");

  // A person maps: diagnosis by its values, the comment as free text.
  await action("Diagnosis").selectOption("8");
  await settled(page);
  await action("Comment").selectOption("9");
  await settled(page);
  await column(page, "Diagnosis").locator(test("column-sensitive")).check();
  await settled(page);

  // The crowd: k and l over age and sex, and who stands alone.
  await page.locator(test("table-tab-crowd")).click();
  await page.locator(test("crowd-measure")).click();
  await settled(page);
  await page.locator(test("crowd-k")).fill("3");
  await page.locator(test("crowd-k")).press("Enter");
  await settled(page);
  const smallest = async () => Number(await page.locator(test("crowd-report")).getAttribute("data-smallest"));
  assert.equal(await smallest(), 1, "two rows of one person are no crowd");
  assert.ok((await page.locator(test("crowd-class")).count()) > 0, "who stands alone is shown");
  assert.match(await page.locator(test("crowd-report")).innerText(), /Diagnosis/);
  await page.locator(test("crowd-suggestion")).filter({ hasText: "in bands of 10" }).first().locator("button").click();
  await until("everybody has company", async () => (await smallest()) >= 3);

  // A word that could be a name is taken out until somebody accepts it.
  await page.locator(test("table-tab-decide")).click();
  const doubts = page.locator(test("table-doubt"));
  const before = await doubts.count();
  if (before > 0) {
    await doubts.first().locator(test("doubt-reject")).click();
    await settled(page);
    assert.equal(await doubts.first().locator(test("doubt-reject")).getAttribute("aria-pressed"), "true");
    await doubts.first().locator(test("doubt-accept")).click();
    await until("it is accepted", async () => (await page.locator(test("table-accepted")).count()) === 1);
    await settled(page);
  }

  await page.locator(test("table-tab-rows")).click();
  assert.match(await page.locator(test("rows-before")).innerText(), new RegExp(KNEE));
  assert.doesNotMatch(await page.locator(test("rows-after")).innerText(), new RegExp(KNEE));

  const file = await saved(page);
  assert.equal(file.name, "cordon-table.csv", "no name of the input in the name of the output");
  const lines = file.text.trim().split(/\r?\n/).map((line) => line.split(","));
  const at = (name) => lines[0].indexOf(name);
  const pseudonym = lines[1][at("PatientID")];
  assert.equal(lines[2][at("PatientID")], pseudonym);
  assert.notEqual(lines[3][at("PatientID")], pseudonym);
  for (const value of [KNEE, "Nováková", "Žofie", "1977-02-14", "2021-04-10", "QX881001", "Family1"]) {
    assert.ok(!file.text.includes(value), "no identifier leaves");
  }
  const days = (text) => Date.parse(text) / 86_400_000;
  assert.equal(days(lines[2][at("Exam date")]) - days(lines[1][at("Exam date")]), 366, "intervals stay exact");

  // The mapping is a file without any cell, and reads back.
  const mapping = await saved(page, "mapping-save");
  assert.match(mapping.text, /kind = "identifier"/);
  assert.ok(!mapping.text.includes(KNEE) && !mapping.text.includes("Nováková"));
  await page.locator(test("table-tab-columns")).click();
  await action("Exam date").selectOption("0");
  await settled(page);
  await page.locator(test("mapping-file")).setInputFiles({ name: "m.toml", mimeType: "text/plain", buffer: Buffer.from(mapping.text) });
  await until("the mapping is taken", async () => (await action("Exam date").inputValue()) === "3");

  // Taken along, it waits for the approval of the whole.
  await settled(page);
  await page.locator(test("table-take")).click();
  await page.locator(test("table-along")).waitFor();
  const last = await saved(page);

  // The images of the same patient have the same pseudonym.
  await page.locator(test("desk-back")).click();
  await acceptAll(page);
  await page.locator(test("row-series")).filter({ hasText: "DOC" }).click();
  await page.locator(test("scope-series")).click();
  await page.locator(test("exclude")).click();
  await page.locator(test("rail-approve")).click();
  assert.match(await page.locator(test("approve-table")).innerText(), /26\s+rows/);
  await approve(page);
  const signed = JSON.parse(read((await receipt(page)).path)).receipt;
  assert.deepEqual(signed.tables.map((one) => one.sha256), [sha256(Buffer.from(last.text))], "the receipt speaks of the table");
  assert.match(await page.locator(test("receipt-tables")).innerText(), /26\s+rows/);
  const kept = await fetch(
    `${server.url}/api/v1/projects/${server.project}/contributions/${signed.contribution}/tables/${signed.tables[0].sha256}`,
    { headers: { authorization: `Bearer ${server.token}` } },
  );
  assert.equal(await kept.text(), last.text, "the server gives back what was sealed");
  const tables = recorder.sent.filter((one) => one.head.split("\n")[0].includes("/tables"));
  assert.equal(tables.length, 1, "the table is sent once");
  for (const { head, body } of recorder.sent) {
    for (const value of [KNEE, "Nováková", "QX881001", "Family1", "liste"]) {
      assert.ok(!body.includes(value) && !head.includes(value), "no identifier crosses the edge of the browser");
    }
  }
  const studies = await server.get(`/studies?PatientID=${pseudonym}`);
  assert.equal(studies.length, 2, "both knees are found under the table's pseudonym");
  assert.deepEqual(page.console, []);
});

test_("what is no table is said to be none, and a large one does not stop the page", async (t) => {
  const server = await Server.start(t);
  const context = await browser(t);
  const page = await open(context, server.link());
  await page.locator(`${test("project")} summary`).click();
  await page.locator(test("open-table")).click();
  const pick = page.locator(test("table-file"));
  await pick.setInputFiles({ name: "x.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]) });
  await page.locator(test("table-broken")).waitFor();
  assert.match(await page.locator(test("table-broken")).innerText(), /password|old/i);

  const book = join(folder(), "book.xlsx");
  const made = await run(PYTHON, [join(dirname(fileURLToPath(import.meta.url)), "workbook.py"), book]);
  assert.equal(made.code, 0, made.stderr);
  await pick.setInputFiles(book);
  await column(page, "Age").waitFor();
  await page.locator(test("table-sheet")).selectOption("Visits");
  await column(page, "Visit").waitFor();
  assert.equal(await column(page, "Age").count(), 0, "another sheet is another table");

  // From the disk: what a test hands over itself is unpacked on the main thread.
  const large = join(folder(), "large.csv");
  writeFileSync(large, csv(20_000));
  const tasks = await tasksDuring(context, page, async () => {
    await pick.setInputFiles(large);
    await column(page, "PatientID").waitFor({ timeout: 120_000 });
    await settled(page);
    await page.locator(test("table-tab-crowd")).click();
    await page.locator(test("crowd-measure")).click();
    await page.locator(test("crowd-report")).waitFor({ timeout: 120_000 });
    await settled(page);
  });
  const worst = (what) => Math.round(Math.max(...tasks.map((one) => one[what])));
  t.diagnostic(`${tasks.length} tasks; the longest ${worst("busy")} ms busy, ${worst("wall")} ms on the wall`);
  assert.ok(worst("busy") <= 50, `a task took ${worst("busy")} ms`);
  assert.deepEqual(page.console, []);
});
