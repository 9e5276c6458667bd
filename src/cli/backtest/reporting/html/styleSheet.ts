import { chartStyle, darkColours, lightColours } from '../../../../charts/chartStyle.js';

export const styleSheet = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --line: #d9dde3; --text: #1b1f26; --quiet: #586172; --grid: #e6e9ee; --track: #eef0f4;
  ${lightColours}
  --good: #e8f1fb; --warn: #fdf0e3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151a; --card: #1a1e25; --line: #343b47; --text: #e9ecf1; --quiet: #a3adbd; --grid: #2a303a; --track: #242a33;
    ${darkColours}
    --good: #1b2a3b; --warn: #3a2a1a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 0 0 4px; }
p { margin: 0 0 12px; }
.lead { font-size: 17px; margin: 0 0 16px; overflow-wrap: anywhere; }
.note, .empty, caption, dt { color: var(--quiet); }
.note { font-size: 13.5px; overflow-wrap: anywhere; }
.banner { padding: 10px 14px; border-radius: 8px; margin: 0 0 12px; background: var(--good); overflow-wrap: anywhere; }
.banner.warn { background: var(--warn); border-left: 4px solid var(--vetoed); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin: 0 0 18px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(124px, 1fr)); gap: 10px; margin: 0 0 18px; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--tile, var(--line)); border-radius: 10px; padding: 10px 9px 12px 11px; }
.tiles .what { display: block; color: var(--quiet); font-size: 13px; }
.tiles .value { display: block; font-size: 25px; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tiles .share { color: var(--quiet); font-size: 12px; }
.tiles .passed { --tile: var(--passed); } .tiles .amended { --tile: var(--amended); }
.tiles .vetoed { --tile: var(--vetoed); } .tiles .failed { --tile: var(--failed); } .tiles .planned { --tile: var(--planned); }${chartStyle}.scroll { overflow-x: auto; margin: 12px 0 4px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
caption { text-align: left; padding: 0 0 4px; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; color: var(--quiet); }
th::first-letter { text-transform: uppercase; }
td:last-child, th:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td small { display: block; color: var(--quiet); font-size: 11.5px; }
.long { display: block; min-width: 150px; max-width: 340px; white-space: normal; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--quiet); font-size: 13.5px; padding: 4px 0; }
:focus-visible { outline: 2px solid var(--amended); outline-offset: 2px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 8px 0 0; font-size: 14px; }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", monospace; overflow-wrap: anywhere; }
footer { color: var(--quiet); font-size: 13px; }
@media (max-width: 560px) {
  main { padding: 20px 12px 32px; } section { padding: 16px 14px; } h1 { font-size: 22px; }
  .tiles { grid-template-columns: repeat(2, 1fr); } .tiles li:first-child:nth-last-child(odd) { grid-column: 1 / -1; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; }
}
@media print { body { background: none; } section { break-inside: avoid; } }
`;
