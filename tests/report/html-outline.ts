/** A small strict reader of HTML: every element closed in order, attributes quoted, raw text kept whole. */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Names of the elements around it, outermost first. */
  readonly inside: readonly string[];
  text: string;
}

const VOID = new Set(['meta', 'link', 'img', 'br', 'hr', 'input']);
const RAW = new Set(['script', 'style', 'title']);
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&nbsp;': '\u00a0',
};

export function decoded(text: string): string {
  return text.replace(/&[#\w]+;/g, (entity) => {
    if (!(entity in ENTITIES)) throw new Error(`unknown entity ${entity}`);
    return ENTITIES[entity];
  });
}

const TAG = /^<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/;

/** All elements in document order, each with the text directly and indirectly in it; throws where malformed. */
export function outline(html: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  let rest = html.replace(/^<!DOCTYPE html>\s*/, '');
  const addText = (text: string) => {
    for (const element of open) element.text += text;
  };
  while (rest.length > 0) {
    const next = rest.indexOf('<');
    const text = next < 0 ? rest : rest.slice(0, next);
    if (text.includes('>')) throw new Error(`stray > in ${JSON.stringify(text.slice(0, 80))}`);
    addText(decoded(text));
    if (next < 0) break;
    rest = rest.slice(next);
    const match = TAG.exec(rest);
    if (!match) throw new Error(`not a tag: ${JSON.stringify(rest.slice(0, 80))}`);
    rest = rest.slice(match[0].length);
    const [, closing, name, attributeText, selfClosing] = match;
    if (closing === '/') {
      const last = open.pop();
      if (last?.name !== name) throw new Error(`</${name}> closes <${last?.name}>`);
      continue;
    }
    const attributes = new Map(
      [...attributeText.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map((m) => [m[1], decoded(m[2] ?? '')]),
    );
    const element: Element = { name, attributes, inside: open.map((outer) => outer.name), text: '' };
    elements.push(element);
    if (VOID.has(name) || selfClosing === '/') continue;
    if (RAW.has(name)) {
      const end = rest.search(new RegExp(`</${name}`, 'i'));
      if (end < 0) throw new Error(`<${name}> is never closed`);
      element.text = name === 'title' ? decoded(rest.slice(0, end)) : rest.slice(0, end);
      rest = rest.slice(end).replace(/^<\/\w+>/, '');
      continue;
    }
    open.push(element);
  }
  if (open.length > 0) throw new Error(`<${open[open.length - 1].name}> is never closed`);
  return elements;
}
