/**
 * The example of each language: where its package is put beside it, and how its definition is changed and run again.
 * Never here: what must come of it (languages.ts).
 */
import type { Language } from '../../build-tools/language-tools';

export type Run = Exclude<Language, 'dotnet'>;

export interface Example {
  /** Its folder, with a README that is followed. */
  readonly folder: string;
  /** What `npm run languages` made, as the README asks for it: from the folder of the language to the example's. */
  readonly place: readonly [from: string, to: string];
  readonly source: string;
  /** The shell's command that writes dist/. */
  readonly command: string;
  /** The line of the source after which `asWorkload` stands. */
  readonly replicas: string;
  readonly asWorkload: string;
}

export const examples: Readonly<Record<Run, Example>> = {
  python: {
    folder: 'examples/cdk8s-python',
    place: ['.', '.'],
    source: 'main.py',
    command: 'venv/bin/python main.py',
    replicas: 'replicas=3,',
    asWorkload: 'mode=__import__("gungnir").ManagementMode.WORKLOAD,',
  },
  java: {
    folder: 'examples/cdk8s-java',
    place: ['.', 'repository'],
    source: 'src/main/java/example/Main.java',
    command: 'mvn --quiet --batch-mode compile exec:java',
    replicas: '.replicas(3)',
    asWorkload: '.mode(io.github.verilean.gungnir.ManagementMode.WORKLOAD)',
  },
  go: {
    folder: 'examples/cdk8s-go',
    place: ['.', 'modules'],
    source: 'main.go',
    command: 'go run .',
    replicas: 'Replicas:    jsii.Number(3),',
    asWorkload: 'Mode: gungnir.ManagementMode_WORKLOAD,',
  },
};

export const TYPESCRIPT = {
  folder: 'examples/cdk8s-typescript',
  program: 'main.js',
  replicas: 'replicas: 3,',
  asWorkload: "mode: require('gungnir').ManagementMode.WORKLOAD,",
  /** What the READMEs of the others break, too. */
  mistakes: [
    ['replicas: 2,', 'replicas: 9,'],
    ['replicas: 3,', 'replicas: 65,'],
    ['2Gi', '2 GB'],
  ],
} as const;
