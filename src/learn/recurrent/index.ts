export { type ForecastNetworkOptions, forecastNetwork } from './forecast-network.ts';
export { type ForecastSamples, forecastSamples } from './forecast-samples.ts';
export { type LstmState, type LstmStep, type LstmWeights, lstmSequence, lstmStep } from './lstm-cell.ts';
