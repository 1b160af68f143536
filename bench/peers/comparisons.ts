/** What is compared: for each problem the programs that are run in turn, ours first. */
import { join } from 'node:path';
import { python, runsFolder } from './setup.ts';

export interface Program {
  readonly label: string;
  /** Without the options that depend on the run. */
  readonly command: readonly string[];
  /** Kept to one core, where the system allows it. */
  readonly oneCore?: boolean;
  readonly ours?: boolean;
  /** Understands --seed. */
  readonly seeded?: boolean;
  /** Understands --time-limit, and may be given more time than ours, whose limits are its own. */
  readonly limited?: boolean;
}

export interface Comparison {
  readonly name: string;
  readonly title: string;
  /**
   * 'time': milliseconds of one evaluation; 'error': error against time; 'fit': estimates; 'stages': seconds of
   * several stages.
   */
  readonly kind: 'time' | 'error' | 'fit' | 'stages';
  /** Commands that make what the programs read. */
  readonly prepare: readonly (readonly string[])[];
  readonly programs: readonly Program[];
  /** Default settings of ours, seconds. */
  readonly ourTimeLimit?: number;
  readonly note?: string;
}

const here = import.meta.dirname;
/** A command that runs one of the project's programs. */
export const tsx = (file: string, ...args: string[]): string[] => [
  process.execPath,
  '--import',
  'tsx',
  join(here, '..', file),
  ...args,
];
const py = (file: string, ...args: string[]): string[] => [python, join(here, file), ...args];
const made = (file: string): string => join(runsFolder, file);

const gradientCase = made('case.json');
const integratorData = made('integrator.bin');
const withCase = ['--case', gradientCase];

/** Every system on one core and on all of them, in the precisions it has. */
const gradientPrograms: readonly Program[] = [
  ...[1, 2].flatMap((cores): Program[] => {
    const oneCore = cores === 1;
    const threads = ['--threads', String(cores)];
    const add = (label: string, command: string[]): Program => ({ label, command, oneCore });
    const both = (label: string, file: string, ...args: string[]): Program[] => [
      add(label, py(file, ...withCase, ...threads, ...args)),
      add(label, py(file, ...withCase, ...threads, ...args, '--float32')),
    ];
    return [
      {
        ...add('Ansatz f64', tsx('gradient.ts', '--json', '--engine', 'f64', ...threads)),
        ours: true,
      },
      ...both('JAX, Taylor series by hand', 'jax_gradient.py', '--mode', 'taylor'),
      ...both('JAX, Taylor series by hand, collapsed', 'jax_gradient.py', '--mode', 'collapsed'),
      ...both('JAX, jax.experimental.jet', 'jax_gradient.py', '--mode', 'jet'),
      ...both('JAX, nested', 'jax_gradient.py', '--mode', 'nested'),
      ...both('PyTorch, nested', 'torch_gradient.py', '--mode', 'nested'),
      ...both('PyTorch, Taylor series by hand', 'torch_gradient.py', '--mode', 'taylor'),
      ...both('DeepXDE on PyTorch, its own loss', 'deepxde_gradient.py'),
    ];
  }),
  {
    label: 'Ansatz tfjs wasm',
    command: tsx('gradient.ts', '--json', '--engine', 'wasm'),
    oneCore: true,
    ours: true,
  },
  ...['stacked', 'apart'].flatMap((mode): Program[] => {
    const command = tsx('peers/jax-js.ts', ...withCase, '--mode', mode);
    return [
      { label: `jax-js wasm, ${mode}`, command },
      { label: `jax-js wasm, ${mode}`, command: [...command, '--float32'] },
    ];
  }),
];

function forward(
  name: string,
  title: string,
  file: string,
  gridOptions: readonly string[],
  more: Partial<Comparison> = {},
  options: readonly string[] = [],
): Comparison {
  const grid = made(`${name}-grid.json`);
  return {
    name,
    title,
    kind: 'error',
    prepare: [tsx('comparison-grid.ts', name, grid, ...gridOptions)],
    programs: [
      {
        label: 'Ansatz',
        command: tsx('accuracy.ts', name, '--grid', grid, '--json', ...options),
        ours: true,
        seeded: true,
        limited: true,
      },
      { label: 'DeepXDE', command: py(file, '--grid', grid), seeded: true, limited: true },
    ],
    ...more,
  };
}

