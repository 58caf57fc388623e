// The list of attendance keeps every tap on this device until the site has it: a tablet in a
// workshop hall loses its connection. Without script the form simply posts.
const form = document.getElementById("roll");
if (form) {
  const key = `gkc-roll-${form.dataset.key}`;
  const state = document.getElementById("roll-state");
  const say = (kind, words) => {
    if (!state) return;
    state.hidden = !words;
    state.dataset.s = kind;
    state.textContent = words;
  };
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };
  const write = (taps) => {
    try {
      if (Object.keys(taps).length) localStorage.setItem(key, JSON.stringify(taps));
      else localStorage.removeItem(key);
    } catch {
      // A private window has no storage: the form still posts.
    }
  };
  const radios = [...form.querySelectorAll("input[type=radio]")];
  // What the site shows as marked has arrived; the rest is put back as it was tapped.
  const taps = read();
  for (const radio of radios) {
    if (taps[radio.name] === undefined) continue;
    const arrived = form.elements[radio.name.replace("mark", "seen")]?.value === taps[radio.name];
    if (arrived) delete taps[radio.name];
    else if (radio.value === taps[radio.name]) radio.checked = true;
  }
  write(taps);
  if (Object.keys(taps).length) say("local", form.dataset.kept);
  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    const kept = read();
    kept[event.target.name] = event.target.value;
    write(kept);
    say("local", form.dataset.unsaved);
  });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    say("failed", form.dataset.offline);
  });
}
