// Starts the networks' worker. Messages that come while the module is loading wait here.
import init from "./nets.js";

const waiting = [];
self.onmessage = (event) => waiting.push(event);
// Called by the module when its own handler is in place.
self.cordonReady = () => {
  for (const event of waiting.splice(0)) self.onmessage(event);
};
// Where the weights are; a portal's worker does not begin on this address.
self.cordonBase = new URL(".", import.meta.url).href;

// The page stops this worker and starts another. No text: it may come out of a file.
function failed(event) {
  event.preventDefault();
  self.postMessage(["failed"]);
}
self.addEventListener("error", failed);
self.addEventListener("unhandledrejection", failed);

init({ module_or_path: new URL("nets_bg.wasm", import.meta.url) }).catch(() =>
  self.postMessage(["failed"]),
);
