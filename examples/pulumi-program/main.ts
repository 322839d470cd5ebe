import { PersistenceMode, ValkeyCluster, ValkeyCrds, ValkeyOperator } from 'gungnir/pulumi';

// The definitions are what every ValkeyCluster hangs on: protected, and there before anything else.
const crds = new ValkeyCrds('gungnir', {}, { protect: true });
const operator = new ValkeyOperator('gungnir', {}, { dependsOn: [crds] });

const shop = new ValkeyCluster(
  'shop',
  {
    replicas: 3,
    persistence: { storageSize: '2Gi', mode: PersistenceMode.AOF },
    resources: { limits: { memory: '512Mi' } },
  },
  { dependsOn: [operator] },
);

export const clientHost = shop.clientHost;
export const secretName = shop.secretName;
export const url = shop.url;
