/** The values with which the observations of inverse problems were made. */
import values from './true-unknowns.json' with { type: 'json' };

export const trueUnknowns: Readonly<Record<string, Readonly<Record<string, number>>>> = values;
