// Doubtful words: held, shown on the person's own screen, kept or taken off, and never sent.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import test_ from "node:test";
import { fileURLToPath } from "node:url";
import {
  PYTHON, Recorder, Server, approve, browser, drop, filesBelow, folder, holds, judged, open, read, receipt, run, samples,
  sha256, sleep, test, until,
} from "./support.js";

const here = dirname(fileURLToPath(import.meta.url));
const KEPT = "Xyvolant";
const GONE = "Brelvoque";

/** A server whose project keeps descriptions, cleaned. */
const serverWithTexts = (t) =>
  Server.under(
    t,
    `id = "texts"\ntitle = "With descriptions"\npurpose = "Knees with their descriptions."\n[deid]\noptions = ["clean-descriptors"]\n`,
  );

async function images() {
  const target = join(folder(), "words");
  const made = await run(PYTHON, [join(here, "words.py"), await samples(), target, KEPT, GONE]);
  assert.equal(made.code, 0, made.stderr);
  return target;
}

const held = (page) => page.locator(test("rail-review")).innerText();
const row = (page, word) => page.locator(test("word")).filter({ hasText: word });

/** Waits until everything that a decision had cleaned anew has a verdict. */
const settled = (page) =>
  until("nothing is being cleaned", async () => (await page.locator(test("words-busy")).count()) === 0);

