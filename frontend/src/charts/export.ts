// Saving what is drawn, and the small buttons for it.
import { make } from "../page";

/** Saves what `url` holds under a name that every file system takes. */
export function download(name: string, url: string): void {
  const link = make("a");
  link.download = name.replaceAll(/[\\/:*?"<>|]/gu, "_");
  link.href = url;
  link.click();
}

/** A quiet button beside a drawing. */
export function tool(sign: SVGSVGElement, word: string, label: string, run: () => void): HTMLButtonElement {
  const button = make("button", "btn quiet small");
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.append(sign);
  if (word) button.append(word);
  button.addEventListener("click", run);
  return button;
}
