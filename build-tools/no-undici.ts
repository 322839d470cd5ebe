/**
 * Stands for `undici` in assets/cli.mjs. @kubernetes/client-node only loads kubeconfigs for us; its
 * own requests, and undici with them, are never used, and undici 8 does not load under Node 20.
 * Never here: anything that works.
 */
class Unused {
  constructor() {
    throw new Error('undici is not part of gungnir: requests go through runtime/kube/client.ts');
  }
}

export { Unused as Agent, Unused as EnvHttpProxyAgent, Unused as ProxyAgent };
export const fetch = undefined;
