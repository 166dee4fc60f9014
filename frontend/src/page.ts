// Small typed access to the page: texts, elements, delegated events, and a hook for content that htmx brings.

type Hook = (root: ParentNode) => void;

const hooks: Hook[] = [];
let catalogue: Record<string, string> | undefined;

/** A text of the catalogue that Django rendered into the page; `%(name)s` is filled from `values`. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  catalogue ??= readJson<Record<string, string>>("ui-strings") ?? {};
  const pattern = catalogue[key] ?? key;
  return pattern.replace(/%\((\w+)\)s/gu, (_match, name: string) => String(values[name] ?? ""));
}

/** The value of a JSON data block, or undefined where the page has none. */
export function readJson<T>(id: string): T | undefined {
  const content = document.getElementById(id)?.textContent;
  return content ? (JSON.parse(content) as T) : undefined;
}

/** The nearest element around the target of an event that fits `selector`. */
export function closest<E extends Element = HTMLElement>(event: Event, selector: string): E | null {
  return event.target instanceof Element ? event.target.closest<E>(selector) : null;
}

/** Listens on the document for clicks on what fits `selector`, now and later. */
export function onClick(selector: string, act: (element: HTMLElement, event: MouseEvent) => void): void {
  document.addEventListener("click", (event) => {
    const element = closest(event, selector);
    if (element) act(element, event);
  });
}

/** Runs `hook` on the whole page once, and on every part that htmx brings in. */
export function eachContent(hook: Hook): void {
  hooks.push(hook);
}

/** Tells all hooks about new content. */
export function onContent(root: ParentNode): void {
  for (const hook of hooks) hook(root);
}

/** The elements in `root`, itself included, that fit `selector`. */
export function within<E extends Element = HTMLElement>(root: ParentNode, selector: string): E[] {
  const found = [...root.querySelectorAll<E>(selector)];
  return root instanceof Element && root.matches(selector) ? [root as unknown as E, ...found] : found;
}

/** A new element with a class and a text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, className = "", content = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content) element.textContent = content;
  return element;
}

/** An icon of the sprite. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.body.dataset["sprite"] ?? ""}#${name}`);
  svg.append(use);
  return svg;
}

/** Whether keys typed now are meant for a field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

/** Keeps a choice of look for a year; the server reads it so that the page never flashes. */
export function keepCookie(name: string, value: string): void {
  const age = value ? 365 * 86400 : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}
