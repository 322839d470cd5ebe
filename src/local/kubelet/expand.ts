/**
 * `$(NAME)` in commands, arguments and values, as Kubernetes expands it: `$$` is a dollar, and a name
 * that is not known stays as it is written.
 * Never here: where the names come from (environment.ts).
 */

export function expanded(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^()]*)\))/g, (found, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(values, name) ? (values[name] ?? found) : found;
  });
}
