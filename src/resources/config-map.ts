/** The ConfigMap that every pod mounts: the configuration and the scripts. Never here: a secret, a path. */
import type { ValkeyClusterDefinition } from '../spec/definition';
import { namesOf } from '../spec/naming';
import type { KubeObject } from './kube-object';
import { metaOf } from './kube-object';
import { PRE_STOP_SCRIPT, PROBE_SCRIPT, SCRIPTS, VALKEY_CLI_SCRIPT } from './scripts';
import { valkeyConf } from './valkey-conf';

/** The key of the server's configuration. */
export const CONFIG_FILE = 'valkey.conf';

export function configMap(definition: ValkeyClusterDefinition): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metaOf(definition, namesOf(definition.metadata.name).config),
    data: {
      [CONFIG_FILE]: valkeyConf(definition.spec),
      [SCRIPTS.valkeyCli]: VALKEY_CLI_SCRIPT,
      [SCRIPTS.probe]: PROBE_SCRIPT,
      [SCRIPTS.preStop]: PRE_STOP_SCRIPT,
    },
  };
}
