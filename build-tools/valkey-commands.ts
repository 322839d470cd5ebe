/**
 * Asks a valkey-server what it says of the engine's commands, and writes their types. Part of
 * `npm run generate`; test/build-tools/valkey-commands.test.ts holds the file against the installed server.
 * Never here: the types themselves (command-types.ts).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Valkey } from 'iovalkey';
import { startLab } from '../test/kit/valkey';
import { type Argument, type CommandFacts, commandTypes } from './command-types';

export const COMMANDS_FILE = 'src/sentinel/io/commands.generated.ts';

/** What spell.ts and the lanes say. A command that stands there and not here does not compile. */
export const COMMANDS = [
  ...['acl|deluser', 'acl|setuser', 'acl|users', 'auth'],
  ...['client|kill', 'client|no-evict', 'client|pause', 'client|unpause'],
  ...['config|set', 'exec', 'info', 'multi', 'ping', 'psync', 'replicaof', 'role'],
] as const;

export interface Described {
  readonly version: string;
  readonly commands: readonly CommandFacts[];
}

/** Of the valkey-server that tests use, or of another program. It is ended again. */
export async function describeCommands(
  program?: string,
  names: readonly string[] = COMMANDS,
): Promise<Described> {
  const lab = await startLab({
    servers: 1,
    boot: 'open',
    ...(program === undefined ? {} : { program }),
  });
  try {
    const { host, port } = lab.server(0);
    return await asked(host, port, names);
  } finally {
    await lab.stop();
  }
}

export function typesOf({ version, commands }: Described): string {
  return commandTypes(commands, version, 'Made by `npm run generate`. Do not edit.');
}

async function asked(host: string, port: number, names: readonly string[]): Promise<Described> {
  const server = new Valkey({ host, port, retryStrategy: () => null });
  try {
    const info = await server.info('server');
    const docs = fieldsOf(await server.call('COMMAND', 'DOCS', ...names));
    const rows = listOf(await server.call('COMMAND', 'INFO', ...names));
    return {
      version: /valkey_version:(\d+\.\d+)/.exec(info)?.[1] ?? 'unknown',
      commands: names.map((name, index) => commandFacts(name, docs.get(name), rows[index])),
    };
  } finally {
    server.disconnect();
  }
}

/** @throws when the server does not know the command: then the engine may not say it. */
function commandFacts(name: string, docs: unknown, row: unknown): CommandFacts {
  const [, arity, flags] = listOf(row);
  if (docs === undefined || typeof arity !== 'number')
    throw new Error(`the server does not describe ${name}`);
  const fields = fieldsOf(docs);
  return {
    name,
    since: String(fields.get('since')),
    arity,
    flags: listOf(flags).map(String),
    arguments: listOf(fields.get('arguments')).map(argumentOf),
  };
}

function argumentOf(described: unknown): Argument {
  const fields = fieldsOf(described);
  const token = fields.get('token');
  return {
    name: String(fields.get('name')),
    type: String(fields.get('type')),
    token: token === undefined ? undefined : String(token),
    flags: listOf(fields.get('flags')).map(String),
    arguments: listOf(fields.get('arguments')).map(argumentOf),
  };
}

/** A map of RESP3 is a flat list in RESP2. */
function fieldsOf(flat: unknown): ReadonlyMap<string, unknown> {
  const items = listOf(flat);
  const pairs = items.flatMap((item, index) =>
    index % 2 === 0 ? [[String(item), items[index + 1]] as const] : [],
  );
  return new Map(pairs);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

async function main(): Promise<void> {
  writeFileSync(join(__dirname, '..', COMMANDS_FILE), typesOf(await describeCommands()));
  console.log(`wrote ${COMMANDS_FILE}`);
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error(`commands: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
