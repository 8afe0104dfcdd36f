// What the browser tests share: a real server, a real Chromium, a real page.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, "../..");

function needed(name, fallback) {
  const value = process.env[name] ?? fallback;
  if (!value) throw new Error(`${name} is not set; run the tests with cargo xtask test`);
  return value;
}

export const CORDON = needed("CORDON_BIN");
export const PAGE = needed("CORDON_PAGE");
export const CHROMIUM = needed("CORDON_CHROMIUM", "/usr/bin/chromium");
export const PYTHON = needed("CORDON_PYTHON", "python3");
/** What this browser says on its own, about features and forms, whatever the page does. */
export const NOISE = /^Error with Permissions-Policy|^\[DOM\]/;
export const TESTDATA = resolve(root, process.env.CORDON_TESTDATA ?? "../shared/testdata");

const FLAGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const folders = [];
// Browsers and servers have let go of their folders only when the tests are over.
process.on("exit", () => {
  for (const path of folders) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder that is gone after the tests. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), "cordon-test-"));
  folders.push(path);
  return path;
}

/** Every file below a folder, sorted. */
export function filesBelow(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** Runs a command to its end. */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

/** `cordon serve --demo`, which can be killed and started again on the same port and data. */
export class Server {
  static async start(t, { data = folder(), port = 0, args = [] } = {}) {
    const server = new Server();
    server.data = data;
    server.port = port;
    server.args = args;
    t.after(() => server.kill());
    await server.up();
    return server;
  }

  /** The same with a protocol of its own. */
  static async under(t, toml) {
    const server = await Server.start(t);
    await server.kill();
    const protocol = join(folder(), "protocol.toml");
    writeFileSync(protocol, toml);
    const said = await run(CORDON, ["project", "publish", server.project, "--protocol", protocol, "--data", server.data]);
    if (said.code !== 0) throw new Error(said.stderr);
    await server.up();
    return server;
  }

  async up() {
    const port = this.port ? ["--port", String(this.port)] : [];
    const args = ["serve", "--demo", "--json", "--data", this.data, "--page", PAGE, ...port, ...this.args];
    this.child = spawn(CORDON, args, { stdio: ["ignore", "pipe", "ignore"] });
    const lines = createInterface({ input: this.child.stdout });
    const [line] = await Promise.race([
      once(lines, "line"),
      once(this.child, "close").then(() => {
        throw new Error("the server ended before it was ready");
      }),
    ]);
    const said = JSON.parse(line);
    this.port = Number(new URL(said.url).port);
    this.url = said.url;
    this.dicomweb = said.dicomweb;
    this.project = said.project;
    // An invitation stays good over a restart; the page keeps the first one.
    this.token ??= said.token;
  }

  async kill() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "close");
    this.child.kill("SIGKILL");
    await ended;
  }

  link(origin = this.url) {
    return `${origin}/#project=${this.project}&token=${this.token}`;
  }

  async get(path, accept = "application/dicom+json") {
    const response = await fetch(`${this.dicomweb}${path}`, {
      headers: { authorization: `Bearer ${this.token}`, accept },
    });
    if (response.status === 204) return [];
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
    return accept.includes("json") ? response.json() : Buffer.from(await response.arrayBuffer());
  }

  /** Every instance that QIDO finds: SOP Instance UIDs. */
  async instances() {
    const found = [];
    for (;;) {
      const some = await this.get(`/instances?limit=500&offset=${found.length}`);
      found.push(...some);
      if (some.length < 500) break;
    }
    return found.map((one) => ({
      study: one["0020000D"].Value[0],
      series: one["0020000E"].Value[0],
      instance: one["00080018"].Value[0],
    }));
  }

  /** The bytes of one instance by WADO. */
  async fetch({ study, series, instance }) {
    const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    const body = await this.get(`/studies/${study}/series/${series}/instances/${instance}`, accept);
    const start = body.indexOf("\r\n\r\n") + 4;
    const boundary = body.subarray(body.indexOf("--"), body.indexOf("\r\n", body.indexOf("--")));
    const end = body.lastIndexOf(Buffer.concat([Buffer.from("\r\n"), boundary]));
    return body.subarray(start, end);
  }
}

/** A proxy that keeps every byte that goes to the server, and can cut the line. */
export class Recorder {
  static async start(t, server) {
    const recorder = new Recorder();
    recorder.sent = [];
    // Milliseconds that each upload is held back, so that it can be interrupted.
    recorder.hold = 0;
    recorder.uploads = 0;
    recorder.http = createServer((incoming, outgoing) => {
      const chunks = [];
      const head = `${incoming.method} ${incoming.url}\n${incoming.rawHeaders.join("\n")}`;
      const up = ask(
        { port: server.port, host: "127.0.0.1", method: incoming.method, path: incoming.url, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode, answer.headers);
          answer.pipe(outgoing);
        },
      );
      up.on("error", () => outgoing.destroy());
      incoming.on("data", (chunk) => {
        chunks.push(chunk);
        up.write(chunk);
      });
      const upload = incoming.method === "POST" && incoming.url.endsWith("/studies");
      if (upload) recorder.uploads += 1;
      incoming.on("end", async () => {
        if (upload && recorder.hold) await sleep(recorder.hold);
        up.end();
      });
      incoming.on("close", () => recorder.sent.push({ head, body: Buffer.concat(chunks) }));
      outgoing.on("close", () => up.destroy());
    });
    recorder.http.listen(0, "127.0.0.1");
    await once(recorder.http, "listening");
    recorder.url = `http://127.0.0.1:${recorder.http.address().port}`;
    t.after(() => recorder.http.close());
    return recorder;
  }
}

