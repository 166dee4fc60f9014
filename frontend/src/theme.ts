// Switches the theme without a reload; without the bundle the same buttons post a form.
import { keepCookie, onClick } from "./page";

const listeners: (() => void)[] = [];

/** Called after the theme changed, by choice or by the system. */
export function onTheme(listener: () => void): void {
  listeners.push(listener);
}

export function startTheme(): void {
  onClick("[data-theme-choice]", (element, event) => {
    event.preventDefault();
    const theme = element.getAttribute("value") ?? "";
    if (theme) document.documentElement.dataset["theme"] = theme;
    else delete document.documentElement.dataset["theme"];
    keepCookie("zhiheng_theme", theme);
    for (const each of document.querySelectorAll("[data-theme-choice]")) {
      each.setAttribute("aria-current", String(each.getAttribute("value") === theme));
    }
    tell();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
}

function tell(): void {
  for (const listener of listeners) listener();
}
