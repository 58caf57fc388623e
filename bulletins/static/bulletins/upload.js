// Sends a chosen file in pieces that go on where a bad line stopped (tus 1.0). Without it the
// button posts the file in one. When the file is whole the form is posted with its key.
const place = document.getElementById("set-upload");
const input = document.getElementById("file");
const words = place.querySelector("template").dataset;
const line = document.getElementById("file-told");
const bar = place.querySelector("progress");
const goOn = place.querySelector("[data-go-on]");
const giveUp = place.querySelector("[data-give-up]");
const button = place.querySelector("button[name=upload]");
const PIECE = 128 * 1024; // bytes: some twenty seconds at 50 kbit/s
const WAITS = [0, 1000, 3000, 5000, 10_000, 15_000, 30_000]; // ms before each new try
const SAID_EVERY = 5000; // ms between two spoken lines
let upload = null;
let saidAt = 0;

const cookie = (name) => document.cookie.split("; ").find((c) => c.startsWith(`${name}=`))?.split("=")[1];
const lang = document.documentElement.lang;
const number = new Intl.NumberFormat(lang === "ar" ? "ar-EG" : lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const megabytes = (bytes) => number.format(bytes / 1e6);

function tell(text) {
  saidAt = Date.now();
  line.textContent = text;
}

function loaded() {
  if (window.tus) return Promise.resolve(true);
  return new Promise((done) => {
    const script = document.createElement("script");
    script.src = input.dataset.tus;
    script.addEventListener("load", () => done(Boolean(window.tus?.isSupported)));
    script.addEventListener("error", () => done(false));
    document.head.append(script);
  });
}

function show({ running, stopped = false }) {
  bar.hidden = !running && !stopped;
  giveUp.hidden = !running && !stopped;
  goOn.hidden = !stopped;
  button.hidden = running || stopped;
  input.disabled = running || stopped;
}

function begin(file) {
  upload = new window.tus.Upload(file, {
    endpoint: input.dataset.endpoint,
    chunkSize: PIECE,
    retryDelays: WAITS,
    metadata: { filename: file.name },
    removeFingerprintOnSuccess: true,
    fingerprint: async () => `gkc:upload:${file.name}:${file.size}:${input.dataset.chosen ?? ""}`,
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", cookie("csrftoken") ?? ""),
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      return navigator.onLine && (status === 0 || status === 409 || status >= 500);
    },
    onProgress: (sent, all) => {
      bar.max = all;
      bar.value = sent;
      if (Date.now() - saidAt > SAID_EVERY) tell(words.sent.replace("{done}", megabytes(sent)).replace("{all}", megabytes(all)));
    },
    onError: (error) => {
      show({ running: false, stopped: true });
      if (!navigator.onLine || !error.originalResponse) return tell(words.waiting);
      let said = "";
      try {
        said = JSON.parse(error.originalResponse.getBody()).message;
      } catch {
        /* an answer of a machine between us */
      }
      tell(said || words.stopped);
    },
    onSuccess: () => {
      const key = document.createElement("input");
      [key.type, key.name, key.value] = ["hidden", "uploaded", upload.url.split("/").at(-2)];
      input.form.append(key);
      input.value = "";
      show({ running: false });
      tell(words.whole);
      input.form.requestSubmit(button);
    },
  });
  return upload;
}

async function start() {
  const [file] = input.files;
  show({ running: true });
  tell(words.beginning);
  const earlier = await begin(file).findPreviousUploads();
  if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
  upload.start();
}

function again() {
  if (goOn.hidden) return;
  show({ running: true });
  tell(words.beginning);
  upload.start();
}

button.addEventListener("click", async (event) => {
  if (!input.files.length || !window.File || !window.Blob) return;
  event.preventDefault();
  if (await loaded()) await start();
  else input.form.requestSubmit(button);
});
goOn.addEventListener("click", again);
giveUp.addEventListener("click", async () => {
  await upload?.abort(true).catch(() => {}); // without a line the server forgets it by itself
  show({ running: false });
  tell("");
  input.focus();
});
window.addEventListener("offline", async () => {
  if (!upload || button.hidden === false || !goOn.hidden) return;
  await upload.abort();
  show({ running: false, stopped: true });
  tell(words.waiting);
});
window.addEventListener("online", again);
