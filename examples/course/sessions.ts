/** The course: its sessions, and the examples of each in the order in which they are read. */
export interface CourseExample {
  /** In `examples/`. */
  readonly file: string;
  readonly title: string;
  /** What one learns, in a sentence. */
  readonly about: string;
  /** Where it is an exercise of a lab. */
  readonly lab?: number;
  /** Its report under `reports/`; default: course/<folder>/<name>.html. */
  readonly report?: string;
}

export interface CourseSession {
  readonly title: string;
  readonly about: string;
  readonly examples: readonly CourseExample[];
}

export const sessions: readonly CourseSession[] = [
  {
    title: 'Foundations',
    about: 'One neuron, what it can and cannot do, and the calculus by which many of them learn.',
    examples: [
      {
        file: 'foundations/perceptron.ts',
        title: 'The perceptron',
        about:
          'Its rule separates what a line can separate, fails on the exclusive or, and a hidden layer solves it.',
      },
      {
        file: 'foundations/linear-and-logistic-regression.ts',
        title: 'Linear and logistic regression',
        about: 'What is had in closed form, gradient descent finds too; a probability instead of a number.',
      },
      {
        file: 'foundations/backpropagation.ts',
        title: 'Forward and backward, by hand',
        about: 'The chain rule from the output back, in matrices; the gradient is that of tfjs.',
      },
      {
        file: 'foundations/activations.ts',
        title: 'Activation functions',
        about: 'Values and slopes from the step to GELU; softmax and maxout.',
      },
      {
        file: 'foundations/losses.ts',
        title: 'Losses and penalties',
        about: 'What a loss looks for, a loss of one’s own, and what L1 and L2 do to the weights.',
        lab: 1,
      },
    ],
  },
  {
    title: 'Session 1: training a network',
    about: 'What layers of neurons can represent, and what makes them learn it, or fail to.',
    examples: [
      {
        file: 'session-1/optimizers.ts',
        title: 'Optimizers',
        about:
          'Seven of them on three surfaces: their paths, what they remember, and rates too small, right and too large.',
      },
      {
        file: 'session-1/training-schemes.ts',
        title: 'Training schemes',
        about:
          'Online, mini-batches and the full batch: loss by epochs, by steps and by time, and how noisy a batch’s gradient is.',
      },
      {
        file: 'session-1/universal-approximation.ts',
        title: 'Universal approximation',
        about:
          'A hidden layer of growing width fits what is smooth, bends or jumps; wide networks under gradient descent hardly move.',
      },
      {
        file: 'session-1/overfitting.ts',
        title: 'Overfitting',
        about:
          'Too small, too large, too long; penalties, dropout, batch normalization and early stopping, measured on unseen points.',
      },
      {
        file: 'session-1/vanishing-gradient.ts',
        title: 'The vanishing gradient',
        about:
          'Ten hidden layers: where the gradient vanishes, by activation and by the weights one begins with; logged for TensorBoard too.',
      },
      {
        file: 'session-1/callbacks.ts',
        title: 'Callbacks',
        about:
          'Early stopping, checkpoints, learning-rate schedules, histograms of weights, and a callback of one’s own.',
        lab: 4,
      },
      {
        file: 'session-1/image-classification.ts',
        title: 'Image classification',
        about:
          'Digits told apart by dense layers and by convolutions: errors, filters, and what a shift does.',
      },
    ],
  },
  {
    title: 'Session 2: networks for images, sequences and samples',
    about: 'Convolutions, autoencoders, recurrent and adversarial networks.',
    examples: [
      {
        file: 'session-2/autoencoders.ts',
        title: 'Autoencoders',
        about:
          'Digits said again after a bottleneck, better than by principal components; the space of codes, seen, walked through and read.',
      },
      {
        file: 'session-2/denoising-and-sparse-autoencoders.ts',
        title: 'Denoising and sparse autoencoders',
        about: 'Damage undone, and codes in which few units speak at a time.',
        lab: 2,
      },
      {
        file: 'session-2/multimodal.ts',
        title: 'Several inputs',
        about:
          'Part of an image and a few unsure numbers, read by one network: together they tell what neither does.',
      },
      {
        file: 'session-2/siamese.ts',
        title: 'Pairs of images',
        about:
          'A siamese network says whether two images show the same digit, also of digits that it has never seen.',
        lab: 3,
      },
      {
        file: 'session-2/recurrent.ts',
        title: 'A recurrent network forecasts an epidemic',
        about:
          'A long short-term memory that has read made-up epidemics, against the SIR model fitted to the days seen.',
      },
      {
        file: 'session-2/tabular-regression.ts',
        title: 'Scores from a table',
        about:
          'Depth, activation and optimizer compared by cross-validation with ridge regression and nearest neighbors.',
      },
      {
        file: 'session-2/gaussian-gan.ts',
        title: 'Adversaries on a normal law',
        about:
          'A generator learns a law that it never sees; is it normal? The test of Shapiro and Wilk; a critic that measures distance.',
      },
      {
        file: 'session-2/digit-gan.ts',
        title: 'Digits that nobody drew',
        about:
          'Adversaries on images: a judge of what comes out, the space it comes from, and a generator that has lost its modes.',
      },
    ],
  },
  {
    title: 'Session 3: networks for differential equations',
    about: 'Physics-informed networks, unique continuation, and operators.',
    examples: [
      {
        file: 'session-3/pinn.ts',
        title: 'A network that obeys an equation',
        about: 'A pendulum learnt from its equation alone; its length, from ten noisy angles.',
      },
      {
        file: 'unique-continuation.ts',
        title: 'Unique continuation',
        about:
          'A solution known at a few points of one quadrant, carried on by its equation: where it can be trusted, and why.',
        report: 'unique-continuation.html',
      },
      {
        file: 'session-3/deeponet.ts',
        title: 'A DeepONet, trained step by step',
        about: 'Branch and trunk networks learn to integrate by gradient descent, and what that leaves.',
      },
      {
        file: 'session-3/integrator.ts',
        title: 'A network that integrates',
        about:
          'From a function to its antiderivative by one least-squares solve; from a force to the motion of a pendulum, from a varying rate to growth.',
      },
      {
        file: 'session-3/stepper.ts',
        title: 'One learnt step, a hundred times',
        about:
          'A step of a differential equation as an operator, and how errors grow when it is made again and again.',
      },
    ],
  },
];
