/** sdk/pulumi-provider/index.js from the sources: the program that Pulumi's plugin host starts. */
import * as pulumi from '@pulumi/pulumi';
import { componentProvider } from '../../src/constructs/pulumi';

pulumi.provider.main(componentProvider, process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
