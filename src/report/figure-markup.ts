/** A figure's place in the page: legend, empty panels that the page's script fills, caption. */
import type { Figure, LegendEntry } from './figures/figure.ts';
import { escapeText, proseMarkup } from './markup.ts';
import { labelMarkup } from './mathematics.ts';

function swatch(entry: LegendEntry): string {
  const stroke = `style="stroke: var(--${entry.color})"`;
  switch (entry.mark) {
    case 'line':
      return `<path d="M0 6H28" stroke-width="2.5" ${stroke}/>`;
    case 'dashes':
      return `<path d="M0 6H28" stroke-width="1.4" stroke-dasharray="6 4" ${stroke}/>`;
    case 'circle':
      return `<circle cx="14" cy="6" r="4" fill="none" stroke-width="1.6" ${stroke}/>`;
    case 'cross':
      return `<path d="M10 2L18 10M10 10L18 2" stroke-width="1.6" ${stroke}/>`;
    case 'band':
      return `<path d="M0 1H28V11H0Z" style="fill: var(--${entry.color})"/>`;
  }
}

function legendMarkup(legend: readonly LegendEntry[]): string {
  if (legend.length < 2) return '';
  const entries = legend.map(
    (entry) =>
      `<li><svg viewBox="0 0 28 12" aria-hidden="true">${swatch(entry)}</svg><span>${escapeText(entry.label)}</span></li>`,
  );
  return `<ul class="legend">${entries.join('')}</ul>`;
}

export function figureMarkup(figure: Figure, number: number): string {
  const panels = figure.panels.map((panel, index) => {
    const title =
      panel.title === undefined
        ? ''
        : `<div class="panel-title">${labelMarkup(panel.title, 'display')}</div>`;
    const label = escapeText(panel.description);
    // What can be moved through is no image to assistive technology.
    const role = panel.frames === undefined ? 'img' : 'group';
    const height = panel.height === undefined ? '' : ` style="height: ${panel.height}rem"`;
    return `<div class="panel">${title}<div class="plot" id="${figure.id}-${index}" role="${role}" aria-label="${label}"${height}></div></div>`;
  });
  return [
    `<figure class="plots" id="${figure.id}">`,
    legendMarkup(figure.legend),
    `<div class="panels columns-${figure.columns}">`,
    ...panels,
    '</div>',
    `<figcaption><b>Figure ${number}.</b> ${proseMarkup(figure.caption)}</figcaption>`,
    '</figure>',
  ].join('\n');
}
