/**
 * YAML with places that Helm fills in. An object is built with marks where a value belongs to the user of
 * the chart; written as YAML, each mark becomes its template expression.
 * Never here: which places, and what stands in them (chart.ts).
 */
import { stringify } from 'yaml';

/** How the expression stands in the YAML. */
type Hole =
  /** A text: quoted when it is the whole value, plain inside another text. */
  | { readonly kind: 'text'; readonly expression: string }
  /** A number, or JSON. */
  | { readonly kind: 'plain'; readonly expression: string }
  /** Lines of YAML below the key. */
  | { readonly kind: 'block'; readonly expression: string };

export interface Holes {
  text(expression: string): string;
  plain(expression: string): string;
  block(expression: string): string;
  /** The object as YAML, its marks replaced. @throws Error when a mark cannot stand where it is. */
  write(value: unknown): string;
}

// Of small letters and digits, so that a mark may stand wherever a name may.
const mark = (index: number): string => `helm${index}hole`;
const whole = /^( *(?:- )?)([\w./-]+): (?:helm)(\d+)hole$/gm;
const inside = /helm(\d+)hole/g;

export function holes(): Holes {
  const known: Hole[] = [];
  const add = (hole: Hole): string => mark(known.push(hole) - 1);
  const at = (index: string): Hole => {
    const hole = known[Number(index)];
    if (hole === undefined) throw new Error(`there is no hole ${index}`);
    return hole;
  };
  return {
    text: (expression) => add({ kind: 'text', expression }),
    plain: (expression) => add({ kind: 'plain', expression }),
    block: (expression) => add({ kind: 'block', expression }),
    write(value) {
      const yaml = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
      return yaml
        .replace(whole, (_, lead: string, key: string, index: string) =>
          wholeValue(lead, key, at(index)),
        )
        .replace(inside, (_, index: string) => inText(at(index)));
    },
  };
}

function wholeValue(lead: string, key: string, { kind, expression }: Hole): string {
  switch (kind) {
    case 'text':
      return `${lead}${key}: {{ ${expression} | quote }}`;
    case 'plain':
      return `${lead}${key}: {{ ${expression} }}`;
    case 'block': {
      const indent = lead.length + 2;
      return `${lead}${key}:\n${' '.repeat(indent)}{{- ${expression} | nindent ${indent} }}`;
    }
  }
}

function inText({ kind, expression }: Hole): string {
  if (kind !== 'text') throw new Error(`${expression} is no text and cannot stand inside of one`);
  return `{{ ${expression} }}`;
}
