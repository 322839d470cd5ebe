import { ok } from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';

/** A preview without engine, account or cluster: Pulumi's own mocks answer. Prints what would be made. */
async function main(): Promise<void> {
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
    shop.stack = await import('./main.js');
    return {};
  });
  await pulumi.runtime.disconnect();
  const { clientHost, url } = shop.stack ?? {};
  ok(url !== undefined && (await pulumi.isSecret(url)), 'the url is a secret');
  const host = await new Promise((resolve) => clientHost?.apply(resolve));
  console.log([...seen, `clients connect to ${host}`].join('\n'));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
