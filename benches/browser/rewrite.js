// dcmjs as its documentation shows it: read, change the dictionary, write. The Basic Profile
// column of Table E.1-1 at the root level, private attributes out, UIDs replaced by a map.
// Nothing is checked and nothing is staged, which is less than the page does.
import dcmjs from "./dcmjs.es.js";

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
dcmjs.log.setLevel?.("silent");
const actions = await (await fetch("actions.json")).json();
const uids = new Map();

function uid(old) {
  if (!uids.has(old)) uids.set(old, DicomMetaDictionary.uid());
  return uids.get(old);
}

function rewrite(buffer) {
  const file = DicomMessage.readFile(buffer);
  const { dict, meta } = file;
  for (const tag of Object.keys(dict)) {
    if (parseInt(tag.slice(3, 4), 16) % 2 === 1) {
      delete dict[tag];
      continue;
    }
    const element = dict[tag];
    switch (actions[tag]) {
      case "X":
      case "X/D":
        delete dict[tag];
        break;
      case "Z":
      case "X/Z":
      case "X/Z/D":
      case "Z/D":
        element.Value = [];
        break;
      case "D":
        element.Value = element.vr === "PN" ? [{ Alphabetic: "ANON" }] : ["ANON"];
        break;
      case "U":
        element.Value = element.Value.map(uid);
        break;
      default:
    }
  }
  meta["00020003"].Value = dict["00080018"].Value;
  return file.write({ allowInvalidVRLength: true });
}

document.querySelector("#files").addEventListener("change", async (event) => {
  const start = performance.now();
  let files = 0;
  let bytes = 0;
  for (const file of event.target.files) {
    bytes += rewrite(await file.arrayBuffer()).byteLength;
    files += 1;
  }
  window.done = { seconds: (performance.now() - start) / 1000, files, bytes };
});
window.ready = true;
