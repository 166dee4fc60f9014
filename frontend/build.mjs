// Bundles the typed sources and the stylesheet into the package's static files. Run by `python -m zhiheng.ui.build`.
import { rmSync } from "node:fs";
import { build } from "esbuild";

const outdir = process.argv[2] ?? "../src/zhiheng/ui/static/zhiheng/build";
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: { main: "src/main.ts", zhiheng: "styles/zhiheng.css" },
  outdir,
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  target: ["es2021", "chrome100", "firefox100", "safari15"],
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "linked",
  logLevel: "warning",
});
