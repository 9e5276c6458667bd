/**
 * Grey, blue, vermilion and near black differ in hue and in lightness, also for people who are colour-blind to red or
 * green.
 */
export const lightColours = `--passed: #8c97a8; --amended: #1769b5; --vetoed: #d0500a; --failed: #23272f; --planned: #3d7ab8;`;
export const darkColours = `--passed: #6f7b8d; --amended: #5fb0f5; --vetoed: #f58a3c; --failed: #f4f6f9; --planned: #5fa3e0;`;

/** The style sheet of charts. The page defines the colours `text`, `quiet`, `grid` and `track`. */
export const chartStyle = `
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 6px 0 10px; padding: 0; font-size: 13.5px; }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 7px; vertical-align: -1px; }
.swatch.passed { background: var(--passed); } .swatch.amended { background: var(--amended); }
.swatch.vetoed { background: var(--vetoed); } .swatch.failed { background: var(--failed); } .swatch.planned { background: var(--planned); }
.plot svg { display: block; overflow: visible; }
.plot.time { padding: 10px 6px 30px 52px; }
.plot.rows { padding: 4px 0 8px; }
rect.passed { fill: var(--passed); } rect.amended { fill: var(--amended); } rect.vetoed { fill: var(--vetoed); }
rect.failed { fill: var(--failed); } rect.planned { fill: var(--planned); }
rect.hit { fill: transparent; } rect.track { fill: var(--track); }
g:hover > rect.hit { fill: var(--track); }
.grid { stroke: var(--grid); } .axis { stroke: var(--quiet); } .mark { stroke: var(--text); stroke-dasharray: 3 3; }
svg text { font-size: 12.5px; fill: var(--quiet); font-variant-numeric: tabular-nums; }
svg text.name { font-size: 13.5px; fill: var(--text); }
line.stroke { stroke-width: 2; stroke-linecap: round; } .stroke.p50 { stroke: var(--planned); } .stroke.p99 { stroke: var(--vetoed); }
circle.dot.p50 { fill: var(--planned); } circle.dot.p99 { fill: var(--vetoed); }
.swatch.p50 { background: var(--planned); } .swatch.p99 { background: var(--vetoed); }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
@media (max-width: 560px) { g.wide { display: none; } .plot.time { padding-left: 40px; } }
`;
