/**
 * The example of each language: where its package is put, and how its definition is changed and run again.
 * Never here: what must come of it (languages.ts).
 */
import type { Language } from '../../build-tools/language-tools';

export type Run = Exclude<Language, 'dotnet'>;

/** A line of a program, and what is put behind it: enum, map, struct, list of structs, a number in a struct. */
interface Fields {
  readonly replicas: string;
  readonly more: string;
}

export interface Example extends Fields {
  /** Its folder, with a README that is followed. */
  readonly folder: string;
  /** Where its README wants what `npm run languages` made, from there. */
  readonly packages: string;
  readonly source: string;
  /** The shell's command that writes dist/. */
  readonly command: string;
}

export const examples: Readonly<Record<Run, Example>> = {
  python: {
    folder: 'examples/cdk8s-python',
    packages: '.',
    source: 'main.py',
    command: 'venv/bin/python main.py',
    replicas: 'replicas=3,',
    more: `
    mode=(gungnir := __import__("gungnir")).ManagementMode.WORKLOAD,
    annotations={"shop.example/ownedBy": "orders"},
    max_memory=gungnir.MaxMemorySpec(percent_of_limit=50, policy=gungnir.MaxMemoryPolicy.ALLKEYS_LRU),
    resources=gungnir.ResourcesSpec(limits={"memory": "1Gi"}),
    scheduling=gungnir.SchedulingSpec(
        tolerations=[
            gungnir.Toleration(key="dedicated", operator="Exists", effect="NoExecute", toleration_seconds=60),
        ],
    ),`,
  },
  java: {
    folder: 'examples/cdk8s-java',
    packages: 'repository',
    source: 'src/main/java/example/Main.java',
    command: 'mvn --quiet --batch-mode compile exec:java',
    replicas: '.replicas(3)',
    more: `
        .mode(io.github.verilean.gungnir.ManagementMode.WORKLOAD)
        .annotations(java.util.Map.of("shop.example/ownedBy", "orders"))
        .maxMemory(io.github.verilean.gungnir.MaxMemorySpec.builder()
            .percentOfLimit(50).policy(io.github.verilean.gungnir.MaxMemoryPolicy.ALLKEYS_LRU).build())
        .resources(io.github.verilean.gungnir.ResourcesSpec.builder()
            .limits(java.util.Map.of("memory", "1Gi")).build())
        .scheduling(io.github.verilean.gungnir.SchedulingSpec.builder()
            .tolerations(java.util.List.of(io.github.verilean.gungnir.Toleration.builder()
                .key("dedicated").operator("Exists").effect("NoExecute").tolerationSeconds(60).build()))
            .build())`,
  },
  go: {
    folder: 'examples/cdk8s-go',
    packages: 'modules',
    source: 'main.go',
    command: 'go run .',
    replicas: 'Replicas:    jsii.Number(3),',
    more: `
        Mode: gungnir.ManagementMode_WORKLOAD,
        Annotations: &map[string]*string{"shop.example/ownedBy": jsii.String("orders")},
        MaxMemory: &gungnir.MaxMemorySpec{
            PercentOfLimit: jsii.Number(50), Policy: gungnir.MaxMemoryPolicy_ALLKEYS_LRU,
        },
        Resources: &gungnir.ResourcesSpec{Limits: &map[string]*string{"memory": jsii.String("1Gi")}},
        Scheduling: &gungnir.SchedulingSpec{Tolerations: &[]*gungnir.Toleration{{
            Key: jsii.String("dedicated"), Operator: jsii.String("Exists"),
            Effect: jsii.String("NoExecute"), TolerationSeconds: jsii.Number(60),
        }}},`,
  },
};

export const TYPESCRIPT = {
  folder: 'examples/cdk8s-typescript',
  program: 'main.js',
  replicas: 'replicas: 3,',
  more: `
    mode: require('gungnir').ManagementMode.WORKLOAD,
    annotations: { 'shop.example/ownedBy': 'orders' },
    maxMemory: { percentOfLimit: 50, policy: require('gungnir').MaxMemoryPolicy.ALLKEYS_LRU },
    resources: { limits: { memory: '1Gi' } },
    scheduling: { tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }] },`,
  /** What the READMEs of the others break, too. */
  mistakes: [
    ['replicas: 2,', 'replicas: 9,'],
    ['replicas: 3,', 'replicas: 65,'],
    ['2Gi', '2 GB'],
  ],
} as const;

export function withMore(program: string, { replicas, more }: Fields): string {
  return replaced(program, replicas, `${replicas}${more}`);
}

/** @throws when it does not stand there exactly once. */
export function replaced(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`"${from}" does not stand there once`);
  return text.replace(from, () => to);
}
