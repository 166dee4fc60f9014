// The process as it ran: activities and arcs by Cytoscape, laid out by dagre. Loaded only where there is one.
import cytoscape, { type Core, type ElementDefinition } from "cytoscape";
import dagre from "cytoscape-dagre";

import { download, tool } from "../charts/export";
import { readTokens, type Tokens } from "../charts/theme";
import { icon, make, readJson, text } from "../page";
import { onTheme } from "../theme";
import { makeRoom } from "./room";

interface MapData {
  title: string;
  nodes: { id: string; label: string; count: number; url: string; kind: string }[];
  arcs: { source: string; target: string; count: number | null; label: string; url: string; tone: string }[];
}

/** Under this share of all moves an arrow shows its numbers only while it is pointed at. */
const MINOR = 0.004;
const MOST_HEIGHT = 1100;
/** Under this scale nobody can read the words: a map that would be smaller is shown in part, to be dragged and pinched. */
const READABLE = 0.72;

cytoscape.use(dagre);

export function drawProcessMap(box: HTMLElement): void {
  const data = readJson<MapData>(box.dataset["processMap"] ?? "");
  const canvas = box.querySelector<HTMLElement>(".map-canvas");
  if (!data || !canvas || canvas.dataset["drawn"]) return;
  canvas.dataset["drawn"] = "yes";
  keepStylesOut();
  // Many states side by side would be drawn too small to read: then they stand below each other, and the map is as tall as it needs.
  const vertical = canvas.clientWidth < 640 || data.nodes.length > 6;
  const map = cytoscape({
    container: canvas,
    elements: elementsOf(data),
    style: styleOf(readTokens()),
    layout: {
      name: "dagre", rankDir: vertical ? "TB" : "LR", nodeSep: 96, edgeSep: 28, rankSep: vertical ? 72 : 112, padding: 24, acyclicer: "greedy",
      // Whole numbers: with fractions the ranking of dagre may never settle.
      edgeWeight: (edge: cytoscape.EdgeSingular) => Math.round(Number(edge.data("width")) ** 2),
    } as cytoscape.LayoutOptions,
    minZoom: 0.2,
    maxZoom: 2.5,
    boxSelectionEnabled: false,
    autoungrabify: false,
    // Scrolling the page over the map must not zoom it, the buttons do; two fingers on a screen mean the map.
    userZoomingEnabled: matchMedia("(pointer: coarse)").matches,
  });
  makeRoom(map);
  fitHeight(map, canvas, vertical ? MOST_HEIGHT : innerHeight * 0.7);
  if (map.zoom() < READABLE) showStart(map, canvas);
  canvas.dataset["scale"] = map.zoom().toFixed(2);
  map.on("tap", "node[url], edge[url]", (event) => {
    const url = String((event.target as cytoscape.NodeSingular).data("url"));
    if (url) location.assign(url);
  });
  map.on("mouseover tapstart", "edge.minor", (event) => void (event.target as cytoscape.EdgeSingular).addClass("seen"));
  map.on("mouseout", "edge.minor", (event) => void (event.target as cytoscape.EdgeSingular).removeClass("seen"));
  onTheme(() => {
    map.style(styleOf(readTokens()));
    makeRoom(map);
  });
  addTools(box, map, data.title);
}

/** Gives the drawing the height that it needs at full width, within the limits of the window. */
function fitHeight(map: Core, canvas: HTMLElement, most: number): void {
  const box = map.elements().boundingBox();
  const scale = Math.min(1.1, (canvas.clientWidth - 48) / box.w);
  const height = Math.min(most, Math.max(180, box.h * scale + 48));
  canvas.style.height = `${Math.round(height)}px`;
  map.resize();
  map.fit(undefined, 24);
  if (map.zoom() > 1.1) {
    map.zoom(1.1);
    map.center();
  }
}

/** The part of a large map where most tickets begin, large enough to be read, with a word that there is more. */
function showStart(map: Core, canvas: HTMLElement): void {
  canvas.style.height = `${Math.round(Math.max(320, innerHeight * 0.62))}px`;
  map.resize();
  map.zoom(READABLE + 0.08);
  const start = map.nodes(".start").nonempty() ? map.nodes(".start") : map.nodes().first();
  map.center(start);
  map.panBy({ x: 0, y: 72 - (start.first().renderedPosition().y - start.first().renderedOuterHeight() / 2) });
  const hint = make("p", "small muted map-hint", text("dragMap"));
  canvas.after(hint);
}

