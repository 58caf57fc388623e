// Saves a part of a story as one types. Without it every button still posts the form.
const form = document.querySelector("form[data-share]");
const words = document.getElementById("share-words")?.dataset;
const state = document.getElementById("save-state");
const told = document.getElementById("told");
const key = `gkc:share:${form.dataset.share}`;
const EVERY = 10_000; // ms
const EDGE = 2400; // px, as network/uploads.py
const NOT_KEPT = ["csrfmiddlewaretoken", "version", "people_agreed", "no_customer_data"];
let last = typed();
let stopped = false; // another tab was faster: its words are not overwritten unasked
let running = null;
let again = false; // something changed while a save was under way
let signedOut = false;
let leaving = false; // a button posts the form: a save beside it would race it for the version

/* What would be posted, files and button names left out. */
function typed() {
  const pairs = [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !NOT_KEPT.includes(name),
  );
  return JSON.stringify(pairs);
}

function tell(kind, text, link) {
  state.dataset.s = kind;
  state.textContent = text;
  if (link) {
    const a = document.createElement("a");
    [a.href, a.textContent] = [link, text];
    state.replaceChildren(a);
  }
}

function keep() {
  try {
    // With the address: unsent.js sends them from another page, too.
    localStorage.setItem(key, JSON.stringify({ version: form.version.value, pairs: typed(), save: form.dataset.save }));
    return true;
  } catch {
    return false; // storage is full or forbidden
  }
}

function forget() {
  try {
    localStorage.removeItem(key);
  } catch {
    /* nothing was kept */
  }
}

const cookie = (name) => document.cookie.split("; ").find((c) => c.startsWith(`${name}=`))?.split("=")[1];

async function save() {
  const now = typed();
  again = Boolean(running);
  if (stopped || leaving || running || now === last) return running;
  if (!signedOut) tell("saving", words.saving); // the link to sign in stays where it is
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
  running = send(body, now);
  await running;
  running = null;
  if (again) await save();
}

async function send(body, now) {
  try {
    // A sign-in in another tab changes the token; the cookie always has the newest.
    const headers = { "X-CSRFToken": cookie("csrftoken") ?? body.get("csrfmiddlewaretoken") };
    const answer = await fetch(form.dataset.save, { method: "POST", body, headers, keepalive: now.length < 20_000 });
    const said = await answer.json();
    signedOut = answer.status === 401;
    if (answer.ok) {
      form.version.value = said.version;
      last = now;
      if (typed() === now) forget();
      else keep();
      tell("saved", said.message);
    } else if (signedOut) {
      tell("local", words.signin, words.signinUrl);
    } else if (answer.status === 409) {
      stopped = true;
      tell("failed", words.failed);
      if (keep()) tell("local", words.local);
      told.innerHTML = said.html;
      told.firstElementChild.focus();
    } else {
      tell("failed", said.message ?? words.failed);
    }
  } catch {
    tell(...(keep() ? ["local", words.local] : ["failed", words.failed]));
  }
}

/* --- words that were not sent before the tab closed --------------------------- */
function putBack(pairs) {
  for (const set of form.querySelectorAll("[data-set]")) {
    const wanted = pairs.map(([name]) => name.match(`^${set.dataset.set}-(\\d+)-`)?.[1]).filter(Boolean);
    for (const index of new Set(wanted)) if (!document.getElementById(`${set.dataset.set}-${index}`)) addRow(set, index);
  }
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || ["submit", "file"].includes(field.type) || NOT_KEPT.includes(field.name)) continue;
    const sent = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = sent.includes(field.value);
    else if (sent.length) field.value = sent[0];
  }
}

/* Whether all that was kept stands here; the server may have added rows, as for a file sent. */
function arrived(pairs) {
  const sent = JSON.parse(pairs);
  const there = new Set(sent.map(([name]) => rowOf(name)));
  return JSON.stringify(JSON.parse(last).filter(([name]) => there.has(rowOf(name)))) === JSON.stringify(sent);
}

function rowOf(name) {
  return name.match(/^(pictures|files)-\d+-/)?.[0] ?? "";
}

