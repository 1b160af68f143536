/** The report's own style: one column of text, wide figures, both colour schemes, print. */
import { DARK, LIGHT, type Palette } from './figures/palette.ts';

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');
}

export const STYLESHEET = `
:root { color-scheme: light dark; ${variables(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${variables(DARK)} } }
@media print { :root { color-scheme: light; ${variables(LIGHT)} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 66rem;
  background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, 'Liberation Serif', serif;
  font-variant-numeric: lining-nums; overflow-wrap: break-word;
}
header, section > p, section > h3, .statements, .notes, footer { max-width: 44rem; }
h1 { font-size: 1.9rem; line-height: 1.2; font-weight: 600; margin: 0 0 .3rem; text-wrap: balance; }
h2 { font-size: 1.25rem; font-weight: 600; margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1rem; font-weight: 600; margin: 1.4rem 0 .3rem; }
p { margin: 0 0 .8rem; hyphens: auto; }
.subtitle, .source, .note, footer { color: var(--muted); }
.subtitle { margin: 0; }
.source, .note { font-size: .93em; }
code, pre { font: .86em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; }
pre { margin: 1rem 0; padding: .7rem .9rem; border: 1px solid var(--rule); white-space: pre-wrap; overflow-wrap: anywhere; }
math { font-family: 'Cambria Math', 'STIX Two Math', 'Latin Modern Math', 'STIX', math; }
.statement { margin: .25rem 0; padding: .15rem 0 .15rem 1.25rem; overflow-x: auto; overflow-y: hidden; }
.statement math[display='block'] { display: inline math; margin: 0; }
.statement .note { display: inline-block; margin-left: 1.25rem; }
.notes { margin: 1.5rem 0 0; padding: 0; list-style: none; }
.notes li { margin: 0 0 .6rem; padding: .1rem 0 .1rem .9rem; border-left: 3px solid var(--rule); }
.notes li.warning { border-color: var(--warning); }
.notes .kind { font-weight: 600; }
.notes .warning .kind { color: var(--warning); }
figure { margin: 1.75rem 0 2.25rem; }
figcaption { max-width: 48rem; font-size: .93rem; line-height: 1.45; }
.scroll { overflow-x: auto; }
.number { white-space: nowrap; }
sup { font-size: .72em; line-height: 0; vertical-align: .45em; }
table { border-collapse: collapse; margin: .5rem 0 0; font-size: .97rem; font-variant-numeric: lining-nums tabular-nums; border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); }
th, td { padding: .3rem 1.6rem .3rem 0; text-align: left; vertical-align: baseline; font-weight: 400; }
th:last-child, td:last-child { padding-right: .2rem; }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom; }
tr.separated > * { border-top: 1px solid var(--rule); }
.panels { display: grid; gap: 1.25rem 1.75rem; grid-template-columns: minmax(0, 1fr); align-items: end; }
.panel { min-width: 0; break-inside: avoid; }
.panel-title { font-size: .95rem; text-align: center; margin: 0 0 .1rem; padding: .15rem 0; overflow-x: auto; overflow-y: hidden; }
.plot { height: 19rem; }
.columns-1 .plot { height: 25rem; }
@media (min-width: 42rem) { .columns-2, .columns-3 { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (min-width: 60rem) { .columns-3 { grid-template-columns: repeat(3, minmax(0, 1fr)); } .columns-3 .plot { height: 17rem; } }
.updatemenu-button:hover .updatemenu-item-rect { fill: var(--rule) !important; }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.4rem; margin: 0 0 .6rem; padding: 0; list-style: none; font: .84rem/1.5 system-ui, sans-serif; }
.legend li { display: flex; align-items: center; gap: .5rem; min-width: 0; }
.legend svg { flex: none; width: 28px; height: 12px; }
.plots figcaption { margin-top: .6rem; }
footer { margin-top: 3rem; font-size: .88rem; }
@media (max-width: 30rem) { body { font-size: 1rem; padding: 1.5rem 1rem 3rem; } h1 { font-size: 1.5rem; } .plot, .columns-1 .plot { height: 17rem; } th, td { padding-right: 1.1rem; } }
@media print {
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  h2, h3, .panel-title, .legend { break-after: avoid; }
  figure.table, .statement { break-inside: avoid; }
  .columns-1 .plot, .plot { height: 15rem; }
  .plot[style] { height: auto !important; }
  .modebar { display: none; }
  @page { margin: 18mm 16mm; }
}
`;
