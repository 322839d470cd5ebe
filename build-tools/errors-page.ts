/**
 * docs/errors.md: every reason of the one table, by the word under which conditions, Events, errors, metrics
 * and `gungnir status` show it. The headings are the anchors.
 * Never here: a text of its own about a reason.
 */
import { type ReasonText, reasons } from '../src/kit/reasons';
import { engineReasons } from '../src/kit/reasons-engine';
import { reconcileReasons } from '../src/kit/reasons-reconcile';

interface Part {
  readonly title: string;
  readonly about: string;
  readonly has: (reason: string) => boolean;
}

const isEngines = (reason: string): boolean => Object.hasOwn(engineReasons, reason);
const isReconcilers = (reason: string): boolean => Object.hasOwn(reconcileReasons, reason);

const parts: readonly Part[] = [
  {
    title: 'Failover and the engine',
    about:
      'In the conditions of a ValkeyCluster, its Events, `gungnir status`, and as `reason` of errors and events of ' +
      '`gungnir/sentinel`. None of them stops the data path: clients go on with the primary there is.',
    has: isEngines,
  },
  {
    title: 'The objects of a cluster',
    about: 'Why the operator waits before it makes, changes or replaces an object or a pod.',
    has: isReconcilers,
  },
  {
    title: 'Definitions, Kubernetes and the command line',
    about: 'What the commands and the start of the operator refuse, on the standard error.',
    has: (reason) => !isEngines(reason) && !isReconcilers(reason),
  },
];

export function errorsPage(marker: string): string {
  const lines = [
    `<!-- ${marker} -->`,
    '# Errors and reasons',
    '',
    'Each has one word. Behind it, a message says what it means, the facts of the case in brackets, and what to do:',
    '',
    '```text',
    'SwitchoverRefused: no replica is attached ... (to=my-valkey-1). To fix: look at gungnir status; ...',
    '```',
    ...parts.flatMap(({ title, about, has }) => [
      '',
      `## ${title}`,
      '',
      about,
      ...Object.entries<ReasonText>(reasons)
        .filter(([reason]) => has(reason))
        .flatMap(([reason, text]) => ['', ...entry(reason, text)]),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function entry(reason: string, { means, action }: ReasonText): readonly string[] {
  return [`### ${reason}`, '', `${capital(means)}.`, '', `**To fix:** ${action}.`];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
