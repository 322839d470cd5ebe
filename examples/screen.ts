/**
 * What the examples print: headings, timelines, verdicts; 80 columns, no colour where NO_COLOR is set or
 * nobody looks.
 * Never here: what is true.
 */
export interface Step {
  /** Milliseconds since the act began. */
  readonly ms: number;
  readonly node: string;
  readonly text: string;
}

type Style = 'bold' | 'green' | 'red' | 'dim';

const codes: Readonly<Record<Style, number>> = { bold: 1, green: 32, red: 31, dim: 2 };

function styled(style: Style, text: string): string {
  const plain = (process.env.NO_COLOR ?? '') !== '' || !process.stdout.isTTY;
  return plain ? text : `\x1b[${codes[style]}m${text}\x1b[0m`;
}

export function heading(text: string): void {
  console.log(`\n${styled('bold', text)}`);
}

export function note(text: string): void {
  console.log(`  ${text}`);
}

export function aside(text: string): void {
  console.log(styled('dim', `  ${text}`));
}

export function timeline(steps: readonly Step[]): void {
  const inOrder = [...steps].sort((left, right) => left.ms - right.ms);
  const width = Math.max(0, ...inOrder.map(({ node }) => node.length));
  for (const { ms, node, text } of inOrder) {
    console.log(`  ${ms.toFixed(1).padStart(8)} ms  ${node.padEnd(width)}  ${text}`);
  }
}

export function verdict(good: boolean, text: string): void {
  console.log(`  ${good ? styled('green', 'ok    ') : styled('red', 'FAILED')} ${text}`);
}

/** What the engine's words mean to somebody who sees them for the first time. */
const words: Readonly<Record<string, string>> = {
  '+closed': 'socket closed',
  '+dead': 'dead: it had answered, now two connects are refused',
  '+sdown': 'silent for too long',
  '+hold': 'held: has read all that was sent, follows nobody',
  '+fenced': 'fenced: nobody can write, so nobody can write twice',
  '+intent': 'intent recorded, before anything is promoted',
  '+promote': 'promotion sent',
  '+promoted': 'promoted: ROLE says master; clients are sent here',
  '+switch-master': 'recorded; the others follow',
  '+switchover': 'intent recorded; the client Service turns to it',
  '+pause': 'writes paused, until both have the same offset',
  '+demoted': 'demoted first: read-only, its clients sent away',
  '-switchover': 'given up',
  '+refused': 'an order was refused',
};

/** @returns undefined for what is no step. */
export function wordsOf(event: string): string | undefined {
  return words[event];
}
