/**
 * What the local API server answers otherwise than a real one, by the row that shows it, in words of the table in
 * src/local/README.md. A row that agrees has to leave this list.
 * Never here: reasons (the README).
 */
export const differences: Readonly<Record<string, string>> = {
  'an apply is YAML': 'words of a broken YAML',
  'core resources with verbs, short names and subresources':
    'proxy subresources, `pods/resize`, `pods/ephemeralcontainers`',
};
