export {
  type BackendName,
  type BackendOptions,
  type BackendReport,
  backendNames,
  probeBackends,
} from './backend.ts';
export { createTfjsEngine, type TfjsEngineOptions } from './engine.ts';
