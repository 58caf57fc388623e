// Sends words of a story that were typed without a network, from whatever page is open when it
// is back. share.js keeps them; on the part's own page it sends them itself.
const texts = document.getElementById("unsent-words")?.dataset;
const own = document.querySelector("form[data-share]")?.dataset.share;
const cookie = (name) => document.cookie.split("; ").find((c) => c.startsWith(`${name}=`))?.split("=")[1];

function show(kind, words, link, label) {
  const box = document.createElement("p");
  box.className = `alert alert--${kind} mb5`;
  box.setAttribute("role", "status");
  box.append(words);
  if (link) {
    const a = document.createElement("a");
    [a.href, a.textContent] = [link, label];
    box.append(" ", a);
  }
  document.querySelector("main .wrap")?.prepend(box);
}

async function send(key, kept) {
  const body = new FormData();
  body.set("version", kept.version);
  for (const [name, value] of JSON.parse(kept.pairs)) body.append(name, value);
  const answer = await fetch(kept.save, { method: "POST", body, headers: { "X-CSRFToken": cookie("csrftoken") ?? "" } });
  const part = kept.save.replace(/save\/$/, "");
  if (answer.ok) {
    localStorage.removeItem(key);
    // A button that was pressed before the autosave sent them already: nothing to tell.
    if ((await answer.json()).new) show("ok", texts.sent, part, texts.open);
  } else if (answer.status === 409) {
    show("warn", texts.conflict, part, texts.open);
  }
}

async function sendAll() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith("gkc:share:") || key === `gkc:share:${own}`) continue;
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      if (kept?.save?.startsWith("/")) await send(key, kept);
    } catch {
      /* no network yet, or no words of ours: they stay where they are */
    }
  }
}

if (texts) {
  sendAll();
  window.addEventListener("online", sendAll);
}
