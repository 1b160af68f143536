/** Node only: the text of plotly.js, to be written into a report. */

/** The minified bundle's source, read from the installed package. */
export async function plotlySource(): Promise<string> {
  const [{ readFile }, { createRequire }] = await Promise.all([
    import('node:fs/promises'),
    import('node:module'),
  ]);
  return readFile(createRequire(import.meta.url).resolve('plotly.js-dist-min'), 'utf8');
}
