// A list of completions under the search field: the combobox pattern of WAI-ARIA.
// Without this file the field is a plain one, and Enter searches.

const WAIT_MS = 150;
const trouble = document.getElementById("search")?.dataset.trouble;

function combobox(input) {
  const list = document.createElement("div");
  list.id = `${input.id}-list`;
  list.className = "suggest";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.completeLabel);
  list.hidden = true;
  input.closest(".find").append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let timer, asked, at = -1;

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (place) => {
    const options = list.children;
    at = (place + options.length + 1) % (options.length + 1);
    if (at === options.length) at = -1;
    [...options].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }
  };

  const choose = (entry) => {
    close();
    if (entry.url) {
      location.assign(entry.url);
      return;
    }
    input.value = entry.text;
    input.form.requestSubmit();
  };

  const show = (entries) => {
    list.replaceChildren(
      ...entries.map((entry, i) => {
        const option = document.createElement("div");
        option.id = `${list.id}-${i}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const text = document.createElement("span");
        text.textContent = entry.text;
        text.lang = entry.lang;
        text.dir = entry.dir;
        const kind = document.createElement("small");
        kind.textContent = entry.kind;
        option.append(text, kind);
        // Before the field loses the keyboard.
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(entry));
        option.entry = entry;
        return option;
      }),
    );
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = entries.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  const ask = async () => {
    const text = input.value.trim();
    asked?.abort();
    // One letter says too little, except in scripts where it is a word.
    if (text.length < 2 && !/[^\u0000-\u06ff]/.test(text)) {
      close();
      return;
    }
    asked = new AbortController();
    try {
      const address = `${input.dataset.complete}?${new URLSearchParams({ q: text })}`;
      const response = await fetch(address, { signal: asked.signal });
      if (!response.ok) return close();
      const { entries } = await response.json();
      if (document.activeElement === input) show(entries);
    } catch {
      // Cancelled by a newer question, or offline: the field works without.
    }
  };

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? list.children.length - 1 : at - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      // The first Escape closes the list; the browser's own use, to empty the field, waits.
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      choose(list.children[at].entry);
    }
  });
}

for (const input of document.querySelectorAll("input[data-complete]")) combobox(input);

// Results that do not come are said where the count is announced.
if (trouble) {
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => {
      document.getElementById("count").textContent = trouble;
    });
  }
}

// The other languages are asked the same question, whatever was typed since.
for (const change of ["htmx:replacedInHistory", "htmx:pushedIntoHistory"]) {
  document.addEventListener(change, () => {
    for (const link of document.querySelectorAll(".langs__panel a[href]")) {
      link.search = location.search;
    }
  });
}
