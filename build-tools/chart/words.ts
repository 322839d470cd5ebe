/** What the chart says about itself. Never here: a template of an object (chart.ts). */
import { stringify } from 'yaml';

const KUBERNETES_LEAST = '1.28';

export function chartFile(version: string, marker: string): string {
  return `# ${marker}\n${stringify(
    {
      apiVersion: 'v2',
      name: 'gungnir-operator',
      description: 'The Gungnir operator: keeps one Valkey primary alive, without Sentinel',
      type: 'application',
      version,
      appVersion: version,
      home: 'https://github.com/verilean/gungnir',
      keywords: ['valkey', 'redis', 'failover', 'operator'],
    },
    { lineWidth: 0 },
  )}`;
}

/**
 * Not by `kubeVersion` in Chart.yaml: Helm says no remedy then, and without a cluster it takes a version of its
 * own, which the user has not chosen.
 */
export function versionCheck(): string {
  const found = '.Capabilities.KubeVersion.Version';
  const words = `Gungnir needs Kubernetes ${KUBERNETES_LEAST} or later, and Helm takes this one for %s. To fix: without a cluster (helm template), name yours with --kube-version; else upgrade it.`;
  return `{{- if not (semverCompare ">=${KUBERNETES_LEAST}.0-0" ${found}) }}
{{- fail (printf "${words}" ${found}) }}
{{- end }}
`;
}

export function ignoreFile(marker: string): string {
  return `# ${marker}\n.git/\n*.tgz\n`;
}

export function notesFile(): string {
  return `The operator runs in {{ .Release.Namespace }}
{{- if .Values.image }} from the image {{ .Values.image }}{{ else }} under {{ .Values.nodeImage }}; its program is in a ConfigMap{{ end }}, and looks after
{{- if .Values.watchNamespaces }} the clusters in {{ join ", " .Values.watchNamespaces }}.{{ else }} the clusters in all namespaces.{{ end }}

  kubectl --namespace {{ .Release.Namespace }} rollout status deployment/gungnir-operator

A first cluster of three:

  kubectl apply -f - <<END
  apiVersion: valkey.verilean.io/v1
  kind: ValkeyCluster
  metadata:
    name: my-valkey
    namespace: {{ first .Values.watchNamespaces | default "default" }}
  spec: {}
  END
  kubectl --namespace {{ first .Values.watchNamespaces | default "default" }} wait --for=condition=Ready vc/my-valkey --timeout=120s

Its pods meet the restricted Pod Security standard; to have it enforced for the operator's too:

  kubectl label namespace {{ .Release.Namespace }} pod-security.kubernetes.io/enforce=restricted

Helm installs CustomResourceDefinitions once and neither upgrades nor deletes them. Before an upgrade:

  helm show crds CHART | kubectl apply --server-side -f -
`;
}
