/** A curve with a region about it. */
export interface Band {
  /** The field's name, or the text of what is observed. */
  readonly name: string;
  readonly t: Float64Array;
  readonly value: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** `mean`: where the noiseless curve lies. `prediction`: where a new observation lies. */
  readonly kind: 'mean' | 'prediction';
}
