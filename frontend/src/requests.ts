// htmx: told what went wrong in words, and the rest of the bundle told what is new on the page.
import htmx from "htmx.org";

import { onContent, text } from "./page";
import { toast } from "./toasts";

interface Failure extends Event {
  detail: { xhr?: XMLHttpRequest };
}

export function startRequests(): void {
  const body = document.body;
  body.addEventListener("htmx:load", (event) => {
    const element = (event as CustomEvent<{ elt: ParentNode }>).detail.elt;
    if (element !== body) onContent(element);
  });
  body.addEventListener("htmx:responseError", (event) => {
    toast(text("requestFailed", { status: (event as Failure).detail.xhr?.status ?? "?" }), "error");
  });
  body.addEventListener("htmx:sendError", () => toast(text("offline"), "error"));
  let running = 0;
  body.addEventListener("htmx:beforeRequest", () => body.classList.toggle("busy", ++running > 0));
  body.addEventListener("htmx:afterRequest", () => body.classList.toggle("busy", --running > 0));
}

/** Loads a fragment into `target`; the caller says what to do if that fails. */
export async function loadInto(target: HTMLElement, url: string): Promise<boolean> {
  const response = await fetchPart(url);
  if (!response) return false;
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = parsed.querySelector("main") ?? parsed.body;
  target.replaceChildren(...part.childNodes);
  htmx.process(target);
  onContent(target);
  return true;
}

/** Fetches as htmx does; undefined and a message where that fails. */
export async function fetchPart(url: string, options: RequestInit = {}): Promise<Response | undefined> {
  try {
    const response = await fetch(url, { ...options, headers: { "HX-Request": "true", ...csrf(), ...options.headers } });
    if (response.ok) return response;
    toast(text("requestFailed", { status: response.status }), "error");
  } catch {
    toast(text("offline"), "error");
  }
  return undefined;
}

/** Posts beside the page. Answers that hold words for the person (a form with errors, a refusal) are given back too. */
export async function post(url: string, body: FormData, headers: Record<string, string>): Promise<Response | undefined> {
  document.body.classList.add("busy");
  try {
    const response = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true", ...csrf(), ...headers } });
    if (response.ok || [403, 409, 422].includes(response.status)) return response;
    toast(text("requestFailed", { status: response.status }), "error");
  } catch {
    toast(text("offline"), "error");
  } finally {
    document.body.classList.remove("busy");
  }
  return undefined;
}

/** The header that proves that a write comes from this page. */
function csrf(): Record<string, string> {
  const headers = document.body.getAttribute("hx-headers");
  return headers ? (JSON.parse(headers) as Record<string, string>) : {};
}
