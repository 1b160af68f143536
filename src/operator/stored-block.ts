/** Parts of a stored model: plain data in which vectors are Float64Arrays, told apart by their kind. */
export interface StoredBlock {
  readonly kind: string;
  readonly [key: string]: StoredValue;
}

export type StoredValue =
  | null
  | boolean
  | number
  | string
  | Float64Array
  | readonly StoredValue[]
  | { readonly [key: string]: StoredValue };
