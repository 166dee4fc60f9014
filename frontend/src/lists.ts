// Lists: move with j and k, open, select with x and shift, peek with space, act on what is selected.
import { bindKey, press } from "./keys";
import { closest, eachContent, isTyping, onClick, onContent, text, within } from "./page";
import { isPeeking, peekAt, togglePeek } from "./peek";

const BOXES = "tbody input[type=checkbox]";
let current: HTMLElement | null = null;
let anchor: HTMLInputElement | null = null;

export function startLists(): void {
  bindKey("j", "keyDown", "keysList", () => move(1));
  bindKey("k", "keyUp", "keysList", () => move(-1));
  for (const key of ["o", "Enter"]) bindKey(key, "keyOpen", "keysList", (event) => openCurrent(event));
  bindKey("x", "keySelect", "keysList", (event) => pickCurrent(event.shiftKey));
  bindKey(" ", "keyPeek", "keysList", () => peekCurrent());
  for (const [key, label] of [["a", "keyAssign"], ["s", "keyState"]] as const) bindKey(key, label, "keysList", () => actOnCurrent(key));
  for (const [key, label] of [["r", "keyReply"], ["n", "keyNote"]] as const) bindKey(key, label, "keysList", () => sayOnCurrent(key));
  onClick("[data-pick-all]", (element) => pickAll(element as HTMLInputElement));
  onClick("[data-pick-none]", (element) => {
    for (const box of boxesOf(listOf(element))) box.checked = false;
    showSelection(listOf(element));
  });
  document.addEventListener("click", (event) => {
    const row = closest(event, "[data-row]");
    if (!row) return;
    const box = closest<HTMLInputElement>(event, BOXES);
    if (box) pick(box, event.shiftKey);
    else if (!closest(event, "a, button, input, label, select, [popover]")) setCurrent(row);
  });
  document.addEventListener("dblclick", (event) => {
    const url = closest(event, "[data-row]")?.dataset["url"];
    if (url && !closest(event, "a, button, input")) location.assign(url);
  });
  eachContent((root) => {
    if (!current?.isConnected) current = null;
    for (const list of within(root, "[data-list]")) showSelection(list);
  });
}

function listOf(element: Element): HTMLElement {
  return element.closest<HTMLElement>("form, [data-list]") ?? document.body;
}

function boxesOf(list: Element): HTMLInputElement[] {
  return [...list.querySelectorAll<HTMLInputElement>(BOXES)];
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-list] [data-row]")].filter((row) => row.checkVisibility());
}

function setCurrent(row: HTMLElement): void {
  current?.classList.remove("current");
  current = row;
  row.classList.add("current");
  row.scrollIntoView({ block: "nearest" });
  if (isPeeking() && row.dataset["peek"]) void peekAt(row);
}

/** Puts the row as it is now in the place of the old one, selected and current as that was. */
export function replaceRow(old: HTMLElement, fresh: HTMLElement): void {
  const [was, is] = [old, fresh].map((row) => row.querySelector<HTMLInputElement>("input[type=checkbox]"));
  if (was && is) is.checked = was.checked;
  old.replaceWith(fresh);
  if (current === old) {
    current = fresh;
    fresh.classList.add("current");
  }
  onContent(fresh);
  showSelection(listOf(fresh));
}

function move(step: number): boolean {
  const all = rows();
  if (!all.length) return false;
  const now = current ? all.indexOf(current) : -1;
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + step));
  setCurrent(all[next] as HTMLElement);
  return true;
}

function openCurrent(event: KeyboardEvent): boolean {
  // Enter on a focused link or button is theirs, unless it went out of sight: what was pressed keeps the focus for a while.
  const own = (event.target as Element).closest("a, button, summary");
  if (!current?.dataset["url"] || own?.checkVisibility()) return false;
  location.assign(current.dataset["url"]);
  return true;
}

function peekCurrent(): boolean {
  if (!current?.dataset["peek"] || isTyping(document.activeElement)) return false;
  void togglePeek(current);
  return true;
}

function pickCurrent(range: boolean): boolean {
  const box = current?.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (!box) return false;
  box.checked = !box.checked;
  pick(box, range);
  return true;
}

/** Acts on what is peeked at; else on the selection, or on the current row if nothing is selected. */
function actOnCurrent(key: string): boolean {
  if (isPeeking() && press(key, "#peek-panel ")) return true;
  if (!current) return false;
  if (!boxesOf(listOf(current)).some((box) => box.checked)) pickCurrent(false);
  return press(key);
}

/** Replies to the current row's record, or notes on it, in its peek. */
function sayOnCurrent(key: string): boolean {
  if (isPeeking()) return press(key, "#peek-panel ");
  if (!current?.dataset["peek"]) return false;
  void peekAt(current).then(() => press(key, "#peek-panel "));
  return true;
}

function pick(box: HTMLInputElement, range: boolean): void {
  const list = listOf(box);
  const boxes = boxesOf(list);
  if (range && anchor && boxes.includes(anchor)) {
    const [from, to] = [boxes.indexOf(anchor), boxes.indexOf(box)].sort((a, b) => a - b) as [number, number];
    for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
  }
  anchor = box;
  showSelection(list);
}

function pickAll(all: HTMLInputElement): void {
  const list = listOf(all);
  for (const box of boxesOf(list)) box.checked = all.checked;
  showSelection(list);
}

function showSelection(inside: HTMLElement): void {
  const list = listOf(inside);
  const boxes = boxesOf(list);
  const count = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  const all = list.querySelector<HTMLInputElement>("[data-pick-all]");
  if (all) {
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
  const bar = list.querySelector<HTMLElement>("[data-act-bar]");
  if (!bar) return;
  bar.hidden = count === 0;
  const counter = bar.querySelector("[data-act-count]");
  if (counter) counter.textContent = text("selected", { count });
}
