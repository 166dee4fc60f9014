// Writes the one icon sprite from the Tabler icons named in icons.txt. Run only when that list changes:
//   npm install --no-save @tabler/icons && node icons.mjs
import { readFileSync, writeFileSync } from "node:fs";

const names = readFileSync("icons.txt", "utf8").split(/\s+/u).filter(Boolean).sort();
const symbols = [...new Set(names)].map((name) => {
  const file = `node_modules/@tabler/icons/icons/outline/${name}.svg`;
  const source = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/gu, "");
  const shapes = source.replace(/^[\s\S]*?<svg[^>]*>/u, "").replace(/<\/svg>\s*$/u, "");
  const inner = shapes.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/u, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/gu, "")}</symbol>`;
});
const notice = "<!-- Tabler Icons, MIT licence, copyright (c) 2020-2026 Paweł Kuna. A selection, see frontend/icons.txt. -->";
const sprite = `${notice}\n<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
writeFileSync("../src/zhiheng/ui/static/zhiheng/icons.svg", sprite);
process.stdout.write(`${symbols.length} icons\n`);
