// The benchmark page: the networks' worker measures itself, once for each processor.
// `bench.html` measures both; `bench.html?cpu` only the plain one.
const state = document.getElementById("state");
const results = document.getElementById("results");
const cpuOnly = new URLSearchParams(location.search).has("cpu");

function worker() {
  const script = new URL("nets-boot.js", import.meta.url);
  const worker = new Worker(script, { type: "module", name: "cordon" });
  let next = 0;
  const waiting = new Map();
  worker.onmessage = ({ data: [number, json] }) => {
    if (number === "failed") {
      for (const { no } of waiting.values()) no(new Error("the networks' module could not be started"));
      return;
    }
    waiting.get(number)?.yes(JSON.parse(json).Looks);
    waiting.delete(number);
  };
  const ask = (question) =>
    new Promise((yes, no) => {
      const number = next++;
      waiting.set(number, { yes, no });
      worker.postMessage([number, JSON.stringify({ Looks: question }), []]);
    });
  return { ask, end: () => worker.terminate() };
}

function row(name, value) {
  const line = document.createElement("tr");
  for (const text of [name, value]) {
    const cell = document.createElement("td");
    cell.textContent = text;
    line.append(cell);
  }
  return line;
}

function show(measured) {
  const { processor, stages, difference, memory } = measured;
  const title = document.createElement("h2");
  title.textContent = processor.why ? `${processor.name}: ${processor.why}` : processor.name;
  const table = document.createElement("table");
  table.dataset.processor = processor.name;
  for (const { name, millis } of stages) table.append(row(name, `${Math.round(millis)} ms`));
  table.append(row("memory of the module", `${(memory / 2 ** 20).toFixed(0)} MiB`));
  if (processor.name !== "CPU") table.append(row("difference from the CPU", difference.toExponential(1)));
  results.append(title, table);
}

async function measure(choice) {
  const started = performance.now();
  const { ask, end } = worker();
  try {
    const { Opened } = await ask({ Open: choice });
    const opened = performance.now() - started;
    state.textContent = `Measuring on the ${Opened.name}`;
    const told = await ask("Measure");
    if (!told.Measured) throw new Error(told.Sentence);
    told.Measured.stages.unshift({ name: "module and processor ready", millis: opened });
    show(told.Measured);
    return told.Measured;
  } finally {
    end();
  }
}

const all = [];
try {
  for (const choice of cpuOnly ? ["Cpu"] : ["Cpu", "Gpu"]) {
    const measured = await measure(choice);
    all.push(measured);
  }
  state.textContent = "Done";
} catch (error) {
  state.textContent = String(error.message);
}
// For tests and for cargo xtask bench.
window.cordonMeasured = all;
