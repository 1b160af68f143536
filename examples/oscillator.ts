/** A damped oscillator, solved and compared with its exact solution. Run: npx tsx examples/oscillator.ts */
import { problem, solve } from 'ansatz';

const oscillator = problem({
  name: 'oscillator',
  domain: { t: [0, 4] },
  fields: ['u'],
  constants: { damping: 0.25, stiffness: 4 },
  equations: ["u'' + 2*damping*u' + stiffness*u = 0"],
  conditions: [
    { on: 't = 0', equation: 'u = 1' },
    { on: 't = 0', equation: "u' = 0" },
  ],
  functions: { omega: 'sqrt(stiffness - damping^2)' },
  exact: { u: 'exp(-damping*t)*(cos(omega*t) + damping/omega*sin(omega*t))' },
});

const solution = await solve(oscillator);
const { relativeL2, maximum } = solution.compare('exact').u;
console.log(`u(2) = ${solution.at({ t: 2 }).u}`);
console.log(`relative L2 error ${relativeL2.toExponential(1)}, largest error ${maximum.toExponential(1)}`);
