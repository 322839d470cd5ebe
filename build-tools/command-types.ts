/**
 * Types of Valkey commands from what the server says of itself: the arguments of COMMAND DOCS as tuples,
 * arity and flags of COMMAND INFO beside them. A group that may come several times is typed once and twice.
 * Never here: asking a server (valkey-commands.ts).
 */

export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly token: string | undefined;
  readonly flags: readonly string[];
  readonly arguments: readonly Argument[];
}

export interface CommandFacts {
  /** As COMMAND DOCS spells it: `client|kill`. */
  readonly name: string;
  readonly since: string;
  /** Words with the command's own; negative: at least so many. */
  readonly arity: number;
  readonly flags: readonly string[];
  readonly arguments: readonly Argument[];
}

/** Elements of a tuple type, as text. */
type Elements = readonly string[];

export function commandTypes(
  commands: readonly CommandFacts[],
  version: string,
  marker: string,
): string {
  const groups: string[] = [];
  const alternatives = commands.flatMap((command) => [
    `  // ${command.name}, since ${command.since}, arity ${command.arity}: ${command.flags.join(' ')}`,
    ...tuplesOf(command, groups).map((elements) => `  | ${tuple(elements)}`),
  ]);
  return [
    '/**',
    ` * ${marker} The commands that the engine says, as valkey-server ${version} describes`,
    ' * them in COMMAND DOCS and COMMAND INFO. Never here: what the server does not describe (spell.ts).',
    ' */',
    '',
    '/** As decimal digits. */',
    `type Whole = ${'`$'}{number}${'`'};`,
    '',
    ...groups.flatMap((group) => [group, '']),
    '// biome-ignore format: generated',
    'export type ValkeyCommand =',
    `${alternatives.join('\n')};`,
    '',
  ].join('\n');
}

function tuplesOf({ name, arguments: given }: CommandFacts, groups: string[]): readonly Elements[] {
  const words = name.split('|').map((word) => literal(word.toUpperCase()));
  const typeName = (argument: string): string =>
    [...name.split('|'), ...argument.split('-')].map(capital).join('');
  return product([[words], ...given.map((argument) => elementsOf(argument, typeName, groups))]);
}

/** Every way to write it. */
function elementsOf(
  argument: Argument,
  typeName: (argument: string) => string,
  groups: string[],
): readonly Elements[] {
  const once = withToken(argument, bare(argument, typeName, groups));
  const often = argument.flags.includes('multiple')
    ? repeated(once, typeName(argument.name), groups)
    : once;
  return argument.flags.includes('optional') ? [[], ...often] : often;
}

function bare(
  { type, token, arguments: inner }: Argument,
  typeName: (argument: string) => string,
  groups: string[],
): readonly Elements[] {
  switch (type) {
    case 'oneof':
      // Of alternatives exactly one is written, whatever their own flags say.
      return inner.flatMap((each) =>
        elementsOf(
          { ...each, flags: each.flags.filter((flag) => flag !== 'optional') },
          typeName,
          groups,
        ),
      );
    case 'block':
      return product(inner.map((each) => elementsOf(each, typeName, groups)));
    case 'pure-token':
      return [[literal(token ?? '')]];
    case 'integer':
    case 'double':
    case 'unix-time':
      return [['Whole']];
    default:
      return [['string']];
  }
}

function withToken({ type, token }: Argument, all: readonly Elements[]): readonly Elements[] {
  if (token === undefined || type === 'pure-token') return all;
  return all.map((elements) => [literal(token), ...elements]);
}

function repeated(
  once: readonly Elements[],
  typeName: string,
  groups: string[],
): readonly Elements[] {
  const [only = []] = once;
  const isText = once.length === 1 && only.every((element) => element === 'string');
  if (isText) return [[...only, '...string[]']];
  const lines = once.map((elements) => `  | ${tuple(elements)}`).join('\n');
  groups.push(`// biome-ignore format: generated\ntype ${typeName} =\n${lines};`);
  return [[`...${typeName}`], [`...${typeName}`, `...${typeName}`]];
}

function product(parts: readonly (readonly Elements[])[]): readonly Elements[] {
  return parts.reduce<readonly Elements[]>(
    (before, part) => before.flatMap((head) => part.map((tail) => [...head, ...tail])),
    [[]],
  );
}

function tuple(elements: Elements): string {
  return `readonly [${elements.join(', ')}]`;
}

function literal(word: string): string {
  return `'${word}'`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
