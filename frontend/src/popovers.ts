// Puts a native popover beside the button that opened it, and moves through menus with the arrow keys.
import { onClick, within } from "./page";
import { loadInto } from "./requests";

const GAP = 4;
let invoker: HTMLElement | null = null;

export function startPopovers(): void {
  onClick("[popovertarget]", (element) => {
    invoker = element;
  });
  document.addEventListener("toggle", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLElement) || !box.hasAttribute("popover") || (event as ToggleEvent).newState !== "open") return;
    place(box);
    void fill(box);
  }, true);
  document.addEventListener("keydown", moveInMenu);
  onClick(".menu a, .menu button", (element) => element.closest<HTMLElement>("[popover]")?.hidePopover());
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll<HTMLDetailsElement>("details.chip-filter[open]")) {
      if (event.target instanceof Node && !open.contains(event.target)) open.open = false;
    }
  });
}

/** Places `box` under its button, or above it where there is no room, never outside the window. */
export function place(box: HTMLElement): void {
  const own = invoker?.getAttribute("popovertarget") === box.id ? invoker : null;
  const button = own ?? document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(box.id)}"]`);
  if (!button) return;
  const at = button.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
  const below = at.bottom + GAP;
  const top = below + height <= innerHeight - 8 ? below : Math.max(8, at.top - height - GAP);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

async function fill(box: HTMLElement): Promise<void> {
  const url = box.dataset["loadOnce"];
  if (!url) return;
  delete box.dataset["loadOnce"];
  if (await loadInto(box, url)) place(box);
  else box.dataset["loadOnce"] = url;
}

function moveInMenu(event: KeyboardEvent): void {
  const menu = document.querySelector<HTMLElement>(".menu:popover-open");
  if (!menu || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  event.preventDefault();
  const items = within(menu, ".menu-item");
  const now = items.indexOf(document.activeElement as HTMLElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  items[(now + step + items.length) % items.length]?.focus();
}
