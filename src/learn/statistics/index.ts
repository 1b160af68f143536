export { type PrincipalComponents, principalComponents } from './principal-components.ts';
export { type ShapiroWilkTest, shapiroWilk } from './shapiro-wilk.ts';