/** A browser with a profile of its own, so that what it keeps outlives a killed tab. */
export async function browser(t, { profile = folder(), webgpu = true, ...options } = {}) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: webgpu ? FLAGS : [...FLAGS.filter((flag) => !flag.includes("webgpu")), "--disable-features=WebGPU,WebGPUService"],
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    ...options,
  });
  t.after(() => context.close().catch(() => {}));
  return context;
}

/** Opens the page and watches what it says. */
export async function open(context, link) {
  const page = await context.newPage();
  page.console = [];
  page.on("console", (message) => {
    // What the browser itself has to say about headers and forms is not the page's.
    if (!NOISE.test(message.text())) page.console.push(message.text());
  });
  page.on("pageerror", (error) => page.console.push(String(error)));
  await page.goto(link);
  await page.locator(test("drop-area")).first().waitFor();
  return page;
}

/** The selector of a stable name. */
export const test = (name) => `[data-test="${name}"]`;

/** Drops files and folders as a file manager does. */
export async function drop(page, paths, area = "drop-area") {
  const box = await page.locator(test(area)).first().boundingBox();
  const x = Math.round(box.x + box.width / 2);
  const y = Math.round(box.y + Math.min(box.height / 2, 200));
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x, y, data });
  }
  await session.detach();
}

/** Waits until a condition on the page's text or state holds. */
export async function until(what, condition, ms = 60_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`did not come true in ${ms} ms: ${what}`);
    await sleep(100);
  }
}

export const read = (path) => readFileSync(path);

/** Waits until everything that was dropped has a verdict. */
export async function judged(page, ms = 900_000) {
  await until(
    "every file has a verdict",
    async () =>
      (await page.locator(test("meters")).count()) > 0 &&
      (await page.locator(`${test("meters")} ${test("cancel")}`).count()) === 0 &&
      (await page.locator(test("tree")).count()) > 0,
    ms,
  );
}

/** Accepts everything that is held, as a person does: the next one that waits, all of its patient. */
export async function acceptAll(page) {
  await page.locator(test("rail-review")).click();
  await page.locator(test("place-review")).waitFor();
  await until("nothing is left to decide", async () => {
    if (!(await page.locator(test("rail-review")).innerText()).includes("to decide")) return true;
    await page.keyboard.press("n");
    await page.locator(test("scope-patient")).click();
    await page.locator(test("accept")).click();
    await sleep(150);
    return false;
  });
}

/** Approves under a name. */
export async function approve(page, name = "Data manager, test") {
  await page.locator(test("rail-approve")).click();
  await page.locator(test("approve-name")).fill(name);
  await page.locator(test("approve-button")).click();
}

/** Waits for the receipt and reads it from the file that the page offers. */
export async function receipt(page, ms = 120_000) {
  // A page that took earlier work up stays where the person can look at it first.
  await until("there is a receipt", () => page.locator(test("rail-receipt")).isEnabled(), ms);
  await page.locator(test("rail-receipt")).click();
  await page.locator(test("receipt-verified")).waitFor();
  await until(
    "the receipt is verified",
    async () => (await page.locator(test("receipt-verified")).getAttribute("data-verified")) === "true",
  );
  const coming = page.waitForEvent("download");
  await page.locator(test("save-receipt")).click();
  const download = await coming;
  return { path: await download.path(), name: download.suggestedFilename() };
}

/** Synthetic slices: copies of one of the samples that differ in UID, number and a pixel. */
export async function slices(count, studies = 1) {
  const samples = folder();
  const server = new Server();
  Object.assign(server, { data: folder(), port: 0, args: ["--samples", samples] });
  await server.up();
  await server.kill();
  const source = filesBelow(samples).find((path) => path.includes("/MR"));
  const target = join(folder(), "slices");
  const made = await run(PYTHON, [join(here, "copies.py"), source, String(count), target, String(studies)]);
  if (made.code !== 0) throw new Error(made.stderr);
  return target;
}

/** The server's demonstration studies with made-up identities, of every kind. */
export async function samples() {
  const target = join(folder(), "samples");
  const server = new Server();
  Object.assign(server, { data: folder(), port: 0, args: ["--samples", target] });
  await server.up();
  await server.kill();
  return target;
}

/** Nothing lost, nothing twice, nothing half-written: the server holds what the receipt says. */
export async function holds(server, signed, count) {
  const found = await server.instances();
  const uids = found.map((one) => one.instance);
  const listed = signed.instances.map((one) => one.instance);
  if (listed.length !== count) throw new Error(`the receipt lists ${listed.length} of ${count}`);
  if (new Set(uids).size !== uids.length) throw new Error("an instance is there twice");
  if (uids.sort().join() !== listed.sort().join()) {
    throw new Error(`the server finds ${uids.length}, the receipt lists ${listed.length}`);
  }
  for (const one of signed.instances) {
    if (sha256(await server.fetch(one)) !== one.sha256) throw new Error("an instance is not what was sealed");
  }
}

/** The tasks of the page's main thread while something happens, in milliseconds. */
export async function tasksDuring(context, page, happens) {
  const session = await context.newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const includedCategories = ["toplevel", "devtools.timeline", "__metadata"];
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories } });
  await happens();
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  await complete;
  const mains = events.filter((e) => e.name === "thread_name" && e.args.name === "CrRendererMain");
  const tasks = events.filter(
    (e) => e.ph === "X" && e.name.endsWith("RunTask") && mains.some((m) => m.pid === e.pid && m.tid === e.tid),
  );
  // Processor time: on a machine that others use as well, the time on the wall is theirs too.
  if (!tasks.some((e) => e.tdur > 0)) throw new Error("processor time was not measured");
  return tasks.map((e) => ({ busy: (e.tdur ?? e.dur) / 1000, wall: e.dur / 1000 }));
}
