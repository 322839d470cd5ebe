/** Made by `npm run generate`. Do not edit. */

interface Component {
  readonly properties: Readonly<Record<string, object>>;
  readonly [key: string]: unknown;
}

// biome-ignore format: generated
export const COMPONENT_SCHEMA: {
  readonly version: string;
  readonly resources: Readonly<Record<string, Component>>;
} & Readonly<Record<string, unknown>> = {
 "name": "gungnir",
 "version": "0.0.0",
 "description": "Valkey on Kubernetes without Sentinel",
 "license": "Apache-2.0",
 "language": {
  "csharp": {
   "respectSchemaVersion": true
  },
  "go": {
   "respectSchemaVersion": true
  },
  "java": {
   "respectSchemaVersion": true
  },
  "nodejs": {
   "respectSchemaVersion": true
  },
  "python": {
   "respectSchemaVersion": true
  }
 },
 "resources": {
  "gungnir:index:ValkeyCluster": {
   "description": "One Valkey primary with its replicas, kept alive by the operator.",
   "type": "object",
   "isComponent": true,
   "inputProperties": {
    "replicas": {
     "description": "Number of all pods: one primary, the rest replicas. 1..64; below 3 a crash stops writes longer.\nDefault: 3.",
     "type": "integer"
    },
    "image": {
     "description": "Container image of Valkey 7.2 or later.\nDefault: \"valkey/valkey:8.0\".",
     "type": "string"
    },
    "port": {
     "description": "Port on which Valkey listens, and port of its Services. 1..65535. Immutable.\nDefault: 6379.",
     "type": "integer"
    },
    "persistence": {
     "description": "Where data is kept.\nDefault: a volume of 1Gi for each pod.",
     "$ref": "#/types/gungnir:index:PersistenceSpec"
    },
    "resources": {
     "description": "Compute resources of the Valkey container.\nDefault: none.",
     "$ref": "#/types/gungnir:index:ResourcesSpec"
    },
    "nodeSelector": {
     "description": "Labels of the nodes on which pods may run.\nDefault: any node.",
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    },
    "labels": {
     "description": "Labels added to every object and pod.\nDefault: none.",
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    },
    "annotations": {
     "description": "Annotations added to every object and pod.\nDefault: none.",
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    },
    "tls": {
     "description": "Encryption of connections.\nDefault: off.",
     "$ref": "#/types/gungnir:index:TlsSpec"
    },
    "sentinel": {
     "description": "How soon a silent primary counts as down.\nDefault: a probe each 1000 ms, down after 5000 ms.",
     "$ref": "#/types/gungnir:index:SentinelSpec"
    },
    "restoreFrom": {
     "description": "The backup from which a new cluster starts. Immutable.\nDefault: an empty cluster.",
     "$ref": "#/types/gungnir:index:RestoreFromSpec"
    },
    "metricsExporter": {
     "description": "A metrics exporter beside Valkey.\nDefault: off.",
     "$ref": "#/types/gungnir:index:MetricsExporterSpec"
    },
    "config": {
     "description": "Settings of Valkey by their names in valkey.conf. What the operator owns has a field instead.\nDefault: none.",
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    },
    "maxMemory": {
     "description": "How much memory data may take.\nDefault: 75 % of the memory limit, noeviction.",
     "$ref": "#/types/gungnir:index:MaxMemorySpec"
    },
    "failover": {
     "description": "What a failover may risk.\nDefault: policy Balanced.",
     "$ref": "#/types/gungnir:index:FailoverSpec"
    },
    "auth": {
     "description": "The clients' password.\nDefault: generated into the Secret `<name>-secret`.",
     "$ref": "#/types/gungnir:index:AuthSpec"
    },
    "users": {
     "description": "Further users of Valkey.\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:UserSpec"
     }
    },
    "service": {
     "description": "How clients reach the primary.\nDefault: a ClusterIP Service.",
     "$ref": "#/types/gungnir:index:ServiceSpec"
    },
    "scheduling": {
     "description": "Where pods may run.\nDefault: apart where there is room.",
     "$ref": "#/types/gungnir:index:SchedulingSpec"
    },
    "podDisruptionBudget": {
     "description": "How many pods a drain may take away at once.\nDefault: managed.",
     "$ref": "#/types/gungnir:index:PodDisruptionBudgetSpec"
    },
    "metrics": {
     "description": "Objects for Prometheus.\nDefault: none.",
     "$ref": "#/types/gungnir:index:MetricsSpec"
    },
    "networkPolicy": {
     "description": "Who may connect.\nDefault: no NetworkPolicy.",
     "$ref": "#/types/gungnir:index:NetworkPolicySpec"
    },
    "updateStrategy": {
     "description": "How running pods are replaced.\nDefault: replicas first, the primary last.",
     "$ref": "#/types/gungnir:index:UpdateStrategySpec"
    },
    "hibernate": {
     "description": "Scales to no pods and keeps the volumes.\nDefault: false.",
     "type": "boolean"
    },
    "paused": {
     "description": "Whether the operator leaves the objects as they are. Failover goes on.\nDefault: false.",
     "type": "boolean"
    },
    "metadata": {
     "$ref": "#/types/gungnir:index:ValkeyClusterMetadata",
     "plain": true
    },
    "mode": {
     "description": "WORKLOAD: Pulumi makes the objects, not the operator. Default: CUSTOM_RESOURCE.",
     "type": "string",
     "plain": true
    },
    "awaitReady": {
     "description": "Whether Pulumi waits until the cluster serves, and then reads the clients' password for `url`. The operator\nmust run. Default: true.",
     "type": "boolean",
     "plain": true
    }
   },
   "requiredInputs": [],
   "properties": {
    "clusterName": {
     "description": "Name of the ValkeyCluster, and the beginning of the names of all its objects.",
     "type": "string"
    },
    "clientHost": {
     "description": "Host of the Service that leads to the primary.",
     "type": "string"
    },
    "port": {
     "description": "Port of the Services and of each pod.",
     "type": "integer"
    },
    "secretName": {
     "description": "Name of the Secret with the clients' password.",
     "type": "string"
    },
    "passwordKey": {
     "description": "Key of the clients' password in that Secret.",
     "type": "string"
    },
    "url": {
     "description": "`redis://:PASSWORD@HOST:PORT`, a secret; undefined without `awaitReady`.",
     "type": "string"
    }
   },
   "required": [
    "clusterName",
    "clientHost",
    "port",
    "secretName",
    "passwordKey"
   ]
  },
  "gungnir:index:ValkeyCrds": {
   "description": "The CustomResourceDefinitions. Deleting them deletes every ValkeyCluster: `protect` them, and let\nValkeyClusters depend on them.",
   "type": "object",
   "isComponent": true,
   "inputProperties": {},
   "requiredInputs": [],
   "properties": {},
   "required": []
  },
  "gungnir:index:ValkeyOperator": {
   "description": "The operator: its rights, its program, its pods and what stands around them.",
   "type": "object",
   "isComponent": true,
   "inputProperties": {
    "namespace": {
     "description": "Default: gungnir-system.",
     "type": "string"
    },
    "createNamespace": {
     "description": "Whether that namespace is made too. Default: true.",
     "type": "boolean",
     "plain": true
    },
    "watchNamespaces": {
     "description": "The only namespaces whose clusters it looks after, with a Role in each. Default: all.",
     "type": "array",
     "items": {
      "type": "string"
     },
     "plain": true
    },
    "image": {
     "description": "An image that brings the program. Default: the program in a ConfigMap, under nodeImage.",
     "type": "string"
    },
    "nodeImage": {
     "description": "An image with Node 24. Default: node:24-alpine.",
     "type": "string"
    },
    "bundlePath": {
     "description": "File with the program. Default: the one that the package carries.",
     "type": "string",
     "plain": true
    },
    "replicas": {
     "description": "1..8. Default: 2.",
     "type": "integer"
    },
    "resources": {
     "$ref": "#/types/gungnir:index:ResourcesSpec"
    },
    "logLevel": {
     "description": "debug, info, warn or error.",
     "type": "string"
    },
    "leaseDurationMs": {
     "description": "1000..600000. Default: 15000.",
     "type": "integer"
    },
    "flags": {
     "description": "Further flags of `gungnir operator`, each as `--name=value`.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "networkPolicy": {
     "type": "boolean",
     "plain": true
    },
    "podMonitor": {
     "type": "boolean",
     "plain": true
    }
   },
   "requiredInputs": [],
   "properties": {
    "namespace": {
     "description": "Where the operator lives.",
     "type": "string"
    }
   },
   "required": [
    "namespace"
   ]
  }
 },
 "types": {
  "gungnir:index:Affinity": {
   "description": "Affinity of the data pods, as in a Pod.",
   "type": "object",
   "properties": {
    "nodeAffinity": {
     "description": "Which nodes.\nDefault: any node.",
     "$ref": "#/types/gungnir:index:NodeAffinity"
    },
    "podAffinity": {
     "description": "Near which pods.\nDefault: none.",
     "$ref": "#/types/gungnir:index:PodAffinity"
    },
    "podAntiAffinity": {
     "description": "Away from which pods.\nDefault: none.",
     "$ref": "#/types/gungnir:index:PodAffinity"
    }
   },
   "required": []
  },
  "gungnir:index:AuthSpec": {
   "description": "The clients' password.",
   "type": "object",
   "properties": {
    "secretName": {
     "description": "A Secret of yours whose key `password` is the clients' password.\nDefault: generated into the Secret `<name>-secret`.",
     "type": "string"
    }
   },
   "required": []
  },
  "gungnir:index:ClientAuth": {
   "description": "Whether clients must show a certificate.",
   "type": "string",
   "enum": [
    {
     "description": "Never asked for.",
     "name": "NONE",
     "value": "None"
    },
    {
     "description": "Checked where it is shown.",
     "name": "OPTIONAL",
     "value": "Optional"
    },
    {
     "description": "Refused without one.",
     "name": "REQUIRED",
     "value": "Required"
    }
   ]
  },
  "gungnir:index:DataLossPolicy": {
   "description": "What is done when going on would lose recorded data.",
   "type": "string",
   "enum": [
    {
     "description": "Stop and ask.",
     "name": "STOP",
     "value": "Stop"
    },
    {
     "description": "Go on and report: for caches.",
     "name": "ACCEPT",
     "value": "Accept"
    }
   ]
  },
  "gungnir:index:DiskErrorPolicy": {
   "description": "What is done when the primary can no longer write to its disk.",
   "type": "string",
   "enum": [
    {
     "description": "Hand over to a healthy replica.",
     "name": "SWITCHOVER",
     "value": "Switchover"
    },
    {
     "description": "Leave it as it is.",
     "name": "IGNORE",
     "value": "Ignore"
    }
   ]
  },
  "gungnir:index:DisruptionBudgetMode": {
   "description": "Who keeps the PodDisruptionBudget.",
   "type": "string",
   "enum": [
    {
     "description": "One that follows `replicas`; none for a single pod.",
     "name": "MANAGED",
     "value": "Managed"
    },
    {
     "description": "None: drains are not held back.",
     "name": "DISABLED",
     "value": "Disabled"
    }
   ]
  },
  "gungnir:index:DivergencePolicy": {
   "description": "What is done with writes that only the old primary had.",
   "type": "string",
   "enum": [
    {
     "description": "Say how many bytes were lost.",
     "name": "REPORT",
     "value": "Report"
    },
    {
     "description": "Keep a dump of the old primary before it is overwritten.",
     "name": "KEEP_DUMP",
     "value": "KeepDump"
    }
   ]
  },
  "gungnir:index:FailoverPolicy": {
   "description": "Which side gives way when a network partition makes it a choice.",
   "type": "string",
   "enum": [
    {
     "description": "No two writers, and no promotion that could lose a write that WAIT confirmed.",
     "name": "DURABLE",
     "value": "Durable"
    },
    {
     "description": "Promotes once the old primary is proven dead, read-only or starved.",
     "name": "BALANCED",
     "value": "Balanced"
    },
    {
     "description": "Promotes at once; accepts two writable nodes for a bounded window.",
     "name": "AVAILABLE",
     "value": "Available"
    }
   ]
  },
  "gungnir:index:FailoverPreference": {
   "description": "What ranks first among replicas that may take over.",
   "type": "string",
   "enum": [
    {
     "description": "The replica that has read most.",
     "name": "OFFSET",
     "value": "Offset"
    },
    {
     "description": "The replica with the lowest replica-priority.",
     "name": "PRIORITY",
     "value": "Priority"
    }
   ]
  },
  "gungnir:index:FailoverSpec": {
   "description": "What a failover may risk.",
   "type": "object",
   "properties": {
    "policy": {
     "description": "Which side gives way in a partition: Durable, Balanced or Available.\nDefault: \"Balanced\".",
     "$ref": "#/types/gungnir:index:FailoverPolicy"
    },
    "prefer": {
     "description": "What ranks first among replicas: Offset or Priority.\nDefault: Offset when the policy is Durable, else Priority.",
     "$ref": "#/types/gungnir:index:FailoverPreference"
    },
    "minReplicasToWrite": {
     "description": "Replicas that must follow closely for the primary to take writes. 1..63; in force is at most\nreplicas - 1.\nDefault: 1.",
     "type": "integer"
    },
    "maxLagSeconds": {
     "description": "Seconds of lag up to which a replica counts as following closely. 1..60.\nDefault: 2.",
     "type": "integer"
    },
    "waitForBestMs": {
     "description": "Milliseconds to wait for a better replica that cannot be reached. 0..600000.\nDefault: 2000.",
     "type": "integer"
    },
    "onDivergence": {
     "description": "What is done with writes that only the old primary had: Report or KeepDump.\nDefault: \"Report\".",
     "$ref": "#/types/gungnir:index:DivergencePolicy"
    },
    "dataLossPolicy": {
     "description": "What is done when going on would lose recorded data: Stop or Accept.\nDefault: \"Stop\".",
     "$ref": "#/types/gungnir:index:DataLossPolicy"
    },
    "onDiskError": {
     "description": "What is done when the primary cannot write to its disk: Switchover or Ignore.\nDefault: \"Switchover\".",
     "$ref": "#/types/gungnir:index:DiskErrorPolicy"
    }
   },
   "required": []
  },
  "gungnir:index:IssuerRef": {
   "description": "Who issues the certificate.",
   "type": "object",
   "properties": {
    "name": {
     "description": "Name of the issuer.",
     "type": "string"
    },
    "kind": {
     "description": "Issuer or ClusterIssuer.\nDefault: \"Issuer\".",
     "type": "string"
    },
    "group": {
     "description": "API group of the issuer.\nDefault: \"cert-manager.io\".",
     "type": "string"
    }
   },
   "required": [
    "name"
   ]
  },
  "gungnir:index:LabelSelector": {
   "description": "Selects objects by their labels; all conditions must hold.",
   "type": "object",
   "properties": {
    "matchLabels": {
     "description": "Labels with exactly these values.\nDefault: none.",
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    },
    "matchExpressions": {
     "description": "Conditions on labels.\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:LabelSelectorRequirement"
     }
    }
   },
   "required": []
  },
  "gungnir:index:LabelSelectorRequirement": {
   "description": "One condition on labels.",
   "type": "object",
   "properties": {
    "key": {
     "description": "The label's key.",
     "type": "string"
    },
    "operator": {
     "description": "In, NotIn, Exists or DoesNotExist.",
     "type": "string"
    },
    "values": {
     "description": "Values for In and NotIn; none for Exists and DoesNotExist.\nDefault: none.",
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   },
   "required": [
    "key",
    "operator"
   ]
  },
  "gungnir:index:MaxMemoryPolicy": {
   "description": "What Valkey removes when its memory is full.",
   "type": "string",
   "enum": [
    {
     "description": "Refuse writes.",
     "name": "NO_EVICTION",
     "value": "noeviction"
    },
    {
     "description": "Any key, least recently used first.",
     "name": "ALLKEYS_LRU",
     "value": "allkeys-lru"
    },
    {
     "description": "Any key, least frequently used first.",
     "name": "ALLKEYS_LFU",
     "value": "allkeys-lfu"
    },
    {
     "description": "Any key, at random.",
     "name": "ALLKEYS_RANDOM",
     "value": "allkeys-random"
    },
    {
     "description": "Keys with an expiry, least recently used first.",
     "name": "VOLATILE_LRU",
     "value": "volatile-lru"
    },
    {
     "description": "Keys with an expiry, least frequently used first.",
     "name": "VOLATILE_LFU",
     "value": "volatile-lfu"
    },
    {
     "description": "Keys with an expiry, at random.",
     "name": "VOLATILE_RANDOM",
     "value": "volatile-random"
    },
    {
     "description": "Keys with an expiry, the soonest first.",
     "name": "VOLATILE_TTL",
     "value": "volatile-ttl"
    }
   ]
  },
  "gungnir:index:MaxMemorySpec": {
   "description": "How much memory data may take.",
   "type": "object",
   "properties": {
    "percentOfLimit": {
     "description": "Share of the memory limit, in percent. 10..95.\nDefault: 75.",
     "type": "integer"
    },
    "policy": {
     "description": "What is removed when memory is full.\nDefault: \"noeviction\".",
     "$ref": "#/types/gungnir:index:MaxMemoryPolicy"
    }
   },
   "required": []
  },
  "gungnir:index:MetricsExporterSpec": {
   "description": "A metrics exporter beside Valkey.",
   "type": "object",
   "properties": {
    "enabled": {
     "description": "Whether it runs.\nDefault: false.",
     "type": "boolean"
    },
    "image": {
     "description": "Its image.\nDefault: chosen by the operator.",
     "type": "string"
    },
    "resources": {
     "description": "Its compute resources.\nDefault: none.",
     "$ref": "#/types/gungnir:index:ResourcesSpec"
    }
   },
   "required": []
  },
  "gungnir:index:MetricsSpec": {
   "description": "Objects for Prometheus and Grafana.",
   "type": "object",
   "properties": {
    "podMonitor": {
     "description": "Whether a PodMonitor is made.\nDefault: false.",
     "type": "boolean"
    },
    "prometheusRule": {
     "description": "Whether a PrometheusRule is made.\nDefault: false.",
     "type": "boolean"
    },
    "dashboard": {
     "description": "Whether a dashboard's ConfigMap is made.\nDefault: false.",
     "type": "boolean"
    }
   },
   "required": []
  },
  "gungnir:index:NetworkPeer": {
   "description": "Pods that may connect.",
   "type": "object",
   "properties": {
    "podSelector": {
     "description": "Pods by their labels.\nDefault: all pods.",
     "$ref": "#/types/gungnir:index:LabelSelector"
    },
    "namespaceSelector": {
     "description": "Namespaces by their labels.\nDefault: the cluster's own namespace.",
     "$ref": "#/types/gungnir:index:LabelSelector"
    }
   },
   "required": []
  },
  "gungnir:index:NetworkPolicySpec": {
   "description": "Who may connect.",
   "type": "object",
   "properties": {
    "enabled": {
     "description": "Whether a NetworkPolicy is made.\nDefault: false.",
     "type": "boolean"
    },
    "allowFrom": {
     "description": "Pods that may connect, beside the cluster's own.\nDefault: all.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:NetworkPeer"
     }
    }
   },
   "required": []
  },
  "gungnir:index:NodeAffinity": {
   "description": "Which nodes pods may or should run on.",
   "type": "object",
   "properties": {
    "requiredDuringSchedulingIgnoredDuringExecution": {
     "description": "Nodes that must be met.\nDefault: any node.",
     "$ref": "#/types/gungnir:index:NodeSelector"
    },
    "preferredDuringSchedulingIgnoredDuringExecution": {
     "description": "Nodes that are preferred.\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:PreferredSchedulingTerm"
     }
    }
   },
   "required": []
  },
  "gungnir:index:NodeSelector": {
   "description": "Nodes that meet at least one of the terms.",
   "type": "object",
   "properties": {
    "nodeSelectorTerms": {
     "description": "At least one term.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:NodeSelectorTerm"
     }
    }
   },
   "required": [
    "nodeSelectorTerms"
   ]
  },
  "gungnir:index:NodeSelectorRequirement": {
   "description": "One condition on a node's labels or fields.",
   "type": "object",
   "properties": {
    "key": {
     "description": "The label's key, or the field's name.",
     "type": "string"
    },
    "operator": {
     "description": "In, NotIn, Exists, DoesNotExist, Gt or Lt.",
     "type": "string"
    },
    "values": {
     "description": "Values for In and NotIn; exactly one whole number for Gt and Lt; none otherwise.\nDefault: none.",
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   },
   "required": [
    "key",
    "operator"
   ]
  },
  "gungnir:index:NodeSelectorTerm": {
   "description": "Nodes that meet all of these conditions.",
   "type": "object",
   "properties": {
    "matchExpressions": {
     "description": "Conditions on the node's labels.\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:NodeSelectorRequirement"
     }
    },
    "matchFields": {
     "description": "Conditions on the node's fields (metadata.name).\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:NodeSelectorRequirement"
     }
    }
   },
   "required": []
  },
  "gungnir:index:PasswordSecretRef": {
   "description": "Where a user's passwords are.",
   "type": "object",
   "properties": {
    "name": {
     "description": "Name of the Secret.",
     "type": "string"
    },
    "keys": {
     "description": "Keys of the Secret; each holds a password that is valid.\nDefault: the user's name.",
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   },
   "required": [
    "name"
   ]
  },
  "gungnir:index:PersistenceMode": {
   "description": "How data is kept on the volume.",
   "type": "string",
   "enum": [
    {
     "description": "Snapshots only: at most the writes since the last snapshot are lost with all nodes at once.",
     "name": "RDB",
     "value": "RDB"
    },
    {
     "description": "The append-only file only.",
     "name": "AOF",
     "value": "AOF"
    },
    {
     "description": "Snapshots and the append-only file.",
     "name": "RDB_AND_AOF",
     "value": "RDBAndAOF"
    }
   ]
  },
  "gungnir:index:PersistenceSpec": {
   "description": "Where data is kept.",
   "type": "object",
   "properties": {
    "enabled": {
     "description": "Whether data is kept on a volume. Immutable.\nDefault: true.",
     "type": "boolean"
    },
    "storageSize": {
     "description": "Size of each pod's volume. May grow, never shrink.\nDefault: \"1Gi\".",
     "type": "string"
    },
    "storageClassName": {
     "description": "StorageClass of the volumes. Immutable.\nDefault: the cluster's default class.",
     "type": "string"
    },
    "mode": {
     "description": "How data is written to the volume: RDB, AOF or RDBAndAOF.\nDefault: \"RDB\".",
     "$ref": "#/types/gungnir:index:PersistenceMode"
    },
    "retention": {
     "description": "What becomes of volume claims.\nDefault: Retain.",
     "$ref": "#/types/gungnir:index:RetentionSpec"
    }
   },
   "required": []
  },
  "gungnir:index:PodAffinity": {
   "description": "Pods near which ours run.",
   "type": "object",
   "properties": {
    "requiredDuringSchedulingIgnoredDuringExecution": {
     "description": "Terms that must be met.\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:PodAffinityTerm"
     }
    },
    "preferredDuringSchedulingIgnoredDuringExecution": {
     "description": "Terms that are preferred.\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:WeightedPodAffinityTerm"
     }
    }
   },
   "required": []
  },
  "gungnir:index:PodAffinityTerm": {
   "description": "Pods near which, or away from which, ours run.",
   "type": "object",
   "properties": {
    "labelSelector": {
     "description": "The pods that count.\nDefault: none.",
     "$ref": "#/types/gungnir:index:LabelSelector"
    },
    "namespaceSelector": {
     "description": "Namespaces by their labels.\nDefault: the pod's own namespace.",
     "$ref": "#/types/gungnir:index:LabelSelector"
    },
    "namespaces": {
     "description": "Namespaces by name.\nDefault: the pod's own namespace.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "topologyKey": {
     "description": "The node label that says what \"near\" means, such as topology.kubernetes.io/zone.",
     "type": "string"
    }
   },
   "required": [
    "topologyKey"
   ]
  },
  "gungnir:index:PodDisruptionBudgetSpec": {
   "description": "How many pods a drain may take away at once.",
   "type": "object",
   "properties": {
    "mode": {
     "description": "Managed or Disabled.\nDefault: \"Managed\".",
     "$ref": "#/types/gungnir:index:DisruptionBudgetMode"
    }
   },
   "required": []
  },
  "gungnir:index:PreferredSchedulingTerm": {
   "description": "A wish with a weight.",
   "type": "object",
   "properties": {
    "weight": {
     "description": "1..100; weights of the terms that a node meets are added.",
     "type": "integer"
    },
    "preference": {
     "description": "The nodes that are preferred.",
     "$ref": "#/types/gungnir:index:NodeSelectorTerm"
    }
   },
   "required": [
    "weight",
    "preference"
   ]
  },
  "gungnir:index:PrimaryUpdate": {
   "description": "When the primary is restarted in a rolling update.",
   "type": "string",
   "enum": [
    {
     "description": "Last, after a switchover.",
     "name": "AUTOMATIC",
     "value": "Automatic"
    },
    {
     "description": "When an annotation says so.",
     "name": "MANUAL",
     "value": "Manual"
    }
   ]
  },
  "gungnir:index:ResourcesSpec": {
   "description": "Compute resources, as in a Container.",
   "type": "object",
   "properties": {
    "requests": {
     "description": "What is set aside for the container.\nDefault: the limits.",
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    },
    "limits": {
     "description": "What the container may use at most.\nDefault: none.",
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    }
   },
   "required": []
  },
  "gungnir:index:RestoreFromSpec": {
   "description": "The backup from which a new cluster starts.",
   "type": "object",
   "properties": {
    "backupName": {
     "description": "Name of a completed ValkeyBackup in the same namespace.",
     "type": "string"
    }
   },
   "required": [
    "backupName"
   ]
  },
  "gungnir:index:RetentionPolicy": {
   "description": "What happens to a volume claim that no pod needs any more.",
   "type": "string",
   "enum": [
    {
     "description": "The claim and its data stay.",
     "name": "RETAIN",
     "value": "Retain"
    },
    {
     "description": "Kubernetes deletes the claim, and with it the data.",
     "name": "DELETE",
     "value": "Delete"
    }
   ]
  },
  "gungnir:index:RetentionSpec": {
   "description": "What becomes of volume claims.",
   "type": "object",
   "properties": {
    "whenDeleted": {
     "description": "When the ValkeyCluster is deleted: Retain or Delete.\nDefault: \"Retain\".",
     "$ref": "#/types/gungnir:index:RetentionPolicy"
    },
    "whenScaled": {
     "description": "When `replicas` is lowered: Retain or Delete.\nDefault: \"Retain\".",
     "$ref": "#/types/gungnir:index:RetentionPolicy"
    }
   },
   "required": []
  },
  "gungnir:index:SchedulingSpec": {
   "description": "Where the data pods may run.",
   "type": "object",
   "properties": {
    "affinity": {
     "description": "Affinity, as in a Pod.\nDefault: none.",
     "$ref": "#/types/gungnir:index:Affinity"
    },
    "tolerations": {
     "description": "Taints that are tolerated, as in a Pod.\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:Toleration"
     }
    },
    "topologySpreadConstraints": {
     "description": "Further spread constraints, beside those of `spread`.\nDefault: none.",
     "type": "array",
     "items": {
      "$ref": "#/types/gungnir:index:TopologySpreadConstraint"
     }
    },
    "priorityClassName": {
     "description": "Name of a PriorityClass.\nDefault: the cluster's default class.",
     "type": "string"
    },
    "spread": {
     "description": "How strongly pods are kept apart.\nDefault: Preferred for nodes and zones.",
     "$ref": "#/types/gungnir:index:SpreadSpec"
    }
   },
   "required": []
  },
  "gungnir:index:SentinelSpec": {
   "description": "How soon a silent primary counts as down.",
   "type": "object",
   "properties": {
    "pingIntervalMs": {
     "description": "Milliseconds between two probes. 100..600000.\nDefault: 1000.",
     "type": "integer"
    },
    "downAfterMs": {
     "description": "Milliseconds of silence after which a node counts as down. 100..600000, at least 3 probes.\nDefault: 5000.",
     "type": "integer"
    },
    "failoverTimeoutMs": {
     "description": "Milliseconds after which a failover that waits says why and tries again. 100..600000.\nDefault: 60000.",
     "type": "integer"
    }
   },
   "required": []
  },
  "gungnir:index:ServiceSpec": {
   "description": "How clients reach the primary.",
   "type": "object",
   "properties": {
    "type": {
     "description": "ClusterIP, NodePort or LoadBalancer.\nDefault: \"ClusterIP\".",
     "$ref": "#/types/gungnir:index:ServiceType"
    },
    "annotations": {
     "description": "Annotations of the client Service.\nDefault: none.",
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    }
   },
   "required": []
  },
  "gungnir:index:ServiceType": {
   "description": "How the client Service is reached.",
   "type": "string",
   "enum": [
    {
     "description": "Inside the cluster only.",
     "name": "CLUSTER_IP",
     "value": "ClusterIP"
    },
    {
     "description": "On a port of each node.",
     "name": "NODE_PORT",
     "value": "NodePort"
    },
    {
     "description": "Through the platform's load balancer.",
     "name": "LOAD_BALANCER",
     "value": "LoadBalancer"
    }
   ]
  },
  "gungnir:index:Spread": {
   "description": "How strongly pods are kept apart.",
   "type": "string",
   "enum": [
    {
     "description": "Apart where there is room.",
     "name": "PREFERRED",
     "value": "Preferred"
    },
    {
     "description": "A pod without room stays Pending.",
     "name": "REQUIRED",
     "value": "Required"
    },
    {
     "description": "No constraint of ours.",
     "name": "NONE",
     "value": "None"
    }
   ]
  },
  "gungnir:index:SpreadSpec": {
   "description": "How strongly pods are kept on different nodes and in different zones.",
   "type": "object",
   "properties": {
    "node": {
     "description": "Across nodes (kubernetes.io/hostname): Preferred, Required or None.\nDefault: \"Preferred\".",
     "$ref": "#/types/gungnir:index:Spread"
    },
    "zone": {
     "description": "Across zones (topology.kubernetes.io/zone): Preferred, Required or None.\nDefault: \"Preferred\".",
     "$ref": "#/types/gungnir:index:Spread"
    }
   },
   "required": []
  },
  "gungnir:index:TlsSpec": {
   "description": "Encryption of connections.",
   "type": "object",
   "properties": {
    "enabled": {
     "description": "Whether connections are encrypted.\nDefault: false.",
     "type": "boolean"
    },
    "certSecretName": {
     "description": "A Secret of type kubernetes.io/tls with ca.crt.\nDefault: none.",
     "type": "string"
    },
    "issuerRef": {
     "description": "A cert-manager issuer.\nDefault: none.",
     "$ref": "#/types/gungnir:index:IssuerRef"
    },
    "clientAuth": {
     "description": "Whether clients must show a certificate: None, Optional or Required.\nDefault: \"None\".",
     "$ref": "#/types/gungnir:index:ClientAuth"
    }
   },
   "required": []
  },
  "gungnir:index:Toleration": {
   "description": "A taint that the data pods tolerate, as in a Pod.",
   "type": "object",
   "properties": {
    "key": {
     "description": "The taint's key; without it every key, and then the operator must be Exists.\nDefault: every key.",
     "type": "string"
    },
    "operator": {
     "description": "Equal or Exists.\nDefault: \"Equal\".",
     "type": "string"
    },
    "value": {
     "description": "The taint's value; not with Exists.\nDefault: the empty value.",
     "type": "string"
    },
    "effect": {
     "description": "NoSchedule, PreferNoSchedule or NoExecute.\nDefault: every effect.",
     "type": "string"
    },
    "tolerationSeconds": {
     "description": "How long a NoExecute taint is tolerated, in seconds.\nDefault: for ever.",
     "type": "integer"
    }
   },
   "required": []
  },
  "gungnir:index:TopologySpreadConstraint": {
   "description": "How evenly the data pods are spread, as in a Pod. The operator fills in the pods that count.",
   "type": "object",
   "properties": {
    "maxSkew": {
     "description": "The largest difference between two places. 1..64.",
     "type": "integer"
    },
    "topologyKey": {
     "description": "The node label that names the place.",
     "type": "string"
    },
    "whenUnsatisfiable": {
     "description": "DoNotSchedule or ScheduleAnyway.",
     "type": "string"
    }
   },
   "required": [
    "maxSkew",
    "topologyKey",
    "whenUnsatisfiable"
   ]
  },
  "gungnir:index:UpdateStrategySpec": {
   "description": "How running pods are replaced.",
   "type": "object",
   "properties": {
    "primary": {
     "description": "When the primary is restarted: Automatic or Manual.\nDefault: \"Automatic\".",
     "$ref": "#/types/gungnir:index:PrimaryUpdate"
    }
   },
   "required": []
  },
  "gungnir:index:UserCommandsSpec": {
   "description": "Commands that a user may and may not run.",
   "type": "object",
   "properties": {
    "allow": {
     "description": "Commands or\nDefault: none.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "deny": {
     "description": "Commands or\nDefault: none.",
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   },
   "required": []
  },
  "gungnir:index:UserKeysSpec": {
   "description": "Keys that a user may touch, as glob patterns.",
   "type": "object",
   "properties": {
    "readWrite": {
     "description": "To read and write.\nDefault: none.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "readOnly": {
     "description": "To read.\nDefault: none.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "writeOnly": {
     "description": "To write.\nDefault: none.",
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   },
   "required": []
  },
  "gungnir:index:UserSpec": {
   "description": "A user of Valkey beside the default one.",
   "type": "object",
   "properties": {
    "name": {
     "description": "The user's name.",
     "type": "string"
    },
    "passwordSecret": {
     "description": "Where the user's passwords are.\nDefault: none.",
     "$ref": "#/types/gungnir:index:PasswordSecretRef"
    },
    "commands": {
     "description": "Commands that the user may run.\nDefault: none.",
     "$ref": "#/types/gungnir:index:UserCommandsSpec"
    },
    "keys": {
     "description": "Keys that the user may touch.\nDefault: none.",
     "$ref": "#/types/gungnir:index:UserKeysSpec"
    },
    "channels": {
     "description": "Channels that the user may use, as glob patterns.\nDefault: none.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "permissions": {
     "description": "Further ACL rules as Valkey writes them.\nDefault: none.",
     "type": "string"
    }
   },
   "required": [
    "name"
   ]
  },
  "gungnir:index:ValkeyClusterMetadata": {
   "description": "Name and place of a ValkeyCluster.",
   "type": "object",
   "properties": {
    "name": {
     "description": "At most 46 characters. Default: the name of the component.",
     "type": "string"
    },
    "namespace": {
     "description": "Default: that of the provider.",
     "type": "string"
    },
    "labels": {
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    },
    "annotations": {
     "type": "object",
     "additionalProperties": {
      "type": "string"
     }
    }
   },
   "required": []
  },
  "gungnir:index:WeightedPodAffinityTerm": {
   "description": "A wish with a weight.",
   "type": "object",
   "properties": {
    "weight": {
     "description": "1..100; weights of the terms that a node meets are added.",
     "type": "integer"
    },
    "podAffinityTerm": {
     "description": "The pods that count.",
     "$ref": "#/types/gungnir:index:PodAffinityTerm"
    }
   },
   "required": [
    "weight",
    "podAffinityTerm"
   ]
  }
 }
};
