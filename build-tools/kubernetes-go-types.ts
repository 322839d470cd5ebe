/**
 * What OpenAPI does not say of a Kubernetes type: how Go writes each field (`*int32`, `[]v1.Container`)
 * and when it leaves it out. Read from the `types.go` files of the Go modules k8s.io/api,
 * k8s.io/apimachinery and k8s.io/apiextensions-apiserver.
 * Never here: OpenAPI (kubernetes-schema.ts).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Field -> Go type, with `,omitempty` and `,omitzero` as Go's tag says. */
export type GoFields = Readonly<Record<string, string>>;

/** The folder of a definition such as `io.k8s.api.apps.v1.StatefulSet`. */
function folderOf(definition: string, modules: string, version: string): string | undefined {
  const parts = definition.split('.').slice(0, -1).join('.');
  const places: readonly (readonly [RegExp, string])[] = [
    [/^io\.k8s\.api\./, `api@${version}`],
    [/^io\.k8s\.apimachinery\./, `apimachinery@${version}`],
    [/^io\.k8s\.apiextensions-apiserver\./, `apiextensions-apiserver@${version}`],
  ];
  for (const [prefix, module] of places) {
    if (!prefix.test(definition)) continue;
    return join(modules, 'k8s.io', module, ...parts.replace(prefix, '').split('.'));
  }
  return undefined;
}

/** @param modules the folder that `go env GOMODCACHE` prints. @param version of the modules, `v0.34.4`. */
export function goFieldsOf(
  definitions: readonly string[],
  modules: string,
  version: string,
): ReadonlyMap<string, GoFields> {
  const structsOf = new Map<string, ReadonlyMap<string, readonly string[]>>();
  const found = new Map<string, GoFields>();
  for (const definition of definitions) {
    const folder = folderOf(definition, modules, version);
    if (folder === undefined || !existsSync(folder)) continue;
    const structs = structsOf.get(folder) ?? readStructs(folder);
    structsOf.set(folder, structs);
    const name = definition.split('.').at(-1) ?? '';
    const fields = fieldsOf(name, structs);
    if (Object.keys(fields).length > 0) found.set(definition, fields);
  }
  return found;
}

/** The lines of each struct of a Go package, by its name. */
function readStructs(folder: string): ReadonlyMap<string, readonly string[]> {
  const structs = new Map<string, readonly string[]>();
  const files = readdirSync(folder).filter((file) =>
    /^types.*\.go$|^micro_time|^time\.go/.test(file),
  );
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      if (name !== undefined && body !== undefined) structs.set(name, body.split('\n'));
    }
  }
  return structs;
}

function fieldsOf(name: string, structs: ReadonlyMap<string, readonly string[]>): GoFields {
  const fields: Record<string, string> = {};
  for (const line of structs.get(name) ?? []) {
    const [, words, tag] = /^\s*([^`/]+)`.*json:"([^"]*)"/.exec(line) ?? [];
    if (words === undefined || tag === undefined) continue;
    const type = words.trim().split(/\s+/).at(-1) ?? '';
    const [key = '', ...options] = tag.split(',');
    if (key !== '') fields[key] = [goTypeOf(type), ...options.filter(leavesOut)].join();
    else if (!/^metav1\./.test(type)) Object.assign(fields, fieldsOf(type, structs));
  }
  return fields;
}

function leavesOut(option: string): boolean {
  return option === 'omitempty' || option === 'omitzero';
}

const builtin = /^(string|bool|int|int32|int64|float64|byte|uint32|interface)$/;

/** `*metav1.LabelSelector` is `*v1.LabelSelector` to Go's errors, `[]Container` is `[]v1.Container`. */
function goTypeOf(type: string): string {
  return type.replace(/[A-Za-z][\w.]*/g, (word) => {
    if (word === 'map' || builtin.test(word)) return word;
    const [alias = '', name] = word.split('.');
    return name === undefined ? `v1.${alias}` : `${/v1$/.test(alias) ? 'v1' : alias}.${name}`;
  });
}
