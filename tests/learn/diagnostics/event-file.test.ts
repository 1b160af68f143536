import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crc32c,
  eventFileHeader,
  eventLog,
  eventRecord,
  histogram,
  openEventFile,
  trainModel,
} from '../../../src/learn-node.ts';
import { readEvents } from './event-file-reader.ts';

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((own) => [...own]));

test('CRC-32C has the values of RFC 3720, appendix B.4', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, k) => k))).toBe(0x46dd794e);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, k) => 31 - k))).toBe(0x113fdb5c);
  // The check value of the catalogue of parametrised CRC algorithms (CRC-32/ISCSI).
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

describe('event records', () => {
  test('are byte by byte those of TensorBoard 2.21.0', () => {
    // RecordWriter and Event.SerializeToString of Python’s tensorboard 2.21.0, with the same contents.
    const expected = [
      '1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9',
      '8800000000000000fcdeece20900006040fc54d94110ac022a7a0a140a0d6c6f73732f747261696e696e67159a99993e0a62',
      '0a0d776569676874732f64656e73652a5109000000000000f0bf110000000000000840190000000000001040210000000000',
      '0008402900000000000026403210000000000000f03f00000000000008403a1000000000000000400000000000000040149a',
      'c27a1d00000000000000602fdf230900008040fc54d941108580808080202a0b0a090a02cebb15000000c0f195c325',
    ].join('');
    const records = [
      eventFileHeader(1700000000.25),
      eventRecord({
        step: 300,
        time: 1700000001.5,
        scalars: { 'loss/training': 0.3 },
        histograms: { 'weights/dense': histogram([-1, 0, 1, 3], { bins: 2 }) },
      }),
      eventRecord({ step: 2 ** 40 + 5, time: 1700000002, scalars: { λ: -2 } }),
    ];
    expect(Buffer.from(joined(records)).toString('hex')).toBe(expected);
  });

  test('are read back as they were written', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        fc.dictionary(fc.string({ minLength: 1 }), fc.float({ noNaN: true, noDefaultInfinity: true })),
        values,
        (step, scalars, drawn) => {
          const own = histogram(drawn, { bins: 7 });
          const [event] = readEvents(eventRecord({ step, time: 1.5, scalars, histograms: { 'a/b': own } }));
          expect(event.step).toBe(step);
          expect(event.time).toBe(1.5);
          expect(Object.entries(event.scalars)).toEqual(Object.entries(scalars));
          expect(event.histograms['a/b']).toEqual({
            least: own.least,
            greatest: own.greatest,
            count: own.count,
            sum: own.sum,
            sumOfSquares: own.sumOfSquares,
            limits: [...own.edges.subarray(1)],
            counts: [...own.counts],
          });
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });
});

test('a training is logged to a file that holds its losses, rates, weights and gradients', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const folder = await mkdtemp(join(tmpdir(), 'events-'));
  const file = await openEventFile(join(folder, 'run'), 1700000000.9);
  expect(file.path).toMatch(/run.events\.out\.tfevents\.1700000000\./);
  const inputs = tf.tidy(() => tf.linspace(-1, 1, 20).reshape([20, 1]));
  const targets = tf.tidy(() => inputs.square());
  const dense = (name: string, units: number, seed: number) =>
    tf.layers.dense({
      name,
      units,
      activation: 'tanh',
      inputShape: [name === 'first' ? 1 : 5],
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
    });
  const model = tf.sequential({ layers: [dense('first', 5, 1), dense('second', 1, 2)] });
  const optimizer = tf.train.sgd(0.1);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const { losses, heldOutLosses } = await trainModel(
    tf,
    model,
    { inputs, targets },
    {
      epochs: 3,
      seed: 0,
      heldOut: { inputs, targets },
      callbacks: [eventLog(file.write, { bins: 4, gradients: { inputs, targets }, now: () => 12 })],
    },
  );
  const [header, start, ...epochs] = readEvents(await readFile(file.path));
  expect(header.version).toBe('brain.Event:2');
  expect(start.step).toBe(0);
  expect(start.scalars['loss/training']).toBeUndefined();
  expect(epochs.map(({ step }) => step)).toEqual([1, 2, 3]);
  epochs.forEach(({ scalars, histograms }, k) => {
    expect(scalars['loss/training']).toBe(Math.fround(losses[k]));
    expect(scalars['loss/held-out']).toBe(Math.fround(heldOutLosses[k]));
    expect(scalars['learning-rate']).toBe(Math.fround(0.1));
    expect(scalars['gradient-norm/first']).toBeGreaterThan(0);
    expect(histograms['weights/first'].count).toBe(5);
    expect(histograms['weights/second'].counts.reduce((a, b) => a + b)).toBe(5);
  });
  tf.dispose([inputs, targets]);
  model.dispose();
  optimizer.dispose();
  await rm(folder, { recursive: true });
  expect(tf.memory().numTensors).toBe(before);
});
