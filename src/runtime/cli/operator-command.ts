/**
 * `gungnir operator`: the operator as a process of this machine, with a kubeconfig or a pod's account.
 * Never here: what the operator does.
 */
import { systemClock } from '../../sentinel/io/clock';
import { environmentTwin, operatorFlags } from '../args';
import { kubeconfigAccess } from '../kube/kubeconfig';
import { inCluster, runOperator } from '../operator-process';
import { type Command, EXIT } from './command';

export const operator: Command = {
  name: 'operator',
  summary: 'run the operator',
  usage: 'gungnir operator [flags]',
  details: [
    'Looks after every ValkeyCluster until SIGTERM or SIGINT. In a pod it uses the',
    "pod's ServiceAccount, elsewhere a kubeconfig. Each flag has a twin in the",
    `environment: ${operatorFlags.leaseName.name} is ${environmentTwin(operatorFlags.leaseName.name)}.`,
    '',
    ...Object.values(operatorFlags).flatMap(({ name, placeholder, fallback, help }) => [
      `  ${name} ${placeholder ?? ''}`.trimEnd(),
      `      ${help}${fallback === '' || fallback === undefined ? '' : ` (${fallback})`}`,
    ]),
  ],
  examples: [
    'gungnir operator --namespace shop',
    'gungnir operator --kubeconfig ~/.kube/config --log-level debug',
  ],
  async run(argv, { env }) {
    await runOperator(argv, ({ kubeconfig }) => {
      const inPod = kubeconfig === undefined && (env.KUBERNETES_SERVICE_HOST ?? '') !== '';
      return inPod ? inCluster() : kubeconfigAccess({ clock: systemClock, env, path: kubeconfig });
    });
    return EXIT.ok.code;
  },
};
