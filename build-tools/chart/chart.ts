/**
 * The Helm chart, made of what the one renderer makes: it renders the operator once for each choice, and
 * where two renderings differ the template asks the values. The program itself is not part of the tree
 * (docs/decisions/0011); `npm run generate` puts it into `files/`.
 * Never here: an object, a grant or a flag of its own.
 */
import { stringify } from 'yaml';
import type { JsonMap } from '../../src/resources/kube-object';
import { type Bundle, bundleConfigMap, bundleName } from '../../src/resources/operator/bundle';
import { LEASE_SHARES, OPERATOR_RANGES } from '../../src/resources/operator/choices';
import {
  NODE_IMAGE,
  OPERATOR_DEFAULTS,
  type OperatorOptions,
  type Program,
} from '../../src/resources/operator/options';
import { operatorObjects } from '../../src/resources/operator/render';
import type { CustomResourceDefinition } from '../../src/spec/structural';
import { type Holes, holes } from './holes';
import { valuesFile, valuesSchema } from './values';
import { chartFile, ignoreFile, notesFile, versionCheck } from './words';

export const CHART = 'charts/gungnir-operator';
/** The program's ConfigMap: written beside the templates, not committed. */
export const PROGRAM_FILE = `${CHART}/files/program.json`;

const placeholder: Bundle = { kind: 'plain', text: '' };
const bundled: Program = { kind: 'bundle', bundle: placeholder, image: NODE_IMAGE };
const imaged: Program = { kind: 'image', image: 'image' };

/** @param version of the package. @returns every committed file of the chart, by its path. */
export function chartFiles(
  crd: CustomResourceDefinition,
  version: string,
  marker: string,
): ReadonlyMap<string, string> {
  const template = templates();
  const files = {
    'Chart.yaml': chartFile(version, marker),
    '.helmignore': ignoreFile(marker),
    'values.yaml': valuesFile(marker),
    'values.schema.json': valuesSchema(marker),
    [`crds/${crd.spec.names.plural}.yaml`]: `# ${marker}\n${stringify(crd, { lineWidth: 100, aliasDuplicateObjects: false })}`,
    ...Object.fromEntries(
      Object.entries(template).map(([name, text]) => [
        `templates/${name}`,
        `{{- /* ${marker} */ -}}\n${text}`,
      ]),
    ),
    'templates/NOTES.txt': notesFile(),
  };
  return new Map(Object.entries(files).map(([name, text]) => [`${CHART}/${name}`, text]));
}

/** What `files/program.json` holds for a program. */
export function programFile(bundle: Bundle): string {
  return `${JSON.stringify(bundleConfigMap(bundle, 'unused'))}\n`;
}

interface Rendered extends JsonMap {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

function templates(): Readonly<Record<string, string>> {
  const holed = holes();
  const options: OperatorOptions = {
    ...OPERATOR_DEFAULTS,
    namespace: holed.text('.Release.Namespace'),
    namespaceObject: 'absent',
    resources: holed.block('toYaml .Values.resources') as unknown as JsonMap,
    networkPolicy: 'rendered',
    podMonitor: 'rendered',
  };
  const everywhere = rendered(bundled, options);
  const byImage = rendered(imaged, options);
  const write = (...kinds: readonly string[]): string => written(holed, everywhere, kinds);
  return {
    '_helpers.tpl': helpers(everywhere, byImage),
    'kubernetes-version.yaml': versionCheck(),
    'serviceaccount.yaml': write('ServiceAccount'),
    'rbac.yaml': `{{- if .Values.watchNamespaces }}\n${rolesInEach(holed, options)}{{- else }}\n${write(...roleKinds)}{{- end }}\n`,
    'program.yaml': programTemplate(holed, everywhere),
    'service.yaml': write('Service'),
    'poddisruptionbudget.yaml': when('gt (int .Values.replicas) 1', write('PodDisruptionBudget')),
    'networkpolicy.yaml': when('.Values.networkPolicy', write('NetworkPolicy')),
    'podmonitor.yaml': when('.Values.podMonitor', write('PodMonitor')),
    'deployment.yaml': deploymentTemplate(holed, everywhere),
  };
}

const roleKinds = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];

/** What stands once, and in a loop over the namespaces what each has. */
function rolesInEach(holed: Holes, options: OperatorOptions): string {
  // Within the loop the dot is the namespace.
  const each = holed.text('.');
  const objects = rendered(bundled, {
    ...options,
    namespace: holed.text('$.Release.Namespace'),
    scope: { kind: 'namespaces', namespaces: [each] },
  });
  const [inside, once] = [true, false].map((wanted) =>
    objects.filter(({ metadata }) => (metadata.namespace === each) === wanted),
  );
  const write = (some: readonly Rendered[] = []): string => written(holed, some, roleKinds);
  return `${write(once)}{{- range .Values.watchNamespaces }}\n---\n${write(inside)}{{- end }}\n`;
}

function rendered(program: Program, options: OperatorOptions): readonly Rendered[] {
  return operatorObjects(program, options) as readonly Rendered[];
}

function written(holed: Holes, objects: readonly Rendered[], kinds: readonly string[]): string {
  return objects
    .filter(({ kind }) => kinds.includes(kind))
    .map((object) => holed.write(object))
    .join('---\n');
}

function when(condition: string, text: string): string {
  return `{{- if ${condition} }}\n${text}{{- end }}\n`;
}

