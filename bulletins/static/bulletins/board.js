// The arrow keys on the board. Without it every story is a link in its turn.
const board = document.querySelector("[data-board]");
const columns = [...(board?.querySelectorAll("[data-column]") ?? [])]
  .map((column) => [...column.querySelectorAll("[data-card]")])
  .filter((cards) => cards.length);

// One card at a time is reached by Tab: the one that was looked at last.
function hold(card) {
  for (const other of columns.flat()) other.tabIndex = other === card ? 0 : -1;
}

function next(key, across, down) {
  const here = columns[across];
  // Towards the end of a line is to the left where one writes from right to left.
  const ahead = getComputedStyle(board).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === "ArrowDown") return here[down + 1];
  if (key === "ArrowUp") return here[down - 1];
  if (key === "Home") return here[0];
  if (key === "End") return here.at(-1);
  if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
  const other = columns[across + (key === ahead ? 1 : -1)];
  return other?.[Math.min(down, other.length - 1)];
}

if (columns.length) {
  hold(columns[0][0]);
  const keys = document.querySelector("[data-keys]");
  if (keys) keys.hidden = false;
  board.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-card]");
    if (card) hold(card);
  });
  board.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const across = columns.findIndex((cards) => cards.includes(event.target));
    if (across < 0) return;
    const card = next(event.key, across, columns[across].indexOf(event.target));
    if (!card && !event.key.startsWith("Arrow")) return;
    event.preventDefault(); // at the edge the page does not scroll away from under the card
    card?.focus();
  });
}
