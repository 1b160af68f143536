/** Names of the activations; see the folder `activation/` for each one's derivatives. */
export type ActivationName =
  | 'tanh'
  | 'sine'
  | 'swish'
  | 'gelu'
  | 'softplus'
  | 'sigmoid'
  | 'relu'
  | 'leaky-relu'
  | 'elu';
