/** Text made safe for each place of an HTML file in which it can stand. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Plain text as HTML, fit for an element's content and for a quoted attribute. Control characters go. */
export function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what HTML forbids
  const printable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
  return printable.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Plain text as HTML, with the exponents of `10⁻⁵` raised by markup: fonts draw those characters unevenly. */
export function proseMarkup(text: string): string {
  return escapeText(text).replace(/10(⁻?[⁰¹²³⁴-⁹]+)/g, (_match, exponent: string) => {
    const digits = [...exponent].map((character) => (character === '⁻' ? '−' : RAISED.indexOf(character)));
    return `10<sup>${digits.join('')}</sup>`;
  });
}

const SIGNIFICANT_DIGITS = 7;

/**
 * Plain data as JSON that may stand in a script element: no character in it can end the element. Numbers
 * keep seven significant digits, more than a figure can show; those that are not finite become null.
 */
export function scriptJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, part) => {
    if (typeof part === 'number') {
      return Number.isFinite(part) ? Number(part.toPrecision(SIGNIFICANT_DIGITS)) : null;
    }
    return ArrayBuffer.isView(part) ? Array.from(part as Float64Array) : part;
  });
  return json
    .replace(/</g, '\\u003c')
    .replace(/>/g, '\\u003e')
    .replace(/&/g, '\\u0026')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/**
 * JavaScript that may stand in a script element: `</script` and `<!--` can occur in its strings and regular
 * expressions alone, where a backslash changes nothing.
 */
export function scriptSource(source: string): string {
  return source.replace(/<(\/script|!--)/gi, '<\\$1');
}
