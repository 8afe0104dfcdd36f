// The page and dcmjs on the same files in the same Chromium; prints one line of JSON.
// Started by `cargo xtask bench`, which says where everything is.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const REPEATS = 3;
// A browser that has just started is busy with itself: a person does not drop a folder
// in the first second either. Both sides wait.
const SETTLE_MS = 2000;
const here = dirname(fileURLToPath(import.meta.url));
const { CORDON_BIN, CORDON_PAGE, CORDON_CHROMIUM, CORDON_BENCH_FEW, CORDON_BENCH_MANY } = process.env;

function count(dir) {
  return readdirSync(dir).reduce((sum, name) => {
    const path = join(dir, name);
    return sum + (statSync(path).isDirectory() ? count(path) : 1);
  }, 0);
}

// `tag: action` of the Basic Profile column, for plain tags.
function actions() {
  const csv = readFileSync(join(here, "../../crates/deid/tables/e1-1.csv"), "utf8");
  const [head, ...rows] = csv.trim().split(/\r?\n/);
  const column = head.split(",").indexOf("basic");
  const found = {};
  for (const row of rows) {
    const tag = /\(?([0-9A-F]{4}),?([0-9A-F]{4})\)?/i.exec(row);
    const cells = row.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((c) => c.replace(/,$/, "").replaceAll('"', ""));
    if (tag) found[(tag[1] + tag[2]).toUpperCase()] = cells[column].replace("*", "");
  }
  return found;
}

function serveDcmjs() {
  const table = JSON.stringify(actions());
  const sources = {
    "/": ["text/html", () => readFileSync(join(here, "dcmjs.html"))],
    "/rewrite.js": ["text/javascript", () => readFileSync(join(here, "rewrite.js"))],
    "/dcmjs.es.js": ["text/javascript", () => readFileSync(join(here, "node_modules/dcmjs/build/dcmjs.es.js"))],
    "/actions.json": ["application/json", () => table],
  };
  const server = createServer((request, response) => {
    const source = sources[request.url];
    if (!source) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": source[0] }).end(source[1]());
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

async function serveCordon() {
  const child = spawn(CORDON_BIN, ["serve", "--demo", "--json", "--page", CORDON_PAGE], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of createInterface({ input: child.stdout })) return { child, ...JSON.parse(line) };
  throw new Error("cordon serve ended before it was ready");
}

// A browser with a profile of its own: nothing of an earlier run is staged in it.
async function browser(act) {
  const profile = mkdtempSync(join(tmpdir(), "cordon-bench-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CORDON_CHROMIUM,
    headless: true,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  try {
    return await act(context);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

// Most memory of any renderer: the tab with all its workers is one of them.
async function rendererMemory(context) {
  const session = await context.browser()?.newBrowserCDPSession();
  const pids = session
    ? (await session.send("SystemInfo.getProcessInfo")).processInfo.filter((p) => p.type === "renderer").map((p) => p.id)
    : renderers(process.pid);
  return Math.max(0, ...pids.map(highWater));
}

function highWater(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

// Renderers among the descendants of a process: a persistent context has no browser session.
function renderers(root) {
  const parents = new Map();
  for (const name of readdirSync("/proc").filter((n) => /^\d+$/.test(n))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (pid) => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter((pid) => {
    if (!below(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer");
    } catch {
      return false;
    }
  });
}

// From the moment the files are handed over until every one has its verdict.
async function page(link, folder) {
  const files = count(folder);
  return browser(async (context) => {
    const tab = await context.newPage();
    await tab.goto(link);
    const input = tab.locator('[data-test="pick-folder"]').first();
    await input.waitFor({ state: "attached" });
    await tab.evaluate((files) => {
      const text = files.toLocaleString("en");
      document.addEventListener("change", () => (window.benchStart ??= performance.now()), true);
      setInterval(() => {
        const meters = document.querySelector('[data-test="meters"]');
        const idle = document.querySelector('[data-test="discard"]');
        const all = meters && meters.textContent.replaceAll(/[^0-9a-z]/g, "").includes(`${text.replaceAll(/\D/g, "")}files`);
        if (window.benchStart && idle && all) window.benchEnd ??= performance.now();
      }, 5);
    }, files);
    await tab.waitForTimeout(SETTLE_MS);
    await input.setInputFiles(folder);
    await tab.waitForFunction(() => window.benchEnd, null, { timeout: 600_000, polling: 50 });
    const seconds = await tab.evaluate(() => (window.benchEnd - window.benchStart) / 1000);
    return { seconds, memory: await rendererMemory(context) };
  });
}

async function dcmjs(address, folder) {
  return browser(async (context) => {
    const tab = await context.newPage();
    tab.on("pageerror", (error) => console.error(error.message));
    await tab.goto(address);
    await tab.waitForFunction(() => window.ready);
    await tab.waitForTimeout(SETTLE_MS);
    await tab.locator("#files").setInputFiles(folder);
    await tab.waitForFunction(() => window.done, null, { timeout: 600_000, polling: 50 });
    const done = await tab.evaluate(() => window.done);
    if (done.files !== count(folder)) throw new Error("dcmjs did not see every file");
    return done.seconds;
  });
}

const cordon = await serveCordon();
const other = await serveDcmjs();
try {
  const answer = { browser: "", page_seconds: [], dcmjs_seconds: [], page_memory_kib: [] };
  answer.browser = await browser(async (context) => {
    const tab = await context.newPage();
    return tab.evaluate(() => navigator.userAgent.match(/(?:Headless)?Chrom\w+\/[\d.]+/)[0]);
  });
  let few = 0;
  for (let n = 0; n < REPEATS; n += 1) {
    const run = await page(cordon.link, CORDON_BENCH_FEW);
    answer.page_seconds.push(run.seconds);
    few = Math.max(few, run.memory);
    answer.dcmjs_seconds.push(await dcmjs(`http://127.0.0.1:${other.address().port}/`, CORDON_BENCH_FEW));
  }
  if (CORDON_BENCH_MANY) {
    const many = await page(cordon.link, CORDON_BENCH_MANY);
    answer.page_memory_kib = [few, many.memory];
    answer.page_many_seconds = [many.seconds];
    answer.dcmjs_many_seconds = [await dcmjs(`http://127.0.0.1:${other.address().port}/`, CORDON_BENCH_MANY)];
  }
  console.log(JSON.stringify(answer));
} finally {
  cordon.child.kill();
  other.close();
}
