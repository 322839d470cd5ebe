import { ok } from 'node:assert/strict';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as pulumi from '@pulumi/pulumi';

/**
 * A preview without engine, account or cluster: Pulumi's own mocks answer. Prints what would be made.
 * @param program its file, below the working directory.
 */
async function main(program: string): Promise<void> {
  const seen: string[] = [];
  await pulumi.runtime.setMocks(
    {
      call: ({ inputs }) => inputs,
      newResource({ type, name, inputs }) {
        if (type.startsWith('kubernetes:')) seen.push(`${inputs.kind} ${inputs.metadata?.name}`);
        return { id: `${name}-id`, state: inputs };
      },
    },
    'shop',
    'dev',
    true,
  );
  const shop = { stack: undefined as typeof import('./main.js') | undefined };
  await pulumi.runtime.runInPulumiStack(async () => {
    shop.stack = await import(pathToFileURL(resolve(program)).href);
    return {};
  });
  await pulumi.runtime.disconnect();
  const { clientHost, url } = shop.stack ?? {};
  ok(url !== undefined && (await pulumi.isSecret(url)), 'the url is a secret');
  const host = await new Promise((known) => clientHost?.apply(known));
  console.log([...seen, `clients connect to ${host}`].join('\n'));
}

main(process.argv[2] ?? 'main.js').catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
