export { type ImageBranchOptions, imageBranch, type VectorBranchOptions, vectorBranch } from './branch.ts';
export { type MultimodalNetwork, type MultimodalOptions, multimodalNetwork } from './multimodal-network.ts';
export { productOfExperts } from './product-of-experts.ts';
