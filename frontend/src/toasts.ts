// Toasts: say what happened and go; an error stays until it is closed.
import { icon, make, onClick, text } from "./page";

const STAY_MS = 6000;

export type Tone = "" | "success" | "warning" | "error";

/** Shows a message; `act` adds a button to it. */
export function toast(message: string, tone: Tone = "", act?: { label: string; run: () => void }): void {
  const box = make("div", `toast ${tone}`);
  box.append(make("p", "", message));
  if (act) {
    const button = make("button", "btn small", act.label);
    button.type = "button";
    button.addEventListener("click", () => {
      act.run();
      box.remove();
    });
    box.append(button);
  }
  const close = make("button", "btn quiet icon-only small");
  close.type = "button";
  close.dataset["toastClose"] = "";
  close.setAttribute("aria-label", text("close"));
  close.append(icon("x"));
  box.append(close);
  document.getElementById("toasts")?.append(box);
  leaveLater(box);
}

export function startToasts(): void {
  onClick("[data-toast-close]", (element) => element.closest(".toast")?.remove());
  for (const box of document.querySelectorAll<HTMLElement>("[data-toast]")) leaveLater(box);
}

function leaveLater(box: HTMLElement): void {
  if (box.classList.contains("error")) return;
  window.setTimeout(() => {
    if (box.matches(":hover, :focus-within")) leaveLater(box);
    else box.remove();
  }, STAY_MS);
}
