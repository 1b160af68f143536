/** Input functions in words. */
import type { InputFunction } from './problem.ts';

/** Where an input function is drawn from. */
export function spaceWords({ space }: InputFunction): string {
  switch (space.kind) {
    case 'gaussian-random-field': {
      const smoothness = space.smoothness === undefined ? '' : ` of smoothness ${space.smoothness}`;
      return `Gaussian random field, kernel ${space.kernel}${smoothness}, length scale ${space.lengthScale.join(' and ')}, variance ${space.variance}`;
    }
    case 'functions':
      return `combinations of ${space.expressions.length} function${space.expressions.length === 1 ? '' : 's'}`;
    case 'uniform':
      return `a number in [${space.low}, ${space.high}]`;
    default:
      return `${space.kind}, ${space.terms} terms in [-${space.amplitude}, ${space.amplitude}]`;
  }
}

/** How many points a network sees it at. */
export function sensorWords({ sensorCount, sensorSides }: InputFunction): string {
  const seen =
    sensorSides === undefined || sensorSides.length === 1 ? String(sensorCount) : sensorSides.join(' x ');
  return `${seen} sensors`;
}

/** An input function in words: on what it depends, where it is drawn from, how it is seen. */
export function inputWords(input: InputFunction): string {
  const { name, coordinates } = input;
  if (coordinates.length === 0) return `${name}: ${spaceWords(input)}`;
  return `${name}(${coordinates.map((c) => c.name).join(', ')}): ${spaceWords(input)}; ${sensorWords(input)}`;
}
