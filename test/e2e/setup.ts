/**
 * One real Kubernetes for all files of the e2e project. GUNGNIR_TEST_KUBECONFIG names one that is up
 * already and stays up.
 */
import { startRealKubernetes } from '../kit/world-real-kubernetes';

export async function setup(): Promise<() => void> {
  if ((process.env.GUNGNIR_TEST_KUBECONFIG ?? '') !== '') return () => {};
  const kubernetes = await startRealKubernetes();
  process.env.GUNGNIR_TEST_KUBECONFIG = kubernetes.kubeconfig;
  process.env.GUNGNIR_TEST_APISERVER_PID = kubernetes.apiServerPid;
  return () => kubernetes.stop();
}
