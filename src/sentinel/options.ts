/**
 * What a Sentinel is made of, and what is wrong with it: all at once, each field by its path.
 * Never here: defaults of the protocol (io/embedded.ts), what follows from an option.
 */
import type { OptionProblem } from '../kit/invalid-options';
import { problem } from '../kit/option-problems';
import type { Settings } from './core/config';
import type { Authority, Credentials, Transport } from './io/ports';
import { userProblems } from './server-files';

/** A Valkey server by its address. */
export interface SentinelNode {
  /** Unique; events, `switchover` and `status` call the node so. Default `host:port`. */
  readonly name?: string;
  /** An IP address, or a name that is resolved once, at the start. Loopback aliases count as hosts. */
  readonly host: string;
  /** 1 to 65535, default 6379. */
  readonly port?: number;
}

/** What a Sentinel is made of. Everything that is wrong is told at once, as an `InvalidOptionsError`. */
export interface SentinelOptions {
  /** All servers of the cluster, primary and replicas in any order. The first leads a first boot of empty ones. */
  readonly nodes: readonly SentinelNode[];
  /**
   * The user of the engine alone (`serverFiles` makes it): each claim ends its other connections. For
   * mode `observe` any user that may PING, INFO and ROLE.
   */
  readonly credentials: Credentials;
  /**
   * `govern`: fails over and switches over. `observe`: sends AUTH, PING, INFO and ROLE, and nothing else,
   * whatever happens. Default `govern`.
   */
  readonly mode?: 'govern' | 'observe';
  /**
   * Who decides, and where the record is kept. Default: this process alone, in memory, so that nothing
   * is remembered after it; `fileAuthority` for several processes of a machine, `leaseAuthority` of
   * gungnir/sentinel/kubernetes for pods. One authority object for one Sentinel.
   */
  readonly authority?: Authority;
  /** How nodes are reached. Default: TCP. */
  readonly transport?: Transport;
  /** Between two pings of a node, ms. 10 to 60000, default 1000. */
  readonly pingIntervalMs?: number;
  /** Silence after which a node counts as down, ms. At least twice pingIntervalMs, up to 600000, default 5000. */
  readonly downAfterMs?: number;
  /** How long to wait for nodes that may hold more, ms. 1000 to 3600000, default 60000. */
  readonly failoverTimeoutMs?: number;
  /**
   * `Durable`: never two writers, and no failover that could lose a WAIT-ed write. `Balanced` (default):
   * never two writers. `Available`: fails over at once, and says for how long two may write.
   */
  readonly policy?: 'Durable' | 'Balanced' | 'Available';
  /** What ranks replicas first. Default: `Offset` with policy `Durable`, else `Priority`. */
  readonly prefer?: 'Offset' | 'Priority';
  /** min-replicas-to-write, 0 or more, default 1; never more than there are replicas. */
  readonly minReplicasToWrite?: number;
  /** min-replicas-max-lag in seconds, 1 to 60, default 2. */
  readonly maxLagSeconds?: number;
  /** All nodes empty while there were keys: `Stop` and ask (default), or `Accept` it, for caches. */
  readonly dataLossPolicy?: 'Stop' | 'Accept';
  /** A primary that cannot write its disk: hand over (default), or leave it. */
  readonly onDiskError?: 'Switchover' | 'Ignore';
  /** Valkey users of clients: a demotion ends their connections. Default `['default']`. */
  readonly clientUsers?: readonly string[];
  /**
   * Whether an address belongs to one server for good. `false` where another server may come up under
   * the address of a dead one: then an ended socket proves no death. Default true.
   */
  readonly addressesAreExclusive?: boolean;
  /** Settings that every server is brought to by CONFIG SET. Default none. */
  readonly settings?: Settings;
  /** Ends a hung server process for certain, if you can: then a hang is failed over in seconds. */
  readonly kill?: (node: SentinelNode) => void;
  /** Closes the Sentinel. */
  readonly signal?: AbortSignal;
}

type Given = Readonly<Record<string, unknown>>;

const known: readonly (keyof SentinelOptions)[] = [
  'nodes',
  'credentials',
  'mode',
  'authority',
  'transport',
  'pingIntervalMs',
  'downAfterMs',
  'failoverTimeoutMs',
  'policy',
  'prefer',
  'minReplicasToWrite',
  'maxLagSeconds',
  'dataLossPolicy',
  'onDiskError',
  'clientUsers',
  'addressesAreExclusive',
  'settings',
  'kill',
  'signal',
];

/** @param options whatever a program without types hands in. */
export function optionProblems(options: unknown): readonly OptionProblem[] {
  if (typeof options !== 'object' || options === null)
    return [problem('options', options, 'give { nodes, credentials }')];
  const given = options as Given;
  return [
    ...Object.keys(given).flatMap(unknownField),
    ...nodeProblems(given.nodes),
    ...userProblems('credentials', given.credentials),
    ...numberProblems(given),
    ...wordProblems(given),
    ...portProblems(given),
    ...clientProblems(given),
    ...modeProblems(given),
  ];
}

