/**
 * The components for programs that are not in TypeScript: what Pulumi asks the plugin in sdk/pulumi-provider. Here the
 * same classes are made, with the values that come over the wire.
 * Never here: a component, a schema (schema.generated.ts).
 */
import type * as pulumi from '@pulumi/pulumi';
import { COMPONENT_SCHEMA } from './schema.generated';
import { ValkeyCluster } from './valkey-cluster';
import { ValkeyCrds } from './valkey-crds';
import { ValkeyOperator } from './valkey-operator';

type Maker = (
  name: string,
  args: pulumi.Inputs,
  opts: pulumi.ComponentResourceOptions,
) => { readonly urn: pulumi.Output<pulumi.URN> };

/** Constructors take any bag of values, as they do from JavaScript: each checks its own. */
const MAKERS: Readonly<Record<string, Maker>> = {
  'gungnir:index:ValkeyCluster': (...given) => new ValkeyCluster(...given),
  'gungnir:index:ValkeyOperator': (...given) => new ValkeyOperator(...given),
  'gungnir:index:ValkeyCrds': (...given) => new ValkeyCrds(...given),
};

/** For `pulumi.provider.main`. */
export const componentProvider: pulumi.provider.Provider = {
  version: COMPONENT_SCHEMA.version,
  schema: JSON.stringify(COMPONENT_SCHEMA),
  construct: async (name, type, inputs, options) => {
    const make = MAKERS[type];
    if (make === undefined)
      throw new Error(`there is no component ${type}; there are ${Object.keys(MAKERS).join(', ')}`);
    const component = make(name, inputs, options);
    const outputs = Object.keys(COMPONENT_SCHEMA.resources[type]?.properties ?? {});
    const fields = component as unknown as Readonly<Record<string, unknown>>;
    const state = outputs.map((output) => [output, fields[output]]);
    return { urn: component.urn, state: Object.fromEntries(state) };
  },
};
