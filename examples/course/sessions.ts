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
    examples: [],
  },
  {
    title: 'Session 1: training a network',
    about: 'What layers of neurons can represent, and what makes them learn it, or fail to.',
    examples: [],
  },
  {
    title: 'Session 2: networks for images, sequences and samples',
    about: 'Convolutions, autoencoders, recurrent and adversarial networks.',
    examples: [],
  },
  {
    title: 'Session 3: networks for differential equations',
    about: 'Physics-informed networks, unique continuation, and operators.',
    examples: [
      {
        file: 'unique-continuation.ts',
        title: 'Unique continuation',
        about:
          'A solution known at a few points of one quadrant, carried on by its equation: where it can be trusted, and why.',
        report: 'unique-continuation.html',
      },
    ],
  },
];
