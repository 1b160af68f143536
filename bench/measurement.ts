/** What every program here and in `peers/` prints, one JSON object a line. */
export interface Measurement {
  /** Of the comparison: `burgers-gradient`, `lorenz-inverse`, … */
  readonly name: string;
  /** Who was measured: `Ansatz f64`, `JAX`, … */
  readonly system: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** Wall-clock seconds of the whole measurement, imports left out, sampling of errors left out. */
  readonly seconds: number;
  readonly precision?: 'float32' | 'float64';
  /** [seconds, value of the metric] in the course of a run. */
  readonly trace?: readonly (readonly [number, number])[];
  readonly details?: Readonly<Record<string, unknown>>;
  readonly versions?: Readonly<Record<string, string>>;
}

/** One measurement a line on standard output. */
export function print(measurement: Measurement): void {
  console.log(JSON.stringify(measurement));
}
