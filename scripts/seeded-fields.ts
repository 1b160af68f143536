/** Random coefficients of the catalogue, as texts of the problem language: functions of their seeds alone. */
import { type RandomGenerator, randomGenerator } from '../src/random/generator.ts';

/** A wave with its wave numbers: cosine · cos(2π k·x) + sine · sin(2π k·x). */
interface Wave {
  readonly k: readonly [number, number];
  readonly cosine: number;
  readonly sine: number;
}

const digits = (x: number): string => String(Number(x.toFixed(5)));

/** One wave vector of each pair ±k of the disk 0 < |k| ≤ radius. */
function halfDisk(radius: number): [number, number][] {
  const vectors: [number, number][] = [];
  for (let i = 0; i <= radius; i++)
    for (let j = -radius; j <= radius; j++)
      if ((i > 0 || j > 0) && i * i + j * j <= radius * radius) vectors.push([i, j]);
  return vectors;
}

/** Amplitudes that fall as |k|⁻², scaled to a variance of one over a period. */
function gaussianField(random: RandomGenerator, radius: number): Wave[] {
  const waves = halfDisk(radius).map((k) => {
    const amplitude = 1 / (k[0] ** 2 + k[1] ** 2);
    return { k, cosine: amplitude * random.normal(), sine: amplitude * random.normal() };
  });
  const variance = waves.reduce((sum, { cosine, sine }) => sum + (cosine ** 2 + sine ** 2) / 2, 0);
  return waves.map(({ k, cosine, sine }) => ({
    k,
    cosine: cosine / Math.sqrt(variance),
    sine: sine / Math.sqrt(variance),
  }));
}

const factorText = (times: number): string => (times === 1 ? '' : times === -1 ? '-' : `${times}*`);

/** A sum of waves, each by amplitude and phase. */
function textOf(waves: readonly Wave[], x: string, y: string, unit: string): string {
  return waves
    .map(({ k, cosine, sine }) => {
      const parts = [
        [k[0], x],
        [k[1], y],
      ].flatMap(([times, name]) => (times === 0 ? [] : [`${factorText(Number(times))}${name}`]));
      const phase = parts.length === 1 && !parts[0].startsWith('-') ? parts[0] : `(${parts.join(' + ')})`;
      return `${digits(Math.hypot(cosine, sine))}*cos(${unit}*${phase} - ${digits(Math.atan2(sine, cosine))})`;
    })
    .join(' + ')
    .replaceAll('+ -', '- ')
    .replaceAll('- -', '+ ');
}

/** value[row][column] by nested conditionals. */
function patchwork(values: readonly (readonly number[])[]): string {
  const choose = (name: string, cases: readonly string[]): string =>
    cases.reduceRight((rest, text, i) => `${name} == ${i} ? ${text} : ${rest}`);
  return choose(
    'row',
    values.map((row) => `(${choose('column', row.map(digits))})`),
  );
}

function manyAreas(seed: number): Record<string, string> {
  const random = randomGenerator(seed);
  const draw = (of: () => number): number[][] =>
    Array.from({ length: 5 }, () => Array.from({ length: 5 }, of));
  return {
    conductivity: patchwork(draw(() => 10 ** (3 * random.uniform() - 1))),
    constant: patchwork(draw(() => 2 * random.uniform() - 1)),
    amplitude: patchwork(draw(() => 2 * random.uniform() - 1)),
  };
}

/** The smallest eigenvalue over the period of the symmetric part of the velocity's gradient, per 2π/period. */
function strongestCompression(waves: readonly (readonly Wave[])[]): number {
  let smallest = 0;
  const n = 128;
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      const gradient = waves.map((component) =>
        component.reduce(
          ([gx, gy], { k, cosine, sine }) => {
            const phase = (2 * Math.PI * (k[0] * a + k[1] * b)) / n;
            const slope = sine * Math.cos(phase) - cosine * Math.sin(phase);
            return [gx + k[0] * slope, gy + k[1] * slope];
          },
          [0, 0],
        ),
      );
      const [[ux, uy], [vx, vy]] = gradient;
      const mean = (ux + vy) / 2;
      const root = Math.hypot((ux - vy) / 2, (uy + vx) / 2);
      smallest = Math.min(smallest, mean - root);
    }
  return smallest;
}

/** Velocities of the longest waves of period 4 whose gradient is nowhere below −0.8. */
function burgersVelocities(seed: number): Record<string, string> {
  const random = randomGenerator(seed);
  const waves = [0, 1].map(() =>
    halfDisk(1)
      .concat([
        [1, 1],
        [1, -1],
      ])
      .map((k): Wave => ({ k, cosine: random.normal(), sine: random.normal() })),
  );
  const factor = (-0.8 * 4) / (2 * Math.PI * strongestCompression(waves));
  const [u0, v0] = waves.map((component) => {
    const constant = digits(random.normal());
    const scaled = component.map(({ k, cosine, sine }) => ({
      k,
      cosine: factor * cosine,
      sine: factor * sine,
    }));
    return `${constant} + ${textOf(scaled, 'x', 'y', 'pi/2')}`;
  });
  return { u0, v0 };
}

/** By problem: its random functions. */
export const seededFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'poisson-many-areas': manyAreas(25),
  'heat-varying-coefficient': { g: textOf(gaussianField(randomGenerator(5), 3), 'x', 'y', '2*pi') },
  'wave-2d-heterogeneous': { g: textOf(gaussianField(randomGenerator(7), 3), 'x', 'y', 'pi') },
  'burgers-2d': burgersVelocities(2),
};