/** Cytoscape would write a style element, which the policy refuses; the stylesheet holds the one rule it needs. */
function keepStylesOut(): void {
  const id = "__________cytoscape_stylesheet";
  if (document.getElementById(id)) return;
  const mark = document.createElement("meta");
  mark.id = id;
  document.head.append(mark);
}

function elementsOf(data: MapData): ElementDefinition[] {
  const most = Math.max(1, ...data.arcs.map((arc) => arc.count ?? 0));
  const total = data.arcs.reduce((sum, arc) => sum + (arc.count ?? 0), 0);
  // The map of a definition counts nothing.
  const counted = data.nodes.some((node) => node.count > 0);
  return [
    ...data.nodes.map((node) => ({
      data: { id: node.id, label: counted ? `${node.label}\n${count(node.count)}` : node.label, height: isLong(node.label) ? 64 : 46, ...(node.url ? { url: node.url } : {}) },
      classes: node.kind,
    })),
    ...data.arcs.map((arc, index) => ({
      data: {
        id: `arc-${index}`,
        source: arc.source,
        target: arc.target,
        label: [arc.count === null ? "" : count(arc.count), arc.label].filter(Boolean).join("\n"),
        width: arc.count === null ? 1.5 : 1 + 5 * Math.sqrt(arc.count / most),
        ...(arc.url ? { url: arc.url } : {}),
      },
      classes: [arc.tone, arc.count !== null && arc.count < total * MINOR ? "minor" : ""].filter(Boolean).join(" "),
    })),
  ];
}

/** Whether a label takes two lines; a Chinese character is twice as wide. */
function isLong(label: string): boolean {
  return [...label].reduce((width, letter) => width + (letter > "\u2e80" ? 2 : 1), 0) > 19;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function styleOf(tokens: Tokens): cytoscape.StylesheetJson {
  const type = { "font-family": tokens.font, "font-size": 12, color: tokens.text } as const;
  return [
    {
      selector: "node",
      style: {
        ...type, label: "data(label)", "text-wrap": "wrap", "text-valign": "center", "text-halign": "center", "line-height": 1.35,
        shape: "round-rectangle", width: 140, height: "data(height)", "background-color": tokens.raised, "border-width": 1.2, "border-color": tokens.faint,
        "text-max-width": "128px",
      },
    },
    { selector: "node.start, node.end", style: { shape: "round-tag", "border-color": tokens.accent, "border-width": 2 } },
    { selector: "node.end", style: { shape: "round-rectangle", "border-style": "double", "border-width": 4 } },
    {
      selector: "edge",
      style: {
        ...type, "font-size": 11, color: tokens.muted, label: "data(label)", "text-wrap": "wrap", width: "data(width)",
        "line-color": tokens.faint, "line-opacity": 0.65, "target-arrow-color": tokens.faint, "target-arrow-shape": "triangle",
        "curve-style": "bezier", "arrow-scale": 0.9, "text-background-color": tokens.surface, "text-background-opacity": 0.92,
        "text-background-padding": "2px", "control-point-step-size": 72,
      },
    },
    { selector: "edge.minor", style: { label: "", "line-opacity": 0.4, "arrow-scale": 0.7 } },
    { selector: "edge.minor.seen", style: { label: "data(label)", "line-opacity": 1, "z-index": 9 } },
    { selector: "edge:loop", style: { "control-point-step-size": 84, "loop-direction": "0deg", "loop-sweep": "40deg" } },
    { selector: "edge.risk", style: { "line-color": tokens.risk, "target-arrow-color": tokens.risk, color: tokens.risk } },
    { selector: "edge.miss", style: { "line-color": tokens.miss, "target-arrow-color": tokens.miss, color: tokens.miss, "line-style": "dashed" } },
    { selector: "node:active, edge:active", style: { "overlay-opacity": 0.06 } },
  ] as cytoscape.StylesheetJson;
}

function addTools(box: HTMLElement, map: Core, title: string): void {
  const zoom = (factor: number): void => {
    map.zoom({ level: map.zoom() * factor, renderedPosition: { x: map.width() / 2, y: map.height() / 2 } });
  };
  box.querySelector("[data-chart-tools]")?.append(
    tool(icon("zoom-in"), "", text("zoomIn"), () => zoom(1.25)),
    tool(icon("zoom-out"), "", text("zoomOut"), () => zoom(0.8)),
    tool(icon("maximize"), "", text("fit"), () => map.fit(undefined, 24)),
    tool(icon("download"), "PNG", text("savePng"), () => {
      download(`${title}.png`, map.png({ full: true, scale: 2, bg: readTokens().surface }));
    }),
  );
}
