export {
  type CompartmentModelDefinition,
  type CompartmentModelOptions,
  compartmentModel,
} from './compartment-model.ts';
export { type Conservation, conservationOfPeople } from './conservation.ts';
export { doublingTime, type GrowthOptions, growthRate, herdImmunityThreshold } from './epidemic-growth.ts';
export { type FinalSizeOptions, finalSize, type GroupFinalSizeOptions } from './final-size.ts';
export type { InfectionOptions } from './infected-compartments.ts';
export { type CompartmentModel, type CompartmentModelName, compartmentModels } from './model-catalogue.ts';
export {
  type NextGeneration,
  type NextGenerationOptions,
  nextGeneration,
  type StrainReproduction,
} from './next-generation.ts';
export {
  analyzeOutbreak,
  type HeldOutScore,
  type OutbreakAnalysis,
  type OutbreakAnalysisOptions,
  type ReproductionCurve,
} from './outbreak-analysis.ts';
export type { ParameterValue, UnknownFunction, UnknownValue } from './parameters.ts';
export {
  type EffectiveOptions,
  effectiveReproductionNumber,
  effectiveReproductionNumbers,
  reproductionNumber,
} from './reproduction-number.ts';
export {
  type DerivedQuantity,
  deltaMethod,
  type FittedUnknowns,
  mapReplicates,
  type ReplicatedQuantity,
  reproductionNumberInterval,
  reproductionNumberQuantity,
} from './reproduction-uncertainty.ts';
