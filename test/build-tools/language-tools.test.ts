/** A language is left out where its tools are missing or too old, and only there. */
import { expect, test } from 'vitest';
import { type Language, languages, missingFor, notMade } from '../../build-tools/language-tools';

/** A machine: what each of its programs says of its version. */
function on(machine: Readonly<Record<string, string>>) {
  return (language: Language) => missingFor(language, ([program = '']) => machine[program]);
}

const maven = '\u001b[1mApache Maven 3.8.7\u001b[m\nJava version: 17.0.15';
const whole = { python3: '3.11\n', javac: 'javac 17.0.15\n', mvn: maven, go: 'go1.26.8\n' };

test('a machine with everything misses nothing', () => {
  expect(languages.map(on(whole))).toEqual([undefined, undefined, undefined, undefined]);
});

test.each([
  { language: 'go', says: 'go1.19.8', wants: 'it wants Go 1.25 or later, and here is 1.19' },
  { language: 'go', says: '', wants: 'it wants Go 1.25 or later, which is not there' },
  { language: 'python3', says: '3.9', wants: 'Python with venv 3.10 or later, and here is 3.9' },
  { language: 'javac', says: 'javac 11.0.2', wants: 'a JDK 17.0 or later, and here is 11.0' },
  { language: 'mvn', says: 'sh: mvn: not found', wants: 'Maven 3.6 or later, which is not there' },
])('$language that says "$says" is not enough', ({ language: program, says, wants }) => {
  const machine = on({ ...whole, [program]: says });
  const missing = languages.map(machine).filter((sentence) => sentence !== undefined);
  expect(missing).toEqual([expect.stringContaining(wants)]);
});

test('nothing there leaves the sources for .NET', () => {
  expect(languages.filter((language) => on({})(language) === undefined)).toEqual(['dotnet']);
});

test('it is said loudly', () => {
  expect(notMade('go', 'it wants Go')).toBe('NOT RUN here: the package for go (it wants Go)');
});