export function nodeName({ name, host, port = 6379 }: SentinelNode): string {
  return name ?? (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
}

function unknownField(field: string): readonly OptionProblem[] {
  if ((known as readonly string[]).includes(field)) return [];
  return [problem(field, 'no option', `leave it out; there are ${known.join(', ')}`)];
}

function nodeProblems(nodes: unknown): readonly OptionProblem[] {
  if (!Array.isArray(nodes) || nodes.length === 0)
    return [problem('nodes', nodes, 'give a list of { host, port }, at least one')];
  const each = (nodes as readonly unknown[]).flatMap((node, index) => oneNode(node, index));
  if (each.length > 0) return each;
  const whole = nodes as readonly SentinelNode[];
  const names = whole.map(nodeName);
  const places = whole.map(({ host, port = 6379 }) => `${host} ${port}`);
  return whole.flatMap((_node, index) => {
    const path = `nodes[${index}]`;
    if (names.indexOf(names[index] ?? '') < index)
      return [problem(`${path}.name`, names[index], 'give each node a name of its own')];
    return places.indexOf(places[index] ?? '') < index
      ? [problem(path, places[index], 'give each node once')]
      : [];
  });
}

function oneNode(node: unknown, index: number): readonly OptionProblem[] {
  const path = `nodes[${index}]`;
  if (typeof node !== 'object' || node === null)
    return [problem(path, node, 'give { host, port }')];
  const { name, host, port = 6379 } = node as Given;
  const problems: OptionProblem[] = [];
  if (typeof host !== 'string' || !/^[^\s,]+$/.test(host))
    problems.push(problem(`${path}.host`, host, 'give an IP address or a host name'));
  if (!isWhole(port, 1, 65_535))
    problems.push(problem(`${path}.port`, port, 'give a whole number from 1 to 65535'));
  if (name !== undefined && (typeof name !== 'string' || !/^[^\s,@]+$/.test(name)))
    problems.push(problem(`${path}.name`, name, 'give a word without spaces, commas and @'));
  return problems;
}

function numberProblems(given: Given): readonly OptionProblem[] {
  const { pingIntervalMs = 1000, downAfterMs = 5000 } = given;
  const problems: OptionProblem[] = [];
  const check = (field: string, least: number, most: number): void => {
    const value = given[field];
    if (value !== undefined && !isWhole(value, least, most))
      problems.push(problem(field, value, `give a whole number from ${least} to ${most}`));
  };
  check('pingIntervalMs', 10, 60_000);
  check('downAfterMs', 20, 600_000);
  check('failoverTimeoutMs', 1000, 3_600_000);
  check('minReplicasToWrite', 0, 1000);
  check('maxLagSeconds', 1, 60);
  const fits = Number(downAfterMs) >= 2 * Number(pingIntervalMs);
  if (problems.length === 0 && !fits)
    problems.push(problem('downAfterMs', downAfterMs, 'give at least twice pingIntervalMs'));
  return problems;
}

function wordProblems(given: Given): readonly OptionProblem[] {
  const words: Readonly<Record<string, readonly unknown[]>> = {
    mode: ['govern', 'observe'],
    policy: ['Durable', 'Balanced', 'Available'],
    prefer: ['Offset', 'Priority'],
    dataLossPolicy: ['Stop', 'Accept'],
    onDiskError: ['Switchover', 'Ignore'],
    addressesAreExclusive: [true, false],
  };
  return Object.entries(words).flatMap(([field, allowed]) => {
    const value = given[field];
    if (value === undefined || allowed.includes(value)) return [];
    return [problem(field, value, `give ${allowed.join(' or ')}`)];
  });
}

/** Objects with methods, which a plain program may forget or misspell. */
function portProblems(given: Given): readonly OptionProblem[] {
  const methods: Readonly<Record<string, readonly string[]>> = {
    authority: ['start', 'mayAct', 'swap', 'stop'],
    transport: ['connect'],
    signal: ['addEventListener'],
  };
  const objects = Object.entries(methods).flatMap(([field, wanted]) => {
    const value = given[field];
    if (value === undefined) return [];
    const missing = wanted.filter(
      (method) => typeof (value as Given | null)?.[method] !== 'function',
    );
    const remedy = `give an object with ${wanted.map((method) => `${method}()`).join(', ')}`;
    return missing.length === 0 ? [] : [problem(field, typeof value, remedy)];
  });
  if (given.kill !== undefined && typeof given.kill !== 'function')
    return [...objects, problem('kill', given.kill, 'give a function that takes a node')];
  return objects;
}

function clientProblems({
  clientUsers,
  credentials,
  mode,
  settings,
}: Given): readonly OptionProblem[] {
  const problems: OptionProblem[] = [];
  const base = (credentials as Given | undefined)?.username;
  const isList =
    Array.isArray(clientUsers) && clientUsers.every((user) => typeof user === 'string');
  const users: readonly unknown[] = isList ? clientUsers : ['default'];
  if (clientUsers !== undefined && !isList)
    problems.push(problem('clientUsers', clientUsers, 'give a list of names of Valkey users'));
  if (mode !== 'observe' && base !== undefined && users.includes(base))
    problems.push(
      problem(
        'credentials.username',
        base,
        'give the engine a user of its own: clients use this one',
      ),
    );
  const pairs = (pair: unknown): boolean =>
    Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string');
  if (settings !== undefined && !(Array.isArray(settings) && settings.every(pairs)))
    problems.push(problem('settings', settings, "give pairs such as ['maxmemory', '1gb']"));
  return problems;
}

function modeProblems({ mode, authority, kill }: Given): readonly OptionProblem[] {
  if (mode !== 'observe') return [];
  return Object.entries({ authority, kill }).flatMap(([field, value]) =>
    value === undefined
      ? []
      : [problem(field, 'given', "leave it out: mode 'observe' takes no part in decisions")],
  );
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}
