/**
 * A Pulumi program without an engine: what it registers is recorded as it would go over the wire, secrets and
 * unknown values as such. Never here: expectations.
 */
import * as pulumi from '@pulumi/pulumi';

/** One resource as it was registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly protect: boolean;
  readonly dependsOn: readonly string[];
  readonly parent: string;
  readonly aliases: string;
  /** Secrets are `{ $secret: value }`, what is not known is `{ $unknown: true }`. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

const SECRET_MARK = '4dabf18193072939515e22adb298388d';
/** What a Secret that is read holds. */
const PASSWORD = 'p@ss';
const QUIET_ROUNDS = 3;
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

interface RawRequest {
  getType(): string;
  getName(): string;
  getProtect(): boolean;
  getParent(): string;
  getDependenciesList(): readonly string[];
  getAliasesList(): readonly { toObject(): object }[];
  getObject(): { toJavaScript(): Readonly<Record<string, unknown>> };
}

interface Monitor {
  registerResource(request: RawRequest, callback: unknown): Promise<void>;
}

interface Settled {
  /** Resolves once every call to the monitor is answered. In the module, not in its declarations. */
  waitForRPCs(): Promise<void>;
}

/** What a program did: all that it registered, in its order, and what it failed of. */
export interface Ran {
  readonly seen: readonly Registered[];
  readonly errors: readonly Error[];
}

/** @throws the first error of the program. @returns all that was registered, in its order. */
export async function recorded(
  program: () => void | Promise<void>,
  how: 'preview' | 'update' = 'update',
): Promise<readonly Registered[]> {
  const { seen, errors } = await ran(program, how);
  if (errors[0] !== undefined) throw errors[0];
  return seen;
}

/** Gathers errors as the language host does: thrown, and rejections that nobody handles. */
export async function ran(
  program: () => void | Promise<void>,
  how: 'preview' | 'update' = 'update',
): Promise<Ran> {
  const errors = new Set<Error>();
  const keep = (error: unknown): void => {
    errors.add(error instanceof Error ? error : new Error(String(error)));
  };
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', keep);
  try {
    const seen = await watched(how);
    await pulumi.runtime
      .runInPulumiStack(async () => {
        await program();
        return {};
      })
      .catch(keep);
    await settled(seen);
    return { seen, errors: [...errors] };
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  }
}

/** Mocks in place, and what they are asked for as it comes. */
async function watched(how: 'preview' | 'update'): Promise<readonly Registered[]> {
  const seen: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      call: ({ inputs }) => inputs as Record<string, unknown>,
      newResource({ name, inputs, id }) {
        const isRead = id !== undefined && id !== '';
        const data = isRead ? { data: { password: base64(PASSWORD) } } : {};
        return { id: isRead ? id : `${name}-id`, state: { ...(inputs as object), ...data } };
      },
    },
    'project',
    'stack',
    how === 'preview',
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    seen.push({
      type: request.getType(),
      name: request.getName(),
      protect: request.getProtect(),
      parent: request.getParent(),
      dependsOn: request.getDependenciesList(),
      aliases: JSON.stringify(request.getAliasesList().map((one) => one.toObject())),
      inputs: shown(request.getObject().toJavaScript()) as Registered['inputs'],
    });
    return register(request, callback);
  };
  return seen;
}

/** Nothing more is under way: a resource may wait for Outputs before it calls the monitor. */
async function settled(seen: readonly Registered[]): Promise<void> {
  for (let quiet = 0, count = -1; quiet < QUIET_ROUNDS; quiet += 1) {
    await (pulumi.runtime as unknown as Settled).waitForRPCs();
    await new Promise((resolve) => setImmediate(resolve));
    if (seen.length !== count) quiet = 0;
    count = seen.length;
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function shown(value: unknown): unknown {
  if (value === UNKNOWN) return { $unknown: true };
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  if (SECRET_MARK in value)
    return { $secret: shown((value as unknown as { readonly value: unknown }).value) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
}

/** The value of an Output, once it is there. */
export function settledValue<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => output.apply(resolve));
}
