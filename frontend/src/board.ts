// The board: a card dragged to another column is moved there by its state's act; a refusal puts it back.
import { closest } from "./page";
import { fetchPart } from "./requests";

export function startBoards(): void {
  let card: HTMLElement | null = null;
  document.addEventListener("dragstart", (event) => {
    card = closest(event, "[data-board] [data-card]");
  });
  document.addEventListener("dragend", () => {
    card = null;
    mark(null);
  });
  document.addEventListener("dragover", (event) => {
    const column = closest(event, "[data-board] [data-move]");
    if (!card || !column) return;
    event.preventDefault();
    mark(column);
  });
  document.addEventListener("drop", (event) => {
    const column = closest(event, "[data-board] [data-move]");
    if (!card || !column || column.contains(card)) return;
    event.preventDefault();
    void move(card, column);
  });
}

function mark(column: HTMLElement | null): void {
  for (const each of document.querySelectorAll("[data-board] .drop")) each.classList.remove("drop");
  column?.classList.add("drop");
}

async function move(card: HTMLElement, column: HTMLElement): Promise<void> {
  const home = card.parentElement;
  const after = card.nextSibling;
  column.append(card);
  const body = new URLSearchParams({ card: card.dataset["card"] ?? "" });
  const response = await fetchPart(column.dataset["move"] ?? "", { method: "POST", body });
  if (!response) home?.insertBefore(card, after);
  else if (response.redirected) location.assign(response.url);
}
