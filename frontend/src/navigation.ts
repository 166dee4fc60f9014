// The navigation: a drawer on a phone, icons only when collapsed.
import { keepCookie, onClick } from "./page";

export function startNavigation(): void {
  const root = document.documentElement;
  onClick("[data-nav-collapse]", () => {
    const icons = root.dataset["nav"] !== "icons";
    if (icons) root.dataset["nav"] = "icons";
    else delete root.dataset["nav"];
    keepCookie("zhiheng_nav", icons ? "icons" : "");
  });
  onClick("[data-drawer-open]", () => {
    root.dataset["drawer"] = "open";
    document.querySelector<HTMLElement>("#nav a[href]")?.focus();
  });
  onClick("[data-drawer-close]", closeDrawer);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.dataset["drawer"]) closeDrawer();
  });
  document.querySelector(".nav-item[aria-current]")?.scrollIntoView({ block: "nearest" });
}

function closeDrawer(): void {
  delete document.documentElement.dataset["drawer"];
  document.querySelector<HTMLElement>("[data-drawer-open]")?.focus();
}
