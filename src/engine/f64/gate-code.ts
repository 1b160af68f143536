/** The gate of a modified network on jets, h = U + z∘(V − U), forward and adjoint, as compiled loops. */
import type { CollapsedJet } from './collapsed-jet.ts';
import { compiledLoop, type Store, type Stream } from './compiled-loop.ts';
import type { LoopModule } from './loop-module.ts';
import { VectorExpressions, type VectorNode } from './vector-expression.ts';

/**
 * Loops are functions of the addresses of z, of the encodings [U V ·], of the result or its seed, for the adjoint of
 * the encodings' seed, and the number of panels. The adjoint overwrites the seed by that of z; for the first gate,
 * whose z is the last third of the encodings, z's seed stands with theirs.
 */
export interface GateCode {
  readonly forward: number;
  readonly adjoint: number;
}

/** Bytes of four points of one unit. */
const PANEL = 32;
const [Z, ENCODINGS, RESULT, ENCODINGS_SEED] = [0, 1, 2, 3];

/**
 * @param first whether z is the last third of the encodings; its address is then theirs
 * @param last whether no gate has left a seed with the encodings yet
 */
export function gateCode(
  jet: CollapsedJet,
  width: number,
  first: boolean,
  last: boolean,
  loops: LoopModule,
): GateCode {
  const components = jet.components.length;
  const row = width * PANEL;
  const narrow: Stream = { step: 16, skip: (components - 1) * row };
  const wide: Stream = { step: 16, skip: (3 * components - 1) * row };
  const streams = [first ? wide : narrow, wide, narrow, wide];
  const third = (stream: number, part: number, component: number) => ({
    stream,
    offset: (3 * component + part) * row,
  });
  const z = (component: number) => (first ? third(Z, 2, component) : { stream: Z, offset: component * row });
  const result = (component: number) => ({ stream: RESULT, offset: component * row });
  const compile = (build: (expressions: VectorExpressions, difference: VectorNode[]) => Store[]): number => {
    const expressions = new VectorExpressions();
    const difference = jet.components.map((_, c) =>
      expressions.sum([
        { coefficient: 1, value: expressions.load(third(ENCODINGS, 1, c)) },
        { coefficient: -1, value: expressions.load(third(ENCODINGS, 0, c)) },
      ]),
    );
    return loops.add(compiledLoop(streams, row / 16, build(expressions, difference)));
  };
  const forward = compile((expressions, difference) =>
    jet.products.map((terms, component) => ({
      ...result(component),
      value: expressions.sum([
        { coefficient: 1, value: expressions.load(third(ENCODINGS, 0, component)) },
        ...terms.map(({ coefficient, left, right }) => ({
          coefficient,
          value: expressions.multiply(expressions.load(z(left)), difference[right]),
        })),
      ]),
    })),
  );
  const adjoint = compile((expressions, difference) => {
    const slopes = jet.components.map((_, component) => {
      const seeds = (
        own: 'left' | 'right',
        factor: (component: number) => VectorNode,
      ): { coefficient: number; value: VectorNode }[] =>
        jet.products.flatMap((terms, source) =>
          terms
            .filter((term) => term[own] === component)
            .map(({ coefficient, left, right }) => ({
              coefficient,
              value: expressions.multiply(
                expressions.load(result(source)),
                factor(own === 'left' ? right : left),
              ),
            })),
        );
      return {
        z: expressions.sum(seeds('left', (c) => difference[c])),
        v: expressions.sum(seeds('right', (c) => expressions.load(z(c)))),
      };
    });
    return slopes.flatMap((slope, component): Store[] => {
      const [u, v] = [0, 1].map((part) => third(ENCODINGS_SEED, part, component));
      const before = (place: typeof u) => (last ? [] : [{ coefficient: 1, value: expressions.load(place) }]);
      return [
        { ...(first ? third(ENCODINGS_SEED, 2, component) : result(component)), value: slope.z },
        { ...v, value: expressions.sum([...before(v), { coefficient: 1, value: slope.v }]) },
        {
          ...u,
          value: expressions.sum([
            ...before(u),
            { coefficient: 1, value: expressions.load(result(component)) },
            { coefficient: -1, value: slope.v },
          ]),
        },
      ];
    });
  });
  return { forward, adjoint };
}
