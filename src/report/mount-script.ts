/** The script inside a report that draws its figures, again when the colour scheme or the paper changes. */
import { DARK, LIGHT } from './figures/palette.ts';
import { scriptJson } from './markup.ts';

/**
 * Plotly's offer to send a chart to its makers' server is switched off: a report keeps its data.
 * Colours stand in the figures as `@name` under keys that end in "color". Widths on paper are set by hand,
 * for browsers tell a page of printing before they lay it out. An animation that is cut short rejects its promise
 * without a reason: that is no error.
 */
export const MOUNT_SCRIPT = `
(() => {
  const palettes = ${scriptJson({ light: LIGHT, dark: DARK })};
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const hover = window.matchMedia('(hover: hover)').matches;
  const figures = JSON.parse(document.getElementById('figure-data').textContent);
  const colored = (part, palette, key) => {
    if (typeof part === 'string') {
      return /color$/i.test(key) && part[0] === '@' ? palette[part.slice(1)] : part;
    }
    if (Array.isArray(part)) {
      return typeof part[0] === 'number' || part[0] === null ? part : part.map((item) => colored(item, palette, key));
    }
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, colored(item, palette, name)]));
  };
  const draw = (printing) => {
    const palette = dark.matches && !printing ? palettes.dark : palettes.light;
    for (const figure of figures) {
      figure.panels.forEach((panel, index) => {
        const place = document.getElementById(figure.id + '-' + index);
        const layout = colored(panel.layout, palette, '');
        const frames = panel.frames || [];
        const shown = place.layout && place.layout.sliders && place.layout.sliders[0];
        if (shown) place.frame = shown.active;
        const frame = frames[place.frame || 0];
        const traces = frame ? panel.traces.map((trace, i) => ({ ...trace, ...frame.data[i] })) : panel.traces;
        if (frame) layout.sliders[0].active = place.frame || 0;
        layout.dragmode = hover ? 'zoom' : false;
        layout.autosize = !printing;
        if (printing) {
          layout.width = Math.floor(640 / Math.min(2, figure.columns)) - 12;
          layout.height = panel.height === undefined ? 240 : 12 * panel.height;
          layout.sliders = layout.updatemenus = [];
        }
        const config = {
          responsive: !printing,
          displaylogo: false,
          showSendToCloud: false,
          plotlyServerURL: '',
          displayModeBar: hover ? 'hover' : false,
          modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'zoomIn2d', 'zoomOut2d'],
          toImageButtonOptions: { format: 'svg', filename: figure.id + '-' + (index + 1) },
        };
        window.Plotly.react(place, { data: colored(traces, palette, ''), layout, config, frames });
      });
    }
  };
  window.addEventListener('unhandledrejection', (event) => {
    if (event.reason === undefined) event.preventDefault();
  });
  draw(false);
  dark.addEventListener('change', () => draw(false));
  window.addEventListener('beforeprint', () => draw(true));
  window.addEventListener('afterprint', () => draw(false));
})();
`;
