// Starts the full page. No inline script anywhere: the page's policy forbids it.
import init, { base, start_page } from "./app.js";

const here = new URL(".", import.meta.url).href;

// A fixed text: what an error says may come out of a file, and a console is no place for it.
let told = false;
function stopped(event) {
  event?.preventDefault?.();
  if (told) return;
  told = true;
  const note = document.createElement("p");
  note.setAttribute("role", "alert");
  note.setAttribute("data-test", "stopped");
  note.className = "stopped";
  note.textContent =
    "Cordon has stopped because of an error of its own. Reload the page: what was cleaned is kept in this browser, and nothing was sent that you did not approve.";
  document.body.prepend(note);
}

window.addEventListener("error", stopped);
window.addEventListener("unhandledrejection", stopped);

await init({ module_or_path: new URL("app_bg.wasm", here) });
base(here);
start_page();
