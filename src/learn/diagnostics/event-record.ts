/** Records of TensorBoard's event files: scalars and histograms over the steps of a training. */
import { crc32c } from './crc32c.ts';
import type { Histogram } from './histogram.ts';
import { MessageWriter } from './wire-format.ts';

/** What happened at one step. */
export interface TrainingEvent {
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
  /** By tag; a slash makes groups: 'loss/training'. */
  readonly scalars?: Readonly<Record<string, number>>;
  readonly histograms?: Readonly<Record<string, Histogram>>;
}

/** The check sum of TFRecord: rotated and shifted, as data may hold check sums themselves. */
function maskedCheck(bytes: Uint8Array): number {
  const check = crc32c(bytes);
  return (((check >>> 15) | (check << 17)) + 0xa282ead8) >>> 0;
}

/** One record of the TFRecord format: length, its check, data, their check. */
function framed(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCheck(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCheck(data), true);
  return record;
}

/** Field numbers here and below: event.proto and summary.proto of TensorFlow. */
function histogramMessage(own: Histogram): Uint8Array {
  return new MessageWriter()
    .double(1, own.least)
    .double(2, own.greatest)
    .double(3, own.count)
    .double(4, own.sum)
    .double(5, own.sumOfSquares)
    .doubles(6, own.edges.subarray(1))
    .doubles(7, own.counts)
    .finish();
}

/** The record with which an event file begins. @param time  seconds since 1970 */
export function eventFileHeader(time: number): Uint8Array {
  return framed(new MessageWriter().double(1, time).text(3, 'brain.Event:2').finish());
}

/**
 * One event as a record to be appended to an event file.
 *
 * @example
 * const bytes = eventRecord({ step: 12, time: Date.now() / 1000, scalars: { loss: 0.3 } });
 */
export function eventRecord({ step, time, scalars = {}, histograms = {} }: TrainingEvent): Uint8Array {
  const summary = new MessageWriter();
  for (const [tag, value] of Object.entries(scalars))
    summary.bytes(1, new MessageWriter().text(1, tag).float(2, value).finish());
  for (const [tag, own] of Object.entries(histograms))
    summary.bytes(1, new MessageWriter().text(1, tag).bytes(5, histogramMessage(own)).finish());
  return framed(new MessageWriter().double(1, time).integer(2, step).bytes(5, summary.finish()).finish());
}