/** Pictures to look at, where somebody asks for them; the page must fit its window. */
async function shot(page, name) {
  const pictures = process.env.CORDON_SCREENS;
  if (!pictures) return;
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    await sleep(300);
    for (const width of [720, 1920, 1280]) {
      await page.setViewportSize({ width, height: Math.round(width * 0.625) });
      await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`) });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(beyond <= 0, `${name} at ${width} is ${beyond} px too wide`);
    }
  }
}

test_("a word is kept, another taken off, and the server sees only the first", async (t) => {
  const files = await images();
  const server = await serverWithTexts(t);
  const recorder = await Recorder.start(t, server);
  const context = await browser(t);
  const asked = [];
  context.on("request", (request) => asked.push(request.url()));
  const page = await open(context, server.link(recorder.url));
  await drop(page, [files]);
  await judged(page);
  assert.match(await held(page), /6 to decide/);

  // The finding leads to the words.
  await page.locator(test("rail-review")).click();
  await page.locator(`${test("finding")}[data-code="uncertain-words"]`).first().click();
  await page.locator(test("words")).waitFor();
  assert.equal(await page.locator(test("word")).count(), 2);
  assert.match(await page.locator(test("words-open")).innerText(), /2 of 2\swords not decided/);
  assert.match(await row(page, KEPT).innerText(), /4[\s\S]*Study Description \(0008,1030\)/);
  await row(page, KEPT).click();
  await until("the text is shown with the word marked", async () =>
    (await page.locator(`${test("word-text")} mark`).allInnerTexts()).includes(KEPT),
  );
  assert.match(await page.locator(test("word-text")).first().innerText(), /^MRI knee Xyvolant/);
  await shot(page, "words-open");

  // What waits is counted where somebody signs.
  await page.locator(test("rail-approve")).click();
  assert.match(await page.locator(test("approve-words")).innerText(), /2 doubtful words are not decided. 6\simages/);
  await shot(page, "words-approve");
  await page.locator(test("rail-review")).click();

  // Keep by the keyboard: three of the six have nothing else in doubt.
  await row(page, KEPT).click();
  await page.keyboard.press("k");
  await until("the word is kept", async () => (await row(page, KEPT).getAttribute("data-said")) === "keep");
  await settled(page);
  await until("two images are clean", async () => (await held(page)).includes("4 to decide"));
  await shot(page, "words-kept");
  // The next word has the turn: take it off, take that back, take it off again.
  await page.keyboard.press("r");
  await until("nothing is left to decide", async () => !(await held(page)).includes("to decide"));
  await settled(page);
  await page.keyboard.press("z");
  await until("it is in doubt again", async () => (await held(page)).includes("4 to decide"));
  await settled(page);
  await page.locator(test("word-off")).click();
  await until("nothing is left to decide", async () => !(await held(page)).includes("to decide"));
  await settled(page);
  assert.equal(await row(page, GONE).getAttribute("data-said"), "off");
  await shot(page, "words-decided");

  // The header says the same before anything leaves.
  await page.keyboard.press("h");
  await page.locator(test("header-search")).fill("Study Description");
  await until("the description is cleaned", async () =>
    /PERSON|Xyvolant/.test(await page.locator(`${test("header-row")} .after`).first().innerText()),
  );

  await approve(page);
  const file = await receipt(page);
  const signed = JSON.parse(read(file.path)).receipt;
  await holds(server, signed, 6);
  assert.equal(signed.stayed.copy, 1, "the copy is a copy, though the first was cleaned anew");
  assert.equal(signed.stayed["duplicate-instance"], undefined);
  assert.ok(signed.instances.every((one) => one.verdict === "clean" && !one.approved));
  const arrived = await Promise.all(signed.instances.map((one) => server.fetch(one)));
  assert.equal(arrived.filter((bytes) => bytes.includes(KEPT)).length, 4, "four images say the kept word");
  assert.ok(arrived.every((bytes) => !bytes.includes(GONE)), "none says the other");

  // No request held the rejected word, and no place of the browser that outlives the tab.
  for (const { head, body } of recorder.sent) {
    for (const word of [GONE, GONE.toLowerCase(), GONE.toUpperCase()]) {
      assert.ok(!head.includes(word) && !body.includes(word), `a word in ${head.split("\n")[0]}`);
    }
    if (!head.includes("/studies")) {
      assert.ok(!head.includes(KEPT) && !body.toString("latin1").toLowerCase().includes(KEPT.toLowerCase()));
    }
  }
  const origins = new Set(asked.filter((url) => !/^(blob|data):/.test(url)).map((url) => new URL(url).origin));
  assert.deepEqual([...origins], [recorder.url], "one destination");
  assert.ok(!asked.some((url) => url.toLowerCase().includes(GONE.toLowerCase())), "no word in an address");
  assert.ok(!read(file.path).toString().toLowerCase().includes(GONE.toLowerCase()), "nor in the receipt");
  assert.deepEqual(page.console, []);
});

test_("what was decided on words outlives a closed tab as verdicts, not as words", async (t) => {
  const files = await images();
  const server = await serverWithTexts(t);
  const profile = folder();
  let context = await browser(t, { profile });
  let page = await open(context, server.link());
  await drop(page, [files]);
  await judged(page);
  await page.locator(test("rail-review")).click();
  await page.locator(test("view-words")).click();
  await row(page, KEPT).click();
  await page.locator(test("word-keep")).click();
  await until("two images are clean", async () => (await held(page)).includes("4 to decide"));
  await settled(page);
  // What is staged is brought to the disk within seconds.
  await page.waitForTimeout(6500);
  await context.close();
  const kept = filesBelow(profile).filter((path) => !/\/(Cache|Code Cache|GPUCache)\//.test(path));
  const journals = kept.filter((path) => read(path).includes("Voided"));
  assert.ok(journals.length > 0, "the journal is there");
  for (const path of journals) {
    const text = read(path).toString("latin1").toLowerCase();
    assert.ok(!text.includes(KEPT.toLowerCase()) && !text.includes(GONE.toLowerCase()), "no word in the journal");
  }

  context = await browser(t, { profile });
  page = await open(context, server.link());
  await page.locator(test("rail-review")).click();
  await page.locator(test("view-words")).click();
  await page.locator(test("words-unread")).waitFor();
  assert.match(await page.locator(test("words-unread")).innerText(), /4\simages are held for words/);
  await shot(page, "words-after-restart");
  // The folder again: its words are there to decide on, and nothing is there twice.
  await page.locator(test("rail-collect")).click();
  await drop(page, [files], "place-collect");
  await judged(page);
  await page.locator(test("rail-review")).click();
  await until("the words are read again", async () => (await row(page, GONE).count()) === 1);
  assert.equal(await page.locator(test("words-unread")).count(), 0);
  await row(page, GONE).click();
  await page.locator(test("word-off")).click();
  await settled(page);
  // The word that was kept in the earlier tab is asked about again.
  await until("four wait for the other word", async () => (await held(page)).includes("4 to decide"));
  await row(page, KEPT).click();
  await page.locator(test("word-keep")).click();
  await until("nothing is left to decide", async () => !(await held(page)).includes("to decide"));
  await settled(page);
  await approve(page);
  const signed = JSON.parse(read((await receipt(page)).path)).receipt;
  await holds(server, signed, 6);
  const arrived = await Promise.all(signed.instances.map((one) => server.fetch(one)));
  assert.ok(arrived.every((bytes) => !bytes.includes(GONE)));
  assert.equal(new Set(arrived.map(sha256)).size, 6);
});
