// The translators' desk. Without it every button posts its form, and 'Keep for later' saves.
const pairs = document.getElementById("pairs");

const stateOf = (field) => field.closest(".field")?.querySelector(".save");

function tell(field, kind, text) {
  const line = stateOf(field);
  if (!line) return;
  line.hidden = false;
  line.dataset.s = kind;
  line.textContent = text;
}

// Ctrl (or Command) and Enter: done, next paragraph.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-desk]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[value=done]"));
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-field]")) tell(event.target, "saving", pairs.dataset.saving);
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    const fields = event.target.matches("[data-field]")
      ? [event.target]
      : event.target.querySelectorAll("[data-field]");
    const said = name === "htmx:responseError" && event.detail.xhr.status === 422;
    for (const field of fields) tell(field, "failed", said ? event.detail.xhr.responseText : pairs.dataset.failed);
  });
}

// Where a paragraph opens, one goes on typing. An alert comes first: gkc.js has focused it.
function goOn(root) {
  if (!root?.matches?.(".pair[data-now]") || root.querySelector("[data-focus]")) return;
  const field = root.querySelector("[data-field]");
  field?.focus();
  root.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:oobAfterSwap", (event) => goOn(event.detail.target));
document.addEventListener("htmx:load", (event) => goOn(event.detail.elt));
