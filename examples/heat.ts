/** Heat in a rod, in kelvins, metres and seconds; the flux at its end. Run: npx tsx examples/heat.ts */
import { problem, reference, solve } from 'ansatz';

const rod = problem({
  name: 'rod',
  domain: { x: [0, 0.1], t: [0, 60] },
  fields: ['T'],
  constants: { diffusivity: 2.3e-5, conductivity: 80 },
  equations: ['T_t = diffusivity*T_xx'],
  conditions: [
    { on: 't = 0', equation: 'T = 300 + 40*sin(pi*x/0.1)' },
    { on: 'boundary', equation: 'T = 300' },
  ],
});

const solution = await solve(rod);
const [flux] = solution.evaluate('-conductivity*T_x', Float64Array.of(0.1, 30));
console.log(`T(0.05 m, 30 s) = ${solution.at({ x: 0.05, t: 30 }).T.toFixed(4)} K`);
console.log(`heat flux at x = 0.1 m, t = 30 s: ${flux.toFixed(2)} W/m²`);
console.log(solution.compare(await reference(rod)).T);
