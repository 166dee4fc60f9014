// Room for arcs and their labels: arcs go around the nodes that lie in their way, labels step aside for each other.
import type { Core, EdgeSingular, NodeSingular } from "cytoscape";

interface Point {
  x: number;
  y: number;
}
interface Box {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

const BENDS = [56, -56, 96, -96, 140, -140, 190, -190, 250, -250];
const STEPS = [0, 18, -18, 34, -34, 52, -52, 72, -72];
const LETTER = 6.2;
const LINE = 14;

/** Bends arcs around nodes, then moves each label to the nearest place where nothing lies under it. */
export function makeRoom(map: Core): void {
  const nodes = map.nodes().map((node) => ({ node, box: grown(boxOf(node), 6) }));
  const loops = map.edges().toArray().filter((edge) => edge.isLoop()).map((edge) => loopBox(edge.source()));
  map.edges().forEach((edge) => {
    if (!edge.isLoop()) bend(edge, nodes, loops);
  });
  const taken: Box[] = nodes.map(({ box }) => box);
  const order = (edge: EdgeSingular): number => (edge.isLoop() ? 100 : 0) + Number(edge.data("width"));
  const ordered = map.edges().toArray().sort((a, b) => order(b) - order(a));
  for (const edge of ordered.filter((each) => !each.hasClass("minor"))) taken.push(placeLabel(edge, edge.isLoop() ? taken : [...taken, ...loops]));
}

function boxOf(node: NodeSingular): Box {
  const { x, y } = node.position();
  const [w, h] = [node.outerWidth() / 2, node.outerHeight() / 2];
  return { x1: x - w, y1: y - h, x2: x + w, y2: y + h };
}

/** Where the loop over a node runs. */
function loopBox(node: NodeSingular): Box {
  const { x, y } = node.position();
  const top = y - node.outerHeight() / 2;
  return { x1: x - 30, y1: top - 62, x2: x + 30, y2: top };
}

function grown(box: Box, by: number): Box {
  return { x1: box.x1 - by, y1: box.y1 - by, x2: box.x2 + by, y2: box.y2 + by };
}

function bend(edge: EdgeSingular, nodes: { node: NodeSingular; box: Box }[], loops: Box[]): void {
  const [from, to] = [edge.source().position(), edge.target().position()];
  const others = nodes.filter(({ node }) => node.id() !== edge.source().id() && node.id() !== edge.target().id());
  const meets = (by: number, boxes: Box[]): boolean => curve(from, to, by).some((point) => boxes.some((box) => holds(box, point)));
  const solid = others.map(({ box }) => box);
  const all = [...solid, ...loops];
  if (!meets(0, all)) return;
  // Nothing may run through a node; through a loop only where there is no way around it.
  const by = BENDS.find((each) => !meets(each, all)) ?? (meets(0, solid) ? BENDS.find((each) => !meets(each, solid)) : undefined);
  if (by === undefined) return;
  edge.style({ "curve-style": "unbundled-bezier", "control-point-distances": [by], "control-point-weights": [0.5] });
}

/** Points of the curve whose control point lies `by` beside the middle of the straight line, as Cytoscape draws it. */
function curve(from: Point, to: Point, by: number): Point[] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const control = { x: (from.x + to.x) / 2 - (dy / length) * by, y: (from.y + to.y) / 2 + (dx / length) * by };
  return Array.from({ length: 19 }, (_none, index) => {
    const t = (index + 1) / 20;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return { x: a * from.x + b * control.x + c * to.x, y: a * from.y + b * control.y + c * to.y };
  });
}

function holds(box: Box, { x, y }: Point): boolean {
  return x > box.x1 && x < box.x2 && y > box.y1 && y < box.y2;
}

function placeLabel(edge: EdgeSingular, taken: Box[]): Box {
  const lines = String(edge.data("label")).split("\n");
  const width = Math.max(...lines.map((line) => wide(line) * LETTER)) + 8;
  const middle = edge.midpoint();
  const half = { w: width / 2, h: (lines.length * LINE + 6) / 2 };
  const at = (dx: number, dy: number): Box => ({
    x1: middle.x + dx - half.w, y1: middle.y + dy - half.h, x2: middle.x + dx + half.w, y2: middle.y + dy + half.h,
  });
  const places = STEPS.flatMap((dy) => STEPS.map((dx) => [dx, dy] as const)).sort((a, b) => far(a) - far(b));
  const [dx, dy] = places.find(([x, y]) => !taken.some((box) => meet(box, at(x, y)))) ?? [0, 0];
  edge.style({ "text-margin-x": dx, "text-margin-y": dy });
  return at(dx, dy);
}

function far([dx, dy]: readonly [number, number]): number {
  return Math.hypot(dx, dy);
}

/** The width of a line in Latin letters; a Chinese character is twice as wide. */
function wide(line: string): number {
  return [...line].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
}

function meet(a: Box, b: Box): boolean {
  return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
}
