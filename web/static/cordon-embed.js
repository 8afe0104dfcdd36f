// The contribution view for any page:
//
//   <script type="module" src="https://cordon.example/cordon-embed.js"></script>
//   <cordon-contribute server="https://cordon.example" project="knee" token="…"></cordon-contribute>
//
// or, without the element:
//
//   import { mount } from "https://cordon.example/cordon-embed.js";
//   const view = await mount(element, { server, project, token });
//   view.destroy();
//
// The portal's policy must allow this address in script-src, style-src and connect-src, and
// 'wasm-unsafe-eval'; on another origin also blob: in worker-src.
import init, { base, mount as mountView } from "./app.js";

const here = new URL(".", import.meta.url).href;

let loading;
function load() {
  loading ??= init({ module_or_path: new URL("app_bg.wasm", here) }).then(() => base(here));
  return loading;
}

/** Mounts the view into an element. Styles are the caller's: link `cordon.css`. */
export async function mount(element, options) {
  await load();
  return mountView(element, { server: new URL(here).origin, ...options });
}

class CordonContribute extends HTMLElement {
  static observedAttributes = ["server", "project", "token", "theme", "processor"];
  #view = null;
  #turn = 0;

  connectedCallback() {
    this.#start();
  }

  disconnectedCallback() {
    this.#turn += 1;
    this.#stop();
  }

  attributeChangedCallback(name, before, after) {
    if (this.isConnected && before !== after) this.#start();
  }

  #stop() {
    this.#view?.destroy();
    this.#view = null;
  }

  async #start() {
    const turn = ++this.#turn;
    // Attributes are set one after the other: wait for the last of them.
    await load();
    if (turn !== this.#turn || !this.isConnected) return;
    this.#stop();
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    shadow.replaceChildren();
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("cordon.css", here).href;
    const root = document.createElement("div");
    root.className = "cordon-embedded";
    shadow.append(style, root);
    const options = { rail: this.hasAttribute("rail") };
    for (const name of ["server", "project", "token", "theme", "processor"]) {
      const value = this.getAttribute(name);
      if (value !== null) options[name] = value;
    }
    this.#view = await mount(root, options);
    if (turn !== this.#turn) this.#stop();
  }
}

if (!customElements.get("cordon-contribute")) {
  customElements.define("cordon-contribute", CordonContribute);
}
