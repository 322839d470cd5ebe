/**
 * Writes src/local/api/http/protobuf/fields.generated.ts: the protobuf fields of the types that clients send, read
 * from the struct tags of the Go modules k8s.io/api and k8s.io/apimachinery (`go env GOMODCACHE` must have
 * them): `npx tsx build-tools/kubernetes-wire.ts v0.34.4`.
 * Never here: decoding (src/local/api/http/protobuf/decode.ts).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const groups = [
  'core/v1',
  'apps/v1',
  'authentication/v1',
  'authorization/v1',
  'autoscaling/v1',
  'batch/v1',
  'coordination/v1',
  'discovery/v1',
  'events/v1',
  'networking/v1',
  'policy/v1',
  'rbac/v1',
  'scheduling/v1',
  'storage/v1',
];

/** What Go writes in a form of its own. */
const special: Readonly<Record<string, string>> = {
  'meta/v1.Time': 'time',
  'meta/v1.MicroTime': 'microTime',
  'meta/v1.Duration': 'duration',
  'meta/v1.FieldsV1': 'json',
  'resource.Quantity': 'quantity',
  'intstr.IntOrString': 'intOrString',
  'runtime.RawExtension': 'json',
  'runtime.Object': 'json',
};

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  bool: 'bool',
  int: 'int',
  int32: 'int',
  int64: 'int',
  uint32: 'int',
  float64: 'double',
  '[]byte': 'bytes',
  byte: 'int',
};

interface Source {
  /** `core/v1`. */
  readonly name: string;
  readonly structs: ReadonlyMap<string, string>;
  /** `type Phase string` and the like. */
  readonly named: ReadonlyMap<string, string>;
  /** Import alias -> `meta/v1`. */
  readonly imports: ReadonlyMap<string, string>;
}

function readSource(folder: string, name: string): Source {
  const files = readdirSync(folder).filter(
    (file) => /^types.*\.go$/.test(file) && !/_test|swagger/.test(file),
  );
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  const structs = new Map<string, string>();
  for (const [, type = '', body = ''] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    structs.set(type, body);
  }
  const named = new Map<string, string>();
  for (const [, type = '', is = ''] of text.matchAll(
    /^type (\w+) ((?:map\[\w+\]|\[\])?[\w.]+)$/gm,
  )) {
    named.set(type, is);
  }
  const imports = new Map<string, string>();
  for (const [, alias, path = ''] of text.matchAll(
    /^\s+(?:(\w+) )?"k8s\.io\/(?:api|apimachinery\/pkg(?:\/apis|\/util|\/api)?)\/([\w/]+)"/gm,
  )) {
    imports.set(alias ?? path.split('/').at(-1) ?? '', path);
  }
  return { name, structs, named, imports };
}

/** `core/v1.Container`, `list:...`, `map:...` or a scalar. */
function typeOf(source: Source, go: string): string {
  const bare = go.replace(/^\*/, '');
  const scalar = scalars[bare];
  if (scalar !== undefined) return scalar;
  if (bare.startsWith('[]')) return `list:${typeOf(source, bare.slice(2))}`;
  const map = /^map\[\w+\](.*)$/.exec(bare);
  if (map !== null) return `map:${typeOf(source, map[1] ?? '')}`;
  if (bare.includes('.')) {
    const [alias = '', type = ''] = bare.split('.');
    const path = source.imports.get(alias) ?? alias;
    if (path === 'types') return 'string';
    return special[`${path}.${type}`] ?? foreign(`${path}.${type}`);
  }
  const is = source.named.get(bare);
  if (is !== undefined && !source.structs.has(bare)) {
    // A named list or map is a message of its own around its items.
    return is.startsWith('[]') || is.startsWith('map[')
      ? namedCollection(source, is)
      : typeOf(source, is);
  }
  return special[`${source.name}.${bare}`] ?? `${source.name}.${bare}`;
}

function namedCollection(source: Source, is: string): string {
  const type = typeOf(source, is);
  return type.startsWith('list:') ? `wrapped:${type.slice(5)}` : type;
}

/** Named strings and maps of other packages, as the struct that uses them sees them. */
function foreign(name: string): string {
  const [path = '', type = ''] = name.split('.');
  const source = sources.get(path);
  if (source === undefined || source.structs.has(type)) return name;
  return source.named.has(type) ? typeOf(source, type) : name;
}

const sources = new Map<string, Source>();

interface Field {
  readonly json: string;
  readonly type: string;
  /** Left out by Go's JSON when it is zero. */
  readonly omitsZero: boolean;
}

function fieldsOf(source: Source, body: string): Record<string, readonly [string, string, number]> {
  const fields: Record<string, readonly [string, string, number]> = {};
  for (const line of body.split('\n')) {
    const [, words = '', json = '', number = ''] =
      /^\s*([^`/]+)`json:"([^"]*)"[^`]*protobuf:"\w+,(\d+)/.exec(line) ?? [];
    if (number === '') continue;
    const type = typeOf(source, words.trim().split(/\s+/).at(-1) ?? '');
    const [key = '', ...options] = json.split(',');
    const pointer = /\*\S+\s*$/.test(words);
    const field: Field = { json: key, type, omitsZero: options.includes('omitempty') && !pointer };
    fields[number] = [field.json, field.type, field.omitsZero ? 1 : 0];
  }
  return fields;
}

function main(): void {
  const version = process.argv[2] ?? 'v0.34.4';
  const modules = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
  const root = join(modules, 'k8s.io');
  if (!existsSync(join(root, `api@${version}`))) {
    throw new Error(`k8s.io/api@${version} is not in the module cache: go mod download it`);
  }
  sources.set(
    'meta/v1',
    readSource(join(root, `apimachinery@${version}/pkg/apis/meta/v1`), 'meta/v1'),
  );
  for (const group of groups)
    sources.set(group, readSource(join(root, `api@${version}`, group), group));
  const messages: Record<string, object> = {};
  for (const source of sources.values()) {
    for (const [type, body] of source.structs) {
      const fields = fieldsOf(source, body);
      if (Object.keys(fields).length > 0) messages[`${source.name}.${type}`] = fields;
    }
  }
  const packed = brotliCompressSync(Buffer.from(JSON.stringify(messages))).toString('base64');
  const lines = (packed.match(/.{1,4000}/g) ?? []).map((line) => `'${line}',`);
  const path = join(__dirname, '../src/local/api/http/protobuf/fields.generated.ts');
  const head = `/** Made by build-tools/kubernetes-wire.ts from k8s.io/api ${version}. Do not edit. */`;
  const note =
    '/** JSON: message -> number -> [name, type, whether zero is left out]. Brotli, base64, in pieces. */';
  const open =
    '// biome-ignore format: generated\nexport const PROTOBUF_FIELDS: readonly string[] = [';
  writeFileSync(path, `${head}\n\n${note}\n${open}\n${lines.join('\n')}\n];\n`);
  console.log(`${Object.keys(messages).length} messages, ${packed.length} bytes`);
}

main();