function restore() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(key));
  } catch {
    return;
  }
  if (!kept || arrived(kept.pairs)) return forget();
  if (told.firstElementChild) return; // both texts are shown already
  const use = async () => {
    putBack(JSON.parse(kept.pairs));
    told.replaceChildren();
    await save();
    if (state.dataset.s === "saved") tell("saved", words.restored);
  };
  if (kept.version === form.version.value) return use(); // they never arrived
  const box = document.createElement("div");
  box.className = "alert alert--warn mb5";
  const line = document.createElement("p");
  line.textContent = words.offer;
  const row = document.createElement("p");
  row.className = "row";
  for (const [label, run] of [[words.use, use], [words.drop, () => (forget(), box.remove())]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--quiet btn--small";
    button.textContent = label;
    button.addEventListener("click", run);
    row.append(button);
  }
  box.append(line, row);
  told.append(box);
}

/* --- rows -------------------------------------------------------------------- */
function uuid() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function addRow(set, index) {
  const holder = document.createElement("div");
  holder.innerHTML = set.querySelector("template").innerHTML.replaceAll("__n__", index);
  const row = holder.firstElementChild;
  row.querySelector('input[name$="-id"]').value = uuid();
  set.querySelector("[data-rows]").append(row);
  return row;
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.name === "add") {
    const set = button.closest("[data-set]");
    const rows = [...set.querySelectorAll("[data-row]")];
    if (rows.length >= Number(set.dataset.max)) return;
    event.preventDefault();
    const index = Math.max(-1, ...rows.map((row) => Number(row.id.split("-").at(-1)))) + 1;
    addRow(set, index).querySelector("input:not([type=hidden]),select,textarea").focus();
    button.hidden = rows.length + 1 >= Number(set.dataset.max);
    changed();
  } else if (button?.name === "remove" && button.closest("[data-set]")) {
    event.preventDefault();
    const set = button.closest("[data-set]");
    button.closest("[data-row]").remove();
    for (const add of set.querySelectorAll("button[name=add]")) add.hidden = false;
    set.focus();
    changed();
    save();
  }
});

/* --- lengths, as network-wide rules count them --------------------------------- */
function count(field) {
  const line = form.querySelector(`[data-count="${field.id}"]`);
  if (!line) return;
  const text = field.value.trim();
  const n = "characters" in line.dataset ? text.replace(/\s/g, "").length : text ? text.split(/\s+/).length : 0;
  const lang = document.documentElement.lang;
  const shown = new Intl.NumberFormat(lang === "ar" ? "ar-EG" : lang).format(n);
  line.textContent = line.textContent.replace(/[\d٠-٩۰-۹.,٬٫]+/, shown);
  form.querySelector(`[data-over="${field.id}"]`).hidden = n <= Number(line.dataset.limit);
}

function changed() {
  if (!keep()) tell("failed", words.failed);
}

form.addEventListener("input", (event) => {
  count(event.target);
  changed();
});
form.addEventListener("change", changed);
form.addEventListener("focusout", () => signedOut || save());
form.addEventListener("submit", async (event) => {
  if (!navigator.onLine) {
    event.preventDefault(); // the browser's own error page would stand where the words are
    tell(...(keep() ? ["local", words.local] : ["failed", words.failed]));
    return;
  }
  const underWay = running;
  leaving = true;
  if (!underWay) return;
  event.preventDefault(); // the form is posted with the version that this save answers
  await underWay;
  form.requestSubmit(event.submitter);
});
window.addEventListener("pageshow", () => (leaving = false));
window.addEventListener("online", () => save());
document.addEventListener("visibilitychange", () => document.hidden && save());
setInterval(save, EVERY);
told.addEventListener("click", (event) => {
  if (event.target.closest("[data-take]")) {
    stopped = true;
    forget();
  } else if (event.target.closest("[data-keep]")) {
    form.version.value = told.querySelector("[data-conflict]").dataset.conflict;
  }
});

/* --- pictures are made smaller here, so that a slow line carries less ------------- */
document.getElementById("file")?.addEventListener("change", async (event) => {
  const [file] = event.target.files;
  const line = document.getElementById("file-told");
  line.textContent = "";
  // The same photograph chosen again goes on where it stopped, however it is made smaller here.
  event.target.dataset.chosen = file ? `${file.size}:${file.lastModified}` : "";
  if (!file || !["image/jpeg", "image/webp"].includes(file.type)) return;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale].map(Math.round);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return;
    const box = new DataTransfer();
    box.items.add(new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }));
    event.target.files = box.files;
    line.textContent = words.smaller;
  } catch {
    /* the server makes it smaller */
  }
});

restore();
document.getElementById("problems")?.focus();
