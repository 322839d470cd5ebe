/**
 * Reads the comments of the structs in src/spec: they are the descriptions in the CRD.
 * A member without a comment has none here, and then the generation fails (schema/structural.ts).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import type { Docs } from '../src/spec/schema/structural';

/** @param folder the folder whose interfaces are read, not those below it. */
export function docsOfStructs(folder: string): Docs {
  const files = readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !name.includes('generated'),
  );
  const interfaces = files.flatMap((name) => {
    const source = ts.createSourceFile(
      name,
      readFileSync(join(folder, name), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    return source.statements.filter(ts.isInterfaceDeclaration);
  });
  return Object.fromEntries(interfaces.map((struct) => [struct.name.text, membersOf(struct)]));
}

function membersOf(struct: ts.InterfaceDeclaration): Readonly<Record<string, string>> {
  const entries = struct.members.flatMap((member): [string, string][] => {
    const comment = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc)?.comment;
    const words = ts.getTextOfJSDocComment(comment)?.replaceAll(/\s+/g, ' ').trim();
    if (words === undefined || words === '' || member.name === undefined) return [];
    return [[member.name.getText(), words]];
  });
  return Object.fromEntries(entries);
}
