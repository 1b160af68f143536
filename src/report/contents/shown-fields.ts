import type { Field, Problem } from '../../problem/index.ts';

/** The fields that were declared: what accumulates for observations is shown by those. */
export function shownFields({ fields }: Problem): Field[] {
  return fields.filter(({ accumulated }) => accumulated !== true);
}
