/** The command line. Messages and progress go to stderr, results to stdout. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { AnsatzError, ProblemError } from '../errors.ts';
import { applyCommand } from './apply-command.ts';
import { packageRoot } from './catalogue.ts';
import { checkCommand } from './check-command.ts';
import { dataCommand } from './data-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { estimateCommand } from './estimate-command.ts';
import { keyedNumbers, kindWithNumbers, partsOrSwitch } from './keyed-values.ts';
import { listCommand } from './list-command.ts';
import { referenceCommand } from './reference-command.ts';
import { solveCommand } from './solve-command.ts';

/** Exit codes of the command line. */
const failed = 1;
const badInput = 2;

function packageVersion(): string {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function buildProgram(): Command {
  const program = new Command('ansatz')
    .description('Differential equations solved with neural networks, checked against classical solvers')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) });
  const file = 'a problem file (.json, .js, .mjs, .ts) or a name of the catalogue';
  program
    .command('solve')
    .description('train a trial solution and check it')
    .argument('<file>', file)
    .addOption(
      new Option('--engine <name>', 'f64 or tfjs; default: what suits the network').choices(['f64', 'tfjs']),
    )
    .option('--backend <name>', 'of tfjs: tfjs-node-gpu, tfjs-node, wasm, cpu')
    .option('--threads <n>', 'of f64', positiveInteger)
    .option(
      '--optimizer <name>',
      'spectral, random-features, lm, lbfgs, adam, broyden, spring; "adam+lbfgs" runs one after the other',
    )
    .option('--learning-rate <x>', 'of adam', positiveNumber)
    .option('--network <WxD>', 'width and depth, such as 20x4')
    .option('--activation <name>', 'tanh, sine, swish, gelu, softplus, sigmoid, …')
    .option('--points <n>', 'collocation points inside the domain', positiveInteger)
    .option('--condition-points <n>', 'points on each face', positiveInteger)
    .option('--sampling <name>', 'sobol, halton, uniform, latin-hypercube, grid')
    .option('--weights <list>', 'factors in the loss, such as conditions=100,equations=1', keyedNumbers)
    .option(
      '--weighting <kind>',
      'of the terms: fixed, gradient-norm, ntk, self-adaptive; with options: "ntk,every=50,average=0.9"',
      kindWithNumbers,
    )
    .option('--causal', 'count residuals only where those at earlier times are small')
    .option('--curriculum <parts>', 'parts in which time grows while training; on, off', partsOrSwitch)
    .option('--windows <n>', 'successive windows of time, each with parameters of its own', positiveInteger)
    .option(
      '--resampling <kind>',
      'of collocation points: none, rad, rar; with options: "rar,every=50,add=20"',
      kindWithNumbers,
    )
    .option('--functions <n>', 'of an operator problem: input functions to train on', positiveInteger)
    .option(
      '--test-functions <n>',
      'functions to test with, never trained on; default 100',
      nonNegativeInteger,
    )
    .option('--data <file>', 'of an operator problem: solutions to train on, made by ansatz data')
    .addOption(
      new Option('--loss <kind>', 'of an operator problem; default data').choices([
        'data',
        'physics',
        'mixed',
      ]),
    )
    .addOption(
      new Option('--architecture <name>', 'of an operator').choices(['deeponet', 'pod-deeponet', 'fourier']),
    )
    .addOption(
      new Option('--branch <kind>', 'of an operator; default auto').choices([
        'auto',
        'linear',
        'kernel',
        'network',
      ]),
    )
    .option('--seed <n>', 'of every random draw; default 0', nonNegativeInteger)
    .option('--iterations <n>', 'at most so many optimizer steps', positiveInteger)
    .option('--time-limit <seconds>', 'of training; default 60', positiveNumber)
    .option('--target <x>', 'stop once the relative L2 error is below', positiveNumber)
    .option('--report <file>', 'write an HTML report')
    .option('--save <file>', 'write the trained model, also from time to time while training')
    .option('--resume <file>', 'go on from a saved model')
    .option('--json', 'print one JSON object')
    .action(solveCommand);
  program
    .command('estimate')
    .description('unknowns from data: estimates, intervals, profiles, forecasts')
    .argument('<file>', file)
    .addOption(
      new Option(
        '--method <name>',
        'a network, classical trajectories, or one after the other; default both',
      ).choices(['pinn', 'shooting', 'both']),
    )
    .option('--level <x>', 'of the intervals; default 0.95', positiveNumber)
    .option('--fit-until <t>', 'hold out the observations after this time', anyNumber)
    .option('--bootstrap <n>', 'so many parametric replicates', positiveInteger)
    .option('--threads <n>', 'of the bootstrap', positiveInteger)
    .option('--no-profiles', 'leave out the profile likelihoods')
    .option('--no-assumptions', 'leave out the fits under other assumptions')
    .option('--seed <n>', 'of every random draw; default 0', nonNegativeInteger)
    .option('--time-limit <seconds>', 'of the estimation; default 60', positiveNumber)
    .option('--report <file>', 'write an HTML report')
    .option('--json', 'print one JSON object')
    .action(estimateCommand);
  program
    .command('reference')
    .description('the classical solution alone')
    .argument('<file>', file)
    .option('--at <place>', '"grid", "grid:21x11", or a point such as "x=0.5,t=1"')
    .option('--json', 'print one JSON object')
    .action(referenceCommand);
  program
    .command('data')
    .description('of an operator problem: draw input functions, solve for each, keep the solutions in a file')
    .argument('<file>', file)
    .requiredOption('--out <file>', 'where they are kept; an interrupted run goes on from it')
    .option('--functions <n>', 'how many; default 150', positiveInteger)
    .option('--first <n>', 'number of the first draw; default 0', nonNegativeInteger)
    .option('--points <kind>', '"grid:101", "grid:41x41", or "random:50" for each function')
    .option('--seed <n>', 'of the draws; default 0', nonNegativeInteger)
    .option('--target <x>', 'relative error aimed at', positiveNumber)
    .option('--threads <n>', 'default: all', positiveInteger)
    .option('--json', 'print one JSON object')
    .action(dataCommand);
  program
    .command('apply')
    .description('a saved operator on input functions of your own')
    .argument('<model>', 'a file that solve --save has written for an operator problem')
    .option(
      '--input <function>',
      '"v=cos(3*x)", values at the sensors "v=[…]" or "v=@values.json"; one for each',
      collected,
    )
    .option('--at <place>', '"grid", "grid:21x11", or a point such as "x=0.5,t=1"')
    .option('--json', 'print one JSON object')
    .action(applyCommand);
  program
    .command('check')
    .description('is it well formed, and what would be solved')
    .argument('<file>', file)
    .action(checkCommand);
  program.command('list').description('the catalogue of problems').action(listCommand);
  program.command('doctor').description('which engines and backends load here').action(doctorCommand);
  return program;
}

function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function anyNumber(text: string): number {
  const value = numberOf(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}

function positiveNumber(text: string): number {
  const value = numberOf(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above zero.');
  return value;
}

function positiveInteger(text: string): number {
  const value = numberOf(text);
  if (!(Number.isSafeInteger(value) && value > 0))
    throw new InvalidArgumentError('Give a whole number above zero.');
  return value;
}

function nonNegativeInteger(text: string): number {
  const value = numberOf(text);
  if (!(Number.isSafeInteger(value) && value >= 0))
    throw new InvalidArgumentError('Give a whole number from zero on.');
  return value;
}

/** Runs the command line on arguments and gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badInput;
    if (error instanceof ProblemError) {
      process.stderr.write(`ansatz: ${error.message}\n`);
      return badInput;
    }
    if (error instanceof AnsatzError) {
      process.stderr.write(`ansatz: ${error.message}\n`);
      return failed;
    }
    // Of the operating system: a full disk, a folder that is gone.
    if (error instanceof Error && 'syscall' in error) {
      process.stderr.write(`ansatz: ${error.message}\n`);
      return failed;
    }
    throw error;
  }
}