/** The only object of that kind. */
function only(objects: readonly Rendered[], wanted: string): Rendered {
  const [found, ...more] = objects.filter(({ kind }) => kind === wanted);
  if (found === undefined || more.length > 0) throw new Error(`there is not one ${wanted}`);
  return found;
}

const PROGRAM = '(include "gungnir-operator.program" . | fromJson)';

function programTemplate(holed: Holes, objects: readonly Rendered[]): string {
  const { data: _, metadata, ...rest } = only(objects, 'ConfigMap');
  const head = holed.write({
    ...rest,
    metadata: { ...metadata, name: holed.text(`${PROGRAM}.metadata.name`) },
  });
  const content = `data: {{ ${PROGRAM}.data | toJson }}\n{{- with ${PROGRAM}.binaryData }}\nbinaryData: {{ . | toJson }}\n{{- end }}\n`;
  return when('not .Values.image', `${head}${content}`);
}

interface PodTemplate extends JsonMap {
  readonly spec: JsonMap & {
    readonly volumes: readonly JsonMap[];
    readonly containers: readonly [Container];
  };
}

interface Container extends JsonMap {
  readonly command: readonly string[];
  readonly volumeMounts: readonly JsonMap[];
}

function podTemplateOf(objects: readonly Rendered[]): PodTemplate {
  return (only(objects, 'Deployment').spec as { readonly template: PodTemplate }).template;
}

function deploymentTemplate(holed: Holes, objects: readonly Rendered[]): string {
  const deployment = only(objects, 'Deployment');
  const template = podTemplateOf(objects);
  const [container] = template.spec.containers;
  return holed.write({
    ...deployment,
    spec: {
      ...(deployment.spec as JsonMap),
      replicas: holed.plain('int64 .Values.replicas'),
      template: {
        ...template,
        spec: {
          ...template.spec,
          containers: [
            {
              ...container,
              image: holed.text('.Values.image | default .Values.nodeImage'),
              command: holed.block('include "gungnir-operator.command" . | trim'),
              volumeMounts: holed.block('include "gungnir-operator.volumeMounts" . | trim'),
            },
          ],
          volumes: holed.block('include "gungnir-operator.volumes" . | trim'),
        },
      },
    },
  });
}

function helpers(byBundle: readonly Rendered[], byImage: readonly Rendered[]): string {
  const [ours, theirs] = [podTemplateOf(byBundle), podTemplateOf(byImage)];
  const [one, other] = [ours.spec.containers[0], theirs.spec.containers[0]];
  const name = `{{ ${PROGRAM}.metadata.name }}`;
  return [
    define('program', [
      '{{- $program := .Files.Get "files/program.json" -}}',
      '{{- if not $program -}}',
      '{{- fail "the chart has no program, since it comes from the source tree. To fix: npm run generate there, or set image." -}}',
      '{{- end -}}',
      '{{- $program -}}',
    ]),
    define('command', [...eitherOf(one.command, other.command), ...flagLines()]),
    define('volumeMounts', eitherOf(one.volumeMounts, other.volumeMounts)),
    define(
      'volumes',
      eitherOf(ours.spec.volumes, theirs.spec.volumes).map((line) =>
        line.replace(bundleName(placeholder), () => name),
      ),
    ),
  ].join('\n');
}

function define(name: string, lines: readonly string[]): string {
  return `{{- define "gungnir-operator.${name}" -}}\n${lines.join('\n')}\n{{- end }}\n`;
}

/** Items of the list with our program, and of the one with an image; what both have stands once. */
function eitherOf(ours: readonly unknown[], theirs: readonly unknown[]): readonly string[] {
  const lines = (items: readonly unknown[]): readonly string[] =>
    items.length === 0 ? [] : stringify(items, { lineWidth: 0 }).trimEnd().split('\n');
  const has = (items: readonly unknown[], item: unknown): boolean =>
    items.some((one) => JSON.stringify(one) === JSON.stringify(item));
  const both = ours.filter((item) => has(theirs, item));
  const [mine, other] = [ours, theirs].map((items) =>
    lines(items.filter((item) => !has(both, item))),
  );
  return [
    '{{- if .Values.image }}',
    ...(other ?? []),
    '{{- else }}',
    ...(mine ?? []),
    '{{- end }}',
    ...lines(both),
  ];
}

/** As `optionsOf` says them. Defaults are left out, as the construct does. */
function flagLines(): readonly string[] {
  const { renewDeadline, retry, of } = LEASE_SHARES;
  const { fallback } = OPERATOR_RANGES.leaseDurationMs;
  const share = (times: number): string => `{{ div (mul ${times} $ms) ${of} }}`;
  return [
    '{{- with .Values.watchNamespaces }}\n- --namespace={{ join "," . }}\n{{- end }}',
    '{{- if ne .Values.logLevel "info" }}\n- --log-level={{ .Values.logLevel }}\n{{- end }}',
    `{{- $ms := int64 .Values.leaseDurationMs }}\n{{- if ne $ms (int64 ${fallback}) }}`,
    `- --lease-duration-ms={{ $ms }}\n- --renew-deadline-ms=${share(renewDeadline)}\n- --retry-ms=${share(retry)}\n{{- end }}`,
    '{{- range .Values.flags }}\n- {{ . | quote }}\n{{- end }}',
  ];
}
