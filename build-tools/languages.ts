/**
 * `npm run languages`: the packages for Python, Java, Go and .NET in dist/; `-- LANGUAGE...` for some. A language whose
 * tool is not on this machine is left out aloud.
 */
import { join } from 'node:path';
import { makeLanguage } from './language-packages';
import { type Language, languages, missingFor, notMade } from './language-tools';
import { makePacked } from './packed';

async function main(): Promise<void> {
  const root = process.cwd();
  const words = process.argv.slice(2);
  const unknown = words.filter((word) => !languages.some((language) => language === word));
  if (unknown.length > 0) throw new Error(`no such language: ${unknown.join()}; ${languages}`);
  makePacked(root);
  const wanted = languages.filter((language) => words.length === 0 || words.includes(language));
  for (const language of wanted) await make(root, language);
}

async function make(root: string, language: Language): Promise<void> {
  const missing = missingFor(language);
  if (missing !== undefined) return console.log(notMade(language, missing));
  const ms = await makeLanguage(root, language, join(root, 'dist'));
  const what = language === 'dotnet' ? ': sources, not compiled' : '';
  console.log(`dist/${language}${what} (${(ms / 1000).toFixed(1)} s)`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