export const comparisons: readonly Comparison[] = [
  {
    name: 'burgers-gradient',
    title: "One loss and gradient: Burgers' equation, 2→20×3→1 tanh, 2540 + 240 points",
    kind: 'time',
    prepare: [tsx('gradient.ts', '--case', gradientCase)],
    programs: gradientPrograms,
    note: "All but DeepXDE take the same points and parameters, and their losses and gradients are held against each other. DeepXDE's own loss evaluates the equation at the condition points too, 3020 in all. Ansatz finds by itself that u_t and u_xx occur in one combination only and carries that through the network; the program marked collapsed does the same by hand.",
  },
  forward(
    'burgers',
    "Burgers' equation, ν = 0.01/π",
    'deepxde_burgers.py',
    ['--sides', '256x100', '--upper', 't=0.99'],
    {
      note: 'DeepXDE: its demonstration (3×20 tanh, Adam 15000 steps at 1e-3, then L-BFGS). Both on the grid of its test data, 256 × 100 up to t = 0.99. Ours is a network too, by Levenberg–Marquardt.',
    },
    ['--optimizer', 'lm'],
  ),
  forward(
    'allen-cahn-fixed-ends',
    'Allen–Cahn equation, D = 0.001, fixed ends',
    'deepxde_allen_cahn.py',
    ['--sides', '201x101'],
    {
      note: 'DeepXDE: its demonstration (conditions built into the trial solution, 3×20 tanh, 9200 points, Adam 40000 steps at 1e-3, then L-BFGS).',
    },
  ),
  forward('helmholtz-2d', 'Helmholtz equation, k = 4π', 'deepxde_helmholtz.py', [], {
    note: 'DeepXDE: its demonstration (zero boundary built into the trial solution, 3×150 sine, 480 points, Adam 5000 steps at 1e-3).',
  }),
  forward('kovasznay-flow', 'Kovasznay flow, Re = 20', 'deepxde_kovasznay.py', [], {
    note: 'DeepXDE: its demonstration (4×50 tanh, 2601 + 400 points, Adam 30000 steps at 1e-3, then L-BFGS). The error is the largest over u, v and p.',
  }),
  {
    name: 'lorenz-inverse',
    title: "The Lorenz system's three parameters from 25 observations",
    kind: 'error',
    prepare: [],
    programs: [
      {
        label: 'Ansatz',
        command: tsx('accuracy.ts', 'lorenz-inverse', '--json'),
        ours: true,
        seeded: true,
        limited: true,
      },
      { label: 'DeepXDE', command: py('deepxde_lorenz.py'), seeded: true, limited: true },
      { label: 'SciPy least_squares', command: py('scipy_fit.py', 'lorenz-inverse') },
    ],
    note: 'The error is the relative error of the worst of σ, ρ, β. DeepXDE: its demonstration (3×40 tanh, 400 points, Adam 60000 steps at 1e-3). SciPy: solve_ivp (DOP853, 1e-10) inside least_squares from σ = ρ = β = 1.',
  },
  {
    name: 'integrator',
    title: 'The integrator: from v to its antiderivative, 150 training and 300 test functions',
    kind: 'error',
    prepare: [
      tsx(
        '../src/cli.ts',
        'data',
        'integrator',
        '--out',
        integratorData,
        '--functions',
        '450',
        '--points',
        'grid:100',
      ),
    ],
    programs: [
      {
        label: 'Ansatz',
        command: tsx('operators.ts', 'integrator', '--json'),
        ours: true,
        seeded: true,
        limited: true,
      },
      {
        label: 'DeepXDE',
        command: py('deepxde_integrator.py', '--data', integratorData),
        seeded: true,
        limited: true,
      },
    ],
    note: 'The mean relative error on 300 functions that were not trained on. DeepXDE: the settings of a course (branch 100→20→20, trunk 1→20→20, tanh, Adam 25000 steps at 1e-3). Ansatz finds that the map is linear and solves one least-squares problem; for maps that are not, see the table of operators.',
  },
  {
    name: 'influenza-1978',
    title: 'Influenza in a boarding school, 1978: β and γ of SIR',
    kind: 'fit',
    prepare: [],
    programs: [
      {
        label: 'Ansatz network',
        command: tsx('accuracy.ts', 'influenza-1978', '--json'),
        ours: true,
        seeded: true,
        limited: true,
      },
      { label: 'Ansatz shoot', command: tsx('peers/shooting.ts', 'influenza-1978'), ours: true },
      { label: 'SciPy least_squares', command: py('scipy_fit.py', 'influenza-1978') },
    ],
    note: 'SciPy: solve_ivp (DOP853, 1e-10) inside least_squares from β = γ = 1.',
  },
  {
    name: 'influenza-1978-uncertainty',
    title: 'Influenza in a boarding school, 1978: fit, profile intervals, bootstrap',
    kind: 'stages',
    prepare: [],
    programs: [
      { label: 'Ansatz', command: tsx('peers/epidemic.ts'), ours: true, seeded: true, oneCore: true },
      ...[
        ['RK45', '1e-8'],
        ['DOP853', '1e-10'],
        ['LSODA', '1e-8'],
      ].map(
        ([method, rtol]): Program => ({
          label: `SciPy, ${method}, ${rtol}`,
          command: py('scipy_epidemic.py', '--method', method, '--rtol', rtol),
          seeded: true,
          oneCore: true,
        }),
      ),
    ],
    note: "SciPy: solve_ivp inside least_squares from β = γ = 1, ends of the profile intervals by brentq over refits. RK45 is solve_ivp's default, DOP853 at 1e-10 is as exact as Ansatz, LSODA (compiled Fortran) is its fastest here. Ansatz: trajectories to 1e-10, in the bootstrap 1e-9, and the whole curves of the profiles.",
  },
];
