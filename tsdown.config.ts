import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts', 'src/node.ts', 'src/learn.ts', 'src/learn-node.ts', 'src/cli.ts', 'src/schema.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  deps: { neverBundle: [/^node:/] },
  fixedExtension: false,
});
