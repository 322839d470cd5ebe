/** Made by `npm run generate`. Do not edit. */
import type { CustomResourceDefinition } from './structural';

// biome-ignore format: generated
export const VALKEY_CLUSTER_CRD: CustomResourceDefinition = {
 "apiVersion": "apiextensions.k8s.io/v1",
 "kind": "CustomResourceDefinition",
 "metadata": {
  "name": "valkeyclusters.valkey.verilean.io",
  "labels": {
   "app.kubernetes.io/name": "gungnir-operator"
  }
 },
 "spec": {
  "group": "valkey.verilean.io",
  "names": {
   "kind": "ValkeyCluster",
   "listKind": "ValkeyClusterList",
   "plural": "valkeyclusters",
   "singular": "valkeycluster",
   "shortNames": [
    "vc"
   ],
   "categories": [
    "all"
   ]
  },
  "scope": "Namespaced",
  "versions": [
   {
    "name": "v1",
    "served": true,
    "storage": true,
    "schema": {
     "openAPIV3Schema": {
      "description": "One Valkey primary with its replicas, kept alive by Gungnir.",
      "type": "object",
      "required": [
       "spec"
      ],
      "properties": {
       "spec": {
        "description": "What is wanted.",
        "type": "object",
        "properties": {
         "replicas": {
          "description": "Number of all pods: one primary, the rest replicas. 1..64; below 3 a crash stops writes longer.",
          "type": "integer",
          "default": 3,
          "format": "int32",
          "minimum": 1,
          "maximum": 64
         },
         "image": {
          "description": "Container image of Valkey 7.2 or later.",
          "type": "string",
          "default": "valkey/valkey:8.0",
          "maxLength": 512,
          "pattern": "^[!-~]+$"
         },
         "port": {
          "description": "Port on which Valkey listens, and port of its Services. 1..65535. Immutable.",
          "type": "integer",
          "default": 6379,
          "format": "int32",
          "minimum": 1,
          "maximum": 65535
         },
         "persistence": {
          "description": "Where data is kept.",
          "type": "object",
          "default": {
           "enabled": true,
           "storageSize": "1Gi",
           "mode": "RDB"
          },
          "properties": {
           "enabled": {
            "description": "Whether data is kept on a volume. Immutable.",
            "type": "boolean",
            "default": true
           },
           "storageSize": {
            "description": "Size of each pod's volume. May grow, never shrink.",
            "type": "string",
            "default": "1Gi",
            "maxLength": 32,
            "pattern": "^\\+?([0-9]*[1-9][0-9]*(\\.[0-9]*)?|[0-9]*\\.[0-9]*[1-9][0-9]*)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$"
           },
           "storageClassName": {
            "description": "StorageClass of the volumes. Immutable.",
            "type": "string",
            "maxLength": 253,
            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$"
           },
           "mode": {
            "description": "How data is written to the volume: RDB, AOF or RDBAndAOF.",
            "type": "string",
            "default": "RDB",
            "enum": [
             "RDB",
             "AOF",
             "RDBAndAOF"
            ]
           },
           "retention": {
            "description": "What becomes of volume claims.",
            "type": "object",
            "properties": {
             "whenDeleted": {
              "description": "When the ValkeyCluster is deleted: Retain or Delete.",
              "type": "string",
              "default": "Retain",
              "enum": [
               "Retain",
               "Delete"
              ]
             },
             "whenScaled": {
              "description": "When `replicas` is lowered: Retain or Delete.",
              "type": "string",
              "default": "Retain",
              "enum": [
               "Retain",
               "Delete"
              ]
             }
            }
           }
          },
          "x-kubernetes-validations": [
           {
            "rule": "!has(self.storageSize) || self.storageSize.matches('^[+]?0*([0-9]{0,18}([.][0-9]*)?[num]?|[0-9]{0,15}([.][0-9]*)?(k|Ki)|[0-9]{0,12}([.][0-9]*)?(M|Mi)|[0-9]{0,9}([.][0-9]*)?(G|Gi)|[0-9]{0,6}([.][0-9]*)?(T|Ti)|[0-9]{0,3}([.][0-9]*)?(P|Pi)|[0-8]?([.][0-9]*)?E|[0-7]?([.][0-9]*)?Ei|[0-9]{0,3}([.][0-9]*)?[eE](-[0-9]+|[+]?0*([0-9]|1[0-5]))|[0-9]?([.][0-9]*)?[eE][+]?0*1[67])$')",
            "message": "storageSize must be less than 8Ei, the most that Kubernetes can hold. To fix: write a smaller size, with the greatest unit that fits"
           },
           {
            "rule": "self.enabled == oldSelf.enabled",
            "message": "persistence.enabled is immutable. To fix: put the old value back, or create a new cluster and move the data"
           },
           {
            "rule": "has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
            "message": "persistence.storageClassName is immutable. To fix: put the old value back, or create a new cluster and move the data"
           }
          ]
         },
         "resources": {
          "description": "Compute resources of the Valkey container.",
          "type": "object",
          "properties": {
           "requests": {
            "description": "What is set aside for the container.",
            "type": "object",
            "maxProperties": 16,
            "additionalProperties": {
             "maxLength": 32,
             "pattern": "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
             "x-kubernetes-int-or-string": true
            },
            "x-kubernetes-validations": [
             {
              "rule": "self.all(k, k in ['cpu', 'memory', 'ephemeral-storage'] || k.startsWith('hugepages-') || k.contains('/'))",
              "message": "each key must be cpu, memory, ephemeral-storage, hugepages-<size> or a name with a domain. To fix: mend the name of the resource"
             },
             {
              "rule": "self.all(k, type(self[k]) != int || int(self[k]) >= 0)",
              "message": "each amount must be zero or more. To fix: write the amount without a minus"
             }
            ]
           },
           "limits": {
            "description": "What the container may use at most.",
            "type": "object",
            "maxProperties": 16,
            "additionalProperties": {
             "maxLength": 32,
             "pattern": "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
             "x-kubernetes-int-or-string": true
            },
            "x-kubernetes-validations": [
             {
              "rule": "self.all(k, k in ['cpu', 'memory', 'ephemeral-storage'] || k.startsWith('hugepages-') || k.contains('/'))",
              "message": "each key must be cpu, memory, ephemeral-storage, hugepages-<size> or a name with a domain. To fix: mend the name of the resource"
             },
             {
              "rule": "self.all(k, type(self[k]) != int || int(self[k]) >= 0)",
              "message": "each amount must be zero or more. To fix: write the amount without a minus"
             }
            ]
           }
          }
         },
         "nodeSelector": {
          "description": "Labels of the nodes on which pods may run.",
          "type": "object",
          "maxProperties": 32,
          "additionalProperties": {
           "type": "string",
           "maxLength": 63,
           "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
          },
          "x-kubernetes-validations": [
           {
            "rule": "self.all(k, k.size() <= 317 && k.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
            "message": "each key must be a qualified name such as example.com/team: an optional DNS prefix and /, then at most 63 letters, digits, - _ and .. To fix: mend the key"
           }
          ]
         },
         "labels": {
          "description": "Labels added to every object and pod.",
          "type": "object",
          "maxProperties": 32,
          "additionalProperties": {
           "type": "string",
           "maxLength": 63,
           "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
          },
          "x-kubernetes-validations": [
           {
            "rule": "self.all(k, k.size() <= 317 && k.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
            "message": "each key must be a qualified name such as example.com/team: an optional DNS prefix and /, then at most 63 letters, digits, - _ and .. To fix: mend the key"
           },
           {
            "rule": "self.all(k, !k.startsWith('valkey.verilean.io/') && !(k in ['app', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/managed-by', 'statefulset.kubernetes.io/pod-name', 'controller-revision-hash', 'apps.kubernetes.io/pod-index']))",
            "message": "keys must not begin with valkey.verilean.io/, nor be app, app.kubernetes.io/name, app.kubernetes.io/instance, app.kubernetes.io/managed-by, statefulset.kubernetes.io/pod-name, controller-revision-hash, apps.kubernetes.io/pod-index: the operator keeps these. To fix: choose another key"
           }
          ]
         },
         "annotations": {
          "description": "Annotations added to every object and pod.",
          "type": "object",
          "maxProperties": 32,
          "additionalProperties": {
           "type": "string",
           "maxLength": 4096
          },
          "x-kubernetes-validations": [
           {
            "rule": "self.all(k, k.size() <= 317 && k.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
            "message": "each key must be a qualified name such as example.com/team: an optional DNS prefix and /, then at most 63 letters, digits, - _ and .. To fix: mend the key"
           },
           {
            "rule": "self.all(k, !k.startsWith('valkey.verilean.io/'))",
            "message": "keys must not begin with valkey.verilean.io/: the operator keeps these. To fix: choose another key"
           }
          ]
         },
         "tls": {
          "description": "Encryption of connections.",
          "type": "object",
          "properties": {
           "enabled": {
            "description": "Whether connections are encrypted.",
            "type": "boolean",
            "default": false
           },
           "certSecretName": {
            "description": "A Secret of type kubernetes.io/tls with ca.crt.",
            "type": "string",
            "maxLength": 253,
            "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
           },
           "issuerRef": {
            "description": "A cert-manager issuer.",
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "Name of the issuer.",
              "type": "string",
              "maxLength": 253,
              "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
             },
             "kind": {
              "description": "Issuer or ClusterIssuer.",
              "type": "string",
              "default": "Issuer",
              "maxLength": 63
             },
             "group": {
              "description": "API group of the issuer.",
              "type": "string",
              "default": "cert-manager.io",
              "maxLength": 253
             }
            }
           },
           "clientAuth": {
            "description": "Whether clients must show a certificate: None, Optional or Required.",
            "type": "string",
            "default": "None",
            "enum": [
             "None",
             "Optional",
             "Required"
            ]
           }
          },
          "x-kubernetes-validations": [
           {
            "rule": "!has(self.enabled) || !self.enabled",
            "message": "spec.tls.enabled is not there yet in this version. To fix: leave it out or set it to false"
           }
          ]
         },
         "sentinel": {
          "description": "How soon a silent primary counts as down.",
          "type": "object",
          "default": {
           "pingIntervalMs": 1000,
           "downAfterMs": 5000,
           "failoverTimeoutMs": 60000
          },
          "properties": {
           "pingIntervalMs": {
            "description": "Milliseconds between two probes. 100..600000.",
            "type": "integer",
            "default": 1000,
            "format": "int32",
            "minimum": 100,
            "maximum": 600000
           },
           "downAfterMs": {
            "description": "Milliseconds of silence after which a node counts as down. 100..600000, at least 3 probes.",
            "type": "integer",
            "default": 5000,
            "format": "int32",
            "minimum": 100,
            "maximum": 600000
           },
           "failoverTimeoutMs": {
            "description": "Milliseconds after which a failover that waits says why and tries again. 100..600000.",
            "type": "integer",
            "default": 60000,
            "format": "int32",
            "minimum": 100,
            "maximum": 600000
           }
          },
          "x-kubernetes-validations": [
           {
            "rule": "self.downAfterMs >= 3 * self.pingIntervalMs",
            "message": "downAfterMs must be at least 3 times pingIntervalMs. To fix: raise downAfterMs or lower pingIntervalMs"
           }
          ]
         },
         "restoreFrom": {
          "description": "The backup from which a new cluster starts. Immutable.",
          "type": "object",
          "required": [
           "backupName"
          ],
          "properties": {
           "backupName": {
            "description": "Name of a completed ValkeyBackup in the same namespace.",
            "type": "string",
            "maxLength": 253,
            "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
           }
          }
         },
         "metricsExporter": {
          "description": "A metrics exporter beside Valkey.",
          "type": "object",
          "properties": {
           "enabled": {
            "description": "Whether it runs.",
            "type": "boolean",
            "default": false
           },
           "image": {
            "description": "Its image.",
            "type": "string",
            "maxLength": 512,
            "pattern": "^[!-~]+$"
           },
           "resources": {
            "description": "Its compute resources.",
            "type": "object",
            "properties": {
             "requests": {
              "description": "What is set aside for the container.",
              "type": "object",
              "maxProperties": 16,
              "additionalProperties": {
               "maxLength": 32,
               "pattern": "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
               "x-kubernetes-int-or-string": true
              }
             },
             "limits": {
              "description": "What the container may use at most.",
              "type": "object",
              "maxProperties": 16,
              "additionalProperties": {
               "maxLength": 32,
               "pattern": "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
               "x-kubernetes-int-or-string": true
              }
             }
            }
           }
          },
          "x-kubernetes-validations": [
           {
            "rule": "!has(self.enabled) || !self.enabled",
            "message": "spec.metricsExporter.enabled is not there yet in this version. To fix: leave it out or set it to false"
           }
          ]
         },
         "config": {
          "description": "Settings of Valkey by their names in valkey.conf. What the operator owns has a field instead.",
          "type": "object",
          "maxProperties": 128,
          "additionalProperties": {
           "type": "string",
           "maxLength": 1024,
           "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "x-kubernetes-validations": [
           {
            "rule": "self.all(k, k.size() <= 64 && k.matches('^[a-z][a-z0-9-]*$'))",
            "message": "each key must be the name of a Valkey setting in lower case, such as maxclients. To fix: write it as it stands in valkey.conf"
           },
           {
            "rule": "self.all(k, !(k in ['port']))",
            "message": "the operator owns port. To fix: set spec.port"
           },
           {
            "rule": "self.all(k, !(k in ['appendonly', 'save']))",
            "message": "the operator owns appendonly, save. To fix: set spec.persistence.mode"
           },
           {
            "rule": "self.all(k, !k.startsWith('maxmemory'))",
            "message": "the operator owns maxmemory*. To fix: set spec.maxMemory and a memory limit"
           },
           {
            "rule": "self.all(k, !(k in ['requirepass']))",
            "message": "the operator owns requirepass. To fix: name your Secret in spec.auth.secretName"
           },
           {
            "rule": "self.all(k, !(k in ['user', 'aclfile', 'acl-pubsub-default']))",
            "message": "the operator owns user, aclfile, acl-pubsub-default. To fix: leave it out; users are kept by the operator (spec.users)"
           },
           {
            "rule": "self.all(k, !k.startsWith('tls-'))",
            "message": "the operator owns tls-*. To fix: set spec.tls"
           },
           {
            "rule": "self.all(k, !k.startsWith('min-replicas-') && !k.startsWith('min-slaves-'))",
            "message": "the operator owns min-replicas-*, min-slaves-*. To fix: set spec.failover.minReplicasToWrite and spec.failover.maxLagSeconds"
           },
           {
            "rule": "self.all(k, !(k in ['replicaof', 'slaveof', 'masterauth', 'masteruser', 'primaryauth', 'primaryuser', 'client-output-buffer-limit']) && !k.startsWith('repl-') && !k.startsWith('replica-') && !k.startsWith('slave-') && !k.startsWith('dual-channel-'))",
            "message": "the operator owns replicaof, slaveof, masterauth, masteruser, primaryauth, primaryuser, client-output-buffer-limit, repl-*, replica-*, slave-*, dual-channel-*. To fix: leave it out; replication is kept by the operator"
           },
           {
            "rule": "self.all(k, !(k in ['bind', 'bind-source-addr', 'protected-mode', 'tcp-keepalive', 'unixsocket']))",
            "message": "the operator owns bind, bind-source-addr, protected-mode, tcp-keepalive, unixsocket. To fix: leave it out; connections are kept by the operator (spec.service)"
           },
           {
            "rule": "self.all(k, !(k in ['dir', 'dbfilename', 'appendfilename', 'appenddirname']))",
            "message": "the operator owns dir, dbfilename, appendfilename, appenddirname. To fix: leave it out; data is kept at /data (spec.persistence)"
           },
           {
            "rule": "self.all(k, !(k in ['logfile', 'syslog-enabled', 'daemonize', 'supervised', 'pidfile']) && !k.startsWith('shutdown-'))",
            "message": "the operator owns logfile, syslog-enabled, daemonize, supervised, pidfile, shutdown-*. To fix: leave it out; the process is kept by Kubernetes, its log is `kubectl logs`"
           },
           {
            "rule": "self.all(k, !(k in ['include', 'loadmodule', 'rename-command']) && !k.startsWith('enable-'))",
            "message": "the operator owns include, loadmodule, rename-command, enable-*. To fix: leave it out; commands and files of the server are kept by the operator"
           },
           {
            "rule": "self.all(k, !k.startsWith('cluster-'))",
            "message": "the operator owns cluster-*. To fix: leave it out; a ValkeyCluster is one primary with replicas"
           }
          ]
         },
         "maxMemory": {
          "description": "How much memory data may take.",
          "type": "object",
          "properties": {
           "percentOfLimit": {
            "description": "Share of the memory limit, in percent. 10..95.",
            "type": "integer",
            "default": 75,
            "format": "int32",
            "minimum": 10,
            "maximum": 95
           },
           "policy": {
            "description": "What is removed when memory is full.",
            "type": "string",
            "default": "noeviction",
            "enum": [
             "noeviction",
             "allkeys-lru",
             "allkeys-lfu",
             "allkeys-random",
             "volatile-lru",
             "volatile-lfu",
             "volatile-random",
             "volatile-ttl"
            ]
           }
          }
         },
         "failover": {
          "description": "What a failover may risk.",
          "type": "object",
          "properties": {
           "policy": {
            "description": "Which side gives way in a partition: Durable, Balanced or Available.",
            "type": "string",
            "default": "Balanced",
            "enum": [
             "Durable",
             "Balanced",
             "Available"
            ]
           },
           "prefer": {
            "description": "What ranks first among replicas: Offset or Priority.",
            "type": "string",
            "enum": [
             "Offset",
             "Priority"
            ]
           },
           "minReplicasToWrite": {
            "description": "Replicas that must follow closely for the primary to take writes. 1..63; in force is at most replicas - 1.",
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 63
           },
           "maxLagSeconds": {
            "description": "Seconds of lag up to which a replica counts as following closely. 1..60.",
            "type": "integer",
            "default": 2,
            "format": "int32",
            "minimum": 1,
            "maximum": 60
           },
           "waitForBestMs": {
            "description": "Milliseconds to wait for a better replica that cannot be reached. 0..600000.",
            "type": "integer",
            "default": 2000,
            "format": "int32",
            "minimum": 0,
            "maximum": 600000
           },
           "onDivergence": {
            "description": "What is done with writes that only the old primary had: Report or KeepDump.",
            "type": "string",
            "default": "Report",
            "enum": [
             "Report",
             "KeepDump"
            ]
           },
           "dataLossPolicy": {
            "description": "What is done when going on would lose recorded data: Stop or Accept.",
            "type": "string",
            "default": "Stop",
            "enum": [
             "Stop",
             "Accept"
            ]
           },
           "onDiskError": {
            "description": "What is done when the primary cannot write to its disk: Switchover or Ignore.",
            "type": "string",
            "default": "Switchover",
            "enum": [
             "Switchover",
             "Ignore"
            ]
           }
          },
          "x-kubernetes-validations": [
           {
            "rule": "!has(self.onDivergence) || self.onDivergence != 'KeepDump'",
            "message": "spec.failover.onDivergence is not there yet in this version. To fix: use Report"
           }
          ]
         },
         "auth": {
          "description": "The clients' password.",
          "type": "object",
          "properties": {
           "secretName": {
            "description": "A Secret of yours whose key `password` is the clients' password.",
            "type": "string",
            "maxLength": 253,
            "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
           }
          }
         },
         "users": {
          "description": "Further users of Valkey.",
          "type": "array",
          "maxItems": 64,
          "items": {
           "type": "object",
           "required": [
            "name"
           ],
           "properties": {
            "name": {
             "description": "The user's name.",
             "type": "string",
             "minLength": 1,
             "maxLength": 63
            },
            "passwordSecret": {
             "description": "Where the user's passwords are.",
             "type": "object",
             "required": [
              "name"
             ],
             "properties": {
              "name": {
               "description": "Name of the Secret.",
               "type": "string",
               "maxLength": 253,
               "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              },
              "keys": {
               "description": "Keys of the Secret; each holds a password that is valid.",
               "type": "array",
               "maxItems": 8,
               "items": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253
               },
               "x-kubernetes-list-type": "atomic"
              }
             }
            },
            "commands": {
             "description": "Commands that the user may run.",
             "type": "object",
             "properties": {
              "allow": {
               "description": "Commands or",
               "type": "array",
               "maxItems": 256,
               "items": {
                "type": "string",
                "minLength": 1,
                "maxLength": 256
               },
               "x-kubernetes-list-type": "atomic"
              },
              "deny": {
               "description": "Commands or",
               "type": "array",
               "maxItems": 256,
               "items": {
                "type": "string",
                "minLength": 1,
                "maxLength": 256
               },
               "x-kubernetes-list-type": "atomic"
              }
             }
            },
            "keys": {
             "description": "Keys that the user may touch.",
             "type": "object",
             "properties": {
              "readWrite": {
               "description": "To read and write.",
               "type": "array",
               "maxItems": 256,
               "items": {
                "type": "string",
                "minLength": 1,
                "maxLength": 256
               },
               "x-kubernetes-list-type": "atomic"
              },
              "readOnly": {
               "description": "To read.",
               "type": "array",
               "maxItems": 256,
               "items": {
                "type": "string",
                "minLength": 1,
                "maxLength": 256
               },
               "x-kubernetes-list-type": "atomic"
              },
              "writeOnly": {
               "description": "To write.",
               "type": "array",
               "maxItems": 256,
               "items": {
                "type": "string",
                "minLength": 1,
                "maxLength": 256
               },
               "x-kubernetes-list-type": "atomic"
              }
             }
            },
            "channels": {
             "description": "Channels that the user may use, as glob patterns.",
             "type": "array",
             "maxItems": 256,
             "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 256
             },
             "x-kubernetes-list-type": "atomic"
            },
            "permissions": {
             "description": "Further ACL rules as Valkey writes them.",
             "type": "string",
             "maxLength": 4096
            }
           }
          },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": [
           "name"
          ]
         },
         "service": {
          "description": "How clients reach the primary.",
          "type": "object",
          "properties": {
           "type": {
            "description": "ClusterIP, NodePort or LoadBalancer.",
            "type": "string",
            "default": "ClusterIP",
            "enum": [
             "ClusterIP",
             "NodePort",
             "LoadBalancer"
            ]
           },
           "annotations": {
            "description": "Annotations of the client Service.",
            "type": "object",
            "maxProperties": 32,
            "additionalProperties": {
             "type": "string",
             "maxLength": 4096
            },
            "x-kubernetes-validations": [
             {
              "rule": "self.all(k, k.size() <= 317 && k.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
              "message": "each key must be a qualified name such as example.com/team: an optional DNS prefix and /, then at most 63 letters, digits, - _ and .. To fix: mend the key"
             },
             {
              "rule": "self.all(k, !k.startsWith('valkey.verilean.io/'))",
              "message": "keys must not begin with valkey.verilean.io/: the operator keeps these. To fix: choose another key"
             }
            ]
           }
          }
         },
         "scheduling": {
          "description": "Where pods may run.",
          "type": "object",
          "properties": {
           "affinity": {
            "description": "Affinity, as in a Pod.",
            "type": "object",
            "properties": {
             "nodeAffinity": {
              "description": "Which nodes.",
              "type": "object",
              "properties": {
               "requiredDuringSchedulingIgnoredDuringExecution": {
                "description": "Nodes that must be met.",
                "type": "object",
                "required": [
                 "nodeSelectorTerms"
                ],
                "properties": {
                 "nodeSelectorTerms": {
                  "description": "At least one term.",
                  "type": "array",
                  "maxItems": 16,
                  "minItems": 1,
                  "items": {
                   "type": "object",
                   "properties": {
                    "matchExpressions": {
                     "description": "Conditions on the node's labels.",
                     "type": "array",
                     "maxItems": 16,
                     "items": {
                      "type": "object",
                      "required": [
                       "key",
                       "operator"
                      ],
                      "properties": {
                       "key": {
                        "description": "The label's key, or the field's name.",
                        "type": "string",
                        "maxLength": 317,
                        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                       },
                       "operator": {
                        "description": "In, NotIn, Exists, DoesNotExist, Gt or Lt.",
                        "type": "string",
                        "maxLength": 12,
                        "pattern": "^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$"
                       },
                       "values": {
                        "description": "Values for In and NotIn; exactly one whole number for Gt and Lt; none otherwise.",
                        "type": "array",
                        "maxItems": 32,
                        "items": {
                         "type": "string",
                         "maxLength": 63
                        },
                        "x-kubernetes-list-type": "atomic"
                       }
                      }
                     },
                     "x-kubernetes-list-type": "atomic"
                    },
                    "matchFields": {
                     "description": "Conditions on the node's fields (metadata.name).",
                     "type": "array",
                     "maxItems": 16,
                     "items": {
                      "type": "object",
                      "required": [
                       "key",
                       "operator"
                      ],
                      "properties": {
                       "key": {
                        "description": "The label's key, or the field's name.",
                        "type": "string",
                        "maxLength": 317,
                        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                       },
                       "operator": {
                        "description": "In, NotIn, Exists, DoesNotExist, Gt or Lt.",
                        "type": "string",
                        "maxLength": 12,
                        "pattern": "^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$"
                       },
                       "values": {
                        "description": "Values for In and NotIn; exactly one whole number for Gt and Lt; none otherwise.",
                        "type": "array",
                        "maxItems": 32,
                        "items": {
                         "type": "string",
                         "maxLength": 63
                        },
                        "x-kubernetes-list-type": "atomic"
                       }
                      }
                     },
                     "x-kubernetes-list-type": "atomic"
                    }
                   }
                  },
                  "x-kubernetes-list-type": "atomic"
                 }
                }
               },
               "preferredDuringSchedulingIgnoredDuringExecution": {
                "description": "Nodes that are preferred.",
                "type": "array",
                "maxItems": 16,
                "items": {
                 "type": "object",
                 "required": [
                  "weight",
                  "preference"
                 ],
                 "properties": {
                  "weight": {
                   "description": "1..100; weights of the terms that a node meets are added.",
                   "type": "integer",
                   "format": "int32",
                   "minimum": 1,
                   "maximum": 100
                  },
                  "preference": {
                   "description": "The nodes that are preferred.",
                   "type": "object",
                   "properties": {
                    "matchExpressions": {
                     "description": "Conditions on the node's labels.",
                     "type": "array",
                     "maxItems": 16,
                     "items": {
                      "type": "object",
                      "required": [
                       "key",
                       "operator"
                      ],
                      "properties": {
                       "key": {
                        "description": "The label's key, or the field's name.",
                        "type": "string",
                        "maxLength": 317,
                        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                       },
                       "operator": {
                        "description": "In, NotIn, Exists, DoesNotExist, Gt or Lt.",
                        "type": "string",
                        "maxLength": 12,
                        "pattern": "^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$"
                       },
                       "values": {
                        "description": "Values for In and NotIn; exactly one whole number for Gt and Lt; none otherwise.",
                        "type": "array",
                        "maxItems": 32,
                        "items": {
                         "type": "string",
                         "maxLength": 63
                        },
                        "x-kubernetes-list-type": "atomic"
                       }
                      }
                     },
                     "x-kubernetes-list-type": "atomic"
                    },
                    "matchFields": {
                     "description": "Conditions on the node's fields (metadata.name).",
                     "type": "array",
                     "maxItems": 16,
                     "items": {
                      "type": "object",
                      "required": [
                       "key",
                       "operator"
                      ],
                      "properties": {
                       "key": {
                        "description": "The label's key, or the field's name.",
                        "type": "string",
                        "maxLength": 317,
                        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                       },
                       "operator": {
                        "description": "In, NotIn, Exists, DoesNotExist, Gt or Lt.",
                        "type": "string",
                        "maxLength": 12,
                        "pattern": "^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$"
                       },
                       "values": {
                        "description": "Values for In and NotIn; exactly one whole number for Gt and Lt; none otherwise.",
                        "type": "array",
                        "maxItems": 32,
                        "items": {
                         "type": "string",
                         "maxLength": 63
                        },
                        "x-kubernetes-list-type": "atomic"
                       }
                      }
                     },
                     "x-kubernetes-list-type": "atomic"
                    }
                   }
                  }
                 }
                },
                "x-kubernetes-list-type": "atomic"
               }
              }
             },
             "podAffinity": {
              "description": "Near which pods.",
              "type": "object",
              "properties": {
               "requiredDuringSchedulingIgnoredDuringExecution": {
                "description": "Terms that must be met.",
                "type": "array",
                "maxItems": 16,
                "items": {
                 "type": "object",
                 "required": [
                  "topologyKey"
                 ],
                 "properties": {
                  "labelSelector": {
                   "description": "The pods that count.",
                   "type": "object",
                   "properties": {
                    "matchLabels": {
                     "description": "Labels with exactly these values.",
                     "type": "object",
                     "maxProperties": 32,
                     "additionalProperties": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                     }
                    },
                    "matchExpressions": {
                     "description": "Conditions on labels.",
                     "type": "array",
                     "maxItems": 16,
                     "items": {
                      "type": "object",
                      "required": [
                       "key",
                       "operator"
                      ],
                      "properties": {
                       "key": {
                        "description": "The label's key.",
                        "type": "string",
                        "maxLength": 317,
                        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                       },
                       "operator": {
                        "description": "In, NotIn, Exists or DoesNotExist.",
                        "type": "string",
                        "maxLength": 12,
                        "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                       },
                       "values": {
                        "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                        "type": "array",
                        "maxItems": 32,
                        "items": {
                         "type": "string",
                         "maxLength": 63
                        },
                        "x-kubernetes-list-type": "atomic"
                       }
                      }
                     },
                     "x-kubernetes-list-type": "atomic"
                    }
                   }
                  },
                  "namespaceSelector": {
                   "description": "Namespaces by their labels.",
                   "type": "object",
                   "properties": {
                    "matchLabels": {
                     "description": "Labels with exactly these values.",
                     "type": "object",
                     "maxProperties": 32,
                     "additionalProperties": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                     }
                    },
                    "matchExpressions": {
                     "description": "Conditions on labels.",
                     "type": "array",
                     "maxItems": 16,
                     "items": {
                      "type": "object",
                      "required": [
                       "key",
                       "operator"
                      ],
                      "properties": {
                       "key": {
                        "description": "The label's key.",
                        "type": "string",
                        "maxLength": 317,
                        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                       },
                       "operator": {
                        "description": "In, NotIn, Exists or DoesNotExist.",
                        "type": "string",
                        "maxLength": 12,
                        "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                       },
                       "values": {
                        "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                        "type": "array",
                        "maxItems": 32,
                        "items": {
                         "type": "string",
                         "maxLength": 63
                        },
                        "x-kubernetes-list-type": "atomic"
                       }
                      }
                     },
                     "x-kubernetes-list-type": "atomic"
                    }
                   }
                  },
                  "namespaces": {
                   "description": "Namespaces by name.",
                   "type": "array",
                   "maxItems": 32,
                   "items": {
                    "type": "string",
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                   },
                   "x-kubernetes-list-type": "atomic"
                  },
                  "topologyKey": {
                   "description": "The node label that says what \"near\" means, such as topology.kubernetes.io/zone.",
                   "type": "string",
                   "maxLength": 317,
                   "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                  }
                 }
                },
                "x-kubernetes-list-type": "atomic"
               },
               "preferredDuringSchedulingIgnoredDuringExecution": {
                "description": "Terms that are preferred.",
                "type": "array",
                "maxItems": 16,
                "items": {
                 "type": "object",
                 "required": [
                  "weight",
                  "podAffinityTerm"
                 ],
                 "properties": {
                  "weight": {
                   "description": "1..100; weights of the terms that a node meets are added.",
                   "type": "integer",
                   "format": "int32",
                   "minimum": 1,
                   "maximum": 100
                  },
                  "podAffinityTerm": {
                   "description": "The pods that count.",
                   "type": "object",
                   "required": [
                    "topologyKey"
                   ],
                   "properties": {
                    "labelSelector": {
                     "description": "The pods that count.",
                     "type": "object",
                     "properties": {
                      "matchLabels": {
                       "description": "Labels with exactly these values.",
                       "type": "object",
                       "maxProperties": 32,
                       "additionalProperties": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                       }
                      },
                      "matchExpressions": {
                       "description": "Conditions on labels.",
                       "type": "array",
                       "maxItems": 16,
                       "items": {
                        "type": "object",
                        "required": [
                         "key",
                         "operator"
                        ],
                        "properties": {
                         "key": {
                          "description": "The label's key.",
                          "type": "string",
                          "maxLength": 317,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                         },
                         "operator": {
                          "description": "In, NotIn, Exists or DoesNotExist.",
                          "type": "string",
                          "maxLength": 12,
                          "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                         },
                         "values": {
                          "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                          "type": "array",
                          "maxItems": 32,
                          "items": {
                           "type": "string",
                           "maxLength": 63
                          },
                          "x-kubernetes-list-type": "atomic"
                         }
                        }
                       },
                       "x-kubernetes-list-type": "atomic"
                      }
                     }
                    },
                    "namespaceSelector": {
                     "description": "Namespaces by their labels.",
                     "type": "object",
                     "properties": {
                      "matchLabels": {
                       "description": "Labels with exactly these values.",
                       "type": "object",
                       "maxProperties": 32,
                       "additionalProperties": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                       }
                      },
                      "matchExpressions": {
                       "description": "Conditions on labels.",
                       "type": "array",
                       "maxItems": 16,
                       "items": {
                        "type": "object",
                        "required": [
                         "key",
                         "operator"
                        ],
                        "properties": {
                         "key": {
                          "description": "The label's key.",
                          "type": "string",
                          "maxLength": 317,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                         },
                         "operator": {
                          "description": "In, NotIn, Exists or DoesNotExist.",
                          "type": "string",
                          "maxLength": 12,
                          "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                         },
                         "values": {
                          "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                          "type": "array",
                          "maxItems": 32,
                          "items": {
                           "type": "string",
                           "maxLength": 63
                          },
                          "x-kubernetes-list-type": "atomic"
                         }
                        }
                       },
                       "x-kubernetes-list-type": "atomic"
                      }
                     }
                    },
                    "namespaces": {
                     "description": "Namespaces by name.",
                     "type": "array",
                     "maxItems": 32,
                     "items": {
                      "type": "string",
                      "maxLength": 253,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                     },
                     "x-kubernetes-list-type": "atomic"
                    },
                    "topologyKey": {
                     "description": "The node label that says what \"near\" means, such as topology.kubernetes.io/zone.",
                     "type": "string",
                     "maxLength": 317,
                     "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                    }
                   }
                  }
                 }
                },
                "x-kubernetes-list-type": "atomic"
               }
              }
             },
             "podAntiAffinity": {
              "description": "Away from which pods.",
              "type": "object",
              "properties": {
               "requiredDuringSchedulingIgnoredDuringExecution": {
                "description": "Terms that must be met.",
                "type": "array",
                "maxItems": 16,
                "items": {
                 "type": "object",
                 "required": [
                  "topologyKey"
                 ],
                 "properties": {
                  "labelSelector": {
                   "description": "The pods that count.",
                   "type": "object",
                   "properties": {
                    "matchLabels": {
                     "description": "Labels with exactly these values.",
                     "type": "object",
                     "maxProperties": 32,
                     "additionalProperties": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                     }
                    },
                    "matchExpressions": {
                     "description": "Conditions on labels.",
                     "type": "array",
                     "maxItems": 16,
                     "items": {
                      "type": "object",
                      "required": [
                       "key",
                       "operator"
                      ],
                      "properties": {
                       "key": {
                        "description": "The label's key.",
                        "type": "string",
                        "maxLength": 317,
                        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                       },
                       "operator": {
                        "description": "In, NotIn, Exists or DoesNotExist.",
                        "type": "string",
                        "maxLength": 12,
                        "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                       },
                       "values": {
                        "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                        "type": "array",
                        "maxItems": 32,
                        "items": {
                         "type": "string",
                         "maxLength": 63
                        },
                        "x-kubernetes-list-type": "atomic"
                       }
                      }
                     },
                     "x-kubernetes-list-type": "atomic"
                    }
                   }
                  },
                  "namespaceSelector": {
                   "description": "Namespaces by their labels.",
                   "type": "object",
                   "properties": {
                    "matchLabels": {
                     "description": "Labels with exactly these values.",
                     "type": "object",
                     "maxProperties": 32,
                     "additionalProperties": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                     }
                    },
                    "matchExpressions": {
                     "description": "Conditions on labels.",
                     "type": "array",
                     "maxItems": 16,
                     "items": {
                      "type": "object",
                      "required": [
                       "key",
                       "operator"
                      ],
                      "properties": {
                       "key": {
                        "description": "The label's key.",
                        "type": "string",
                        "maxLength": 317,
                        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                       },
                       "operator": {
                        "description": "In, NotIn, Exists or DoesNotExist.",
                        "type": "string",
                        "maxLength": 12,
                        "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                       },
                       "values": {
                        "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                        "type": "array",
                        "maxItems": 32,
                        "items": {
                         "type": "string",
                         "maxLength": 63
                        },
                        "x-kubernetes-list-type": "atomic"
                       }
                      }
                     },
                     "x-kubernetes-list-type": "atomic"
                    }
                   }
                  },
                  "namespaces": {
                   "description": "Namespaces by name.",
                   "type": "array",
                   "maxItems": 32,
                   "items": {
                    "type": "string",
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                   },
                   "x-kubernetes-list-type": "atomic"
                  },
                  "topologyKey": {
                   "description": "The node label that says what \"near\" means, such as topology.kubernetes.io/zone.",
                   "type": "string",
                   "maxLength": 317,
                   "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                  }
                 }
                },
                "x-kubernetes-list-type": "atomic"
               },
               "preferredDuringSchedulingIgnoredDuringExecution": {
                "description": "Terms that are preferred.",
                "type": "array",
                "maxItems": 16,
                "items": {
                 "type": "object",
                 "required": [
                  "weight",
                  "podAffinityTerm"
                 ],
                 "properties": {
                  "weight": {
                   "description": "1..100; weights of the terms that a node meets are added.",
                   "type": "integer",
                   "format": "int32",
                   "minimum": 1,
                   "maximum": 100
                  },
                  "podAffinityTerm": {
                   "description": "The pods that count.",
                   "type": "object",
                   "required": [
                    "topologyKey"
                   ],
                   "properties": {
                    "labelSelector": {
                     "description": "The pods that count.",
                     "type": "object",
                     "properties": {
                      "matchLabels": {
                       "description": "Labels with exactly these values.",
                       "type": "object",
                       "maxProperties": 32,
                       "additionalProperties": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                       }
                      },
                      "matchExpressions": {
                       "description": "Conditions on labels.",
                       "type": "array",
                       "maxItems": 16,
                       "items": {
                        "type": "object",
                        "required": [
                         "key",
                         "operator"
                        ],
                        "properties": {
                         "key": {
                          "description": "The label's key.",
                          "type": "string",
                          "maxLength": 317,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                         },
                         "operator": {
                          "description": "In, NotIn, Exists or DoesNotExist.",
                          "type": "string",
                          "maxLength": 12,
                          "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                         },
                         "values": {
                          "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                          "type": "array",
                          "maxItems": 32,
                          "items": {
                           "type": "string",
                           "maxLength": 63
                          },
                          "x-kubernetes-list-type": "atomic"
                         }
                        }
                       },
                       "x-kubernetes-list-type": "atomic"
                      }
                     }
                    },
                    "namespaceSelector": {
                     "description": "Namespaces by their labels.",
                     "type": "object",
                     "properties": {
                      "matchLabels": {
                       "description": "Labels with exactly these values.",
                       "type": "object",
                       "maxProperties": 32,
                       "additionalProperties": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                       }
                      },
                      "matchExpressions": {
                       "description": "Conditions on labels.",
                       "type": "array",
                       "maxItems": 16,
                       "items": {
                        "type": "object",
                        "required": [
                         "key",
                         "operator"
                        ],
                        "properties": {
                         "key": {
                          "description": "The label's key.",
                          "type": "string",
                          "maxLength": 317,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                         },
                         "operator": {
                          "description": "In, NotIn, Exists or DoesNotExist.",
                          "type": "string",
                          "maxLength": 12,
                          "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                         },
                         "values": {
                          "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                          "type": "array",
                          "maxItems": 32,
                          "items": {
                           "type": "string",
                           "maxLength": 63
                          },
                          "x-kubernetes-list-type": "atomic"
                         }
                        }
                       },
                       "x-kubernetes-list-type": "atomic"
                      }
                     }
                    },
                    "namespaces": {
                     "description": "Namespaces by name.",
                     "type": "array",
                     "maxItems": 32,
                     "items": {
                      "type": "string",
                      "maxLength": 253,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                     },
                     "x-kubernetes-list-type": "atomic"
                    },
                    "topologyKey": {
                     "description": "The node label that says what \"near\" means, such as topology.kubernetes.io/zone.",
                     "type": "string",
                     "maxLength": 317,
                     "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                    }
                   }
                  }
                 }
                },
                "x-kubernetes-list-type": "atomic"
               }
              }
             }
            }
           },
           "tolerations": {
            "description": "Taints that are tolerated, as in a Pod.",
            "type": "array",
            "maxItems": 32,
            "items": {
             "type": "object",
             "properties": {
              "key": {
               "description": "The taint's key; without it every key, and then the operator must be Exists.",
               "type": "string",
               "maxLength": 317,
               "pattern": "^(([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$"
              },
              "operator": {
               "description": "Equal or Exists.",
               "type": "string",
               "maxLength": 12,
               "pattern": "^(Equal|Exists)$"
              },
              "value": {
               "description": "The taint's value; not with Exists.",
               "type": "string",
               "maxLength": 63,
               "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
              },
              "effect": {
               "description": "NoSchedule, PreferNoSchedule or NoExecute.",
               "type": "string",
               "maxLength": 16,
               "pattern": "^(NoSchedule|PreferNoSchedule|NoExecute)$"
              },
              "tolerationSeconds": {
               "description": "How long a NoExecute taint is tolerated, in seconds.",
               "type": "integer",
               "format": "int32",
               "minimum": 0,
               "maximum": 2147483647
              }
             },
             "x-kubernetes-validations": [
              {
               "rule": "(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')",
               "message": "operator must be Exists where there is no key. To fix: name a key, or set operator: Exists"
              },
              {
               "rule": "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
               "message": "value must be left out with operator Exists. To fix: remove value, or use operator: Equal"
              },
              {
               "rule": "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
               "message": "tolerationSeconds needs effect NoExecute. To fix: set effect: NoExecute, or remove tolerationSeconds"
              }
             ]
            },
            "x-kubernetes-list-type": "atomic"
           },
           "topologySpreadConstraints": {
            "description": "Further spread constraints, beside those of `spread`.",
            "type": "array",
            "maxItems": 8,
            "items": {
             "type": "object",
             "required": [
              "maxSkew",
              "topologyKey",
              "whenUnsatisfiable"
             ],
             "properties": {
              "maxSkew": {
               "description": "The largest difference between two places. 1..64.",
               "type": "integer",
               "format": "int32",
               "minimum": 1,
               "maximum": 64
              },
              "topologyKey": {
               "description": "The node label that names the place.",
               "type": "string",
               "maxLength": 317,
               "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
              },
              "whenUnsatisfiable": {
               "description": "DoNotSchedule or ScheduleAnyway.",
               "type": "string",
               "maxLength": 16,
               "pattern": "^(DoNotSchedule|ScheduleAnyway)$"
              }
             }
            },
            "x-kubernetes-list-type": "atomic"
           },
           "priorityClassName": {
            "description": "Name of a PriorityClass.",
            "type": "string",
            "maxLength": 253,
            "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
           },
           "spread": {
            "description": "How strongly pods are kept apart.",
            "type": "object",
            "properties": {
             "node": {
              "description": "Across nodes (kubernetes.io/hostname): Preferred, Required or None.",
              "type": "string",
              "default": "Preferred",
              "enum": [
               "Preferred",
               "Required",
               "None"
              ]
             },
             "zone": {
              "description": "Across zones (topology.kubernetes.io/zone): Preferred, Required or None.",
              "type": "string",
              "default": "Preferred",
              "enum": [
               "Preferred",
               "Required",
               "None"
              ]
             }
            }
           }
          }
         },
         "podDisruptionBudget": {
          "description": "How many pods a drain may take away at once.",
          "type": "object",
          "properties": {
           "mode": {
            "description": "Managed or Disabled.",
            "type": "string",
            "default": "Managed",
            "enum": [
             "Managed",
             "Disabled"
            ]
           }
          }
         },
         "metrics": {
          "description": "Objects for Prometheus.",
          "type": "object",
          "properties": {
           "podMonitor": {
            "description": "Whether a PodMonitor is made.",
            "type": "boolean",
            "default": false
           },
           "prometheusRule": {
            "description": "Whether a PrometheusRule is made.",
            "type": "boolean",
            "default": false
           },
           "dashboard": {
            "description": "Whether a dashboard's ConfigMap is made.",
            "type": "boolean",
            "default": false
           }
          },
          "x-kubernetes-validations": [
           {
            "rule": "!has(self.podMonitor) || !self.podMonitor",
            "message": "spec.metrics.podMonitor is not there yet in this version. To fix: leave it out or set it to false"
           },
           {
            "rule": "!has(self.prometheusRule) || !self.prometheusRule",
            "message": "spec.metrics.prometheusRule is not there yet in this version. To fix: leave it out or set it to false"
           },
           {
            "rule": "!has(self.dashboard) || !self.dashboard",
            "message": "spec.metrics.dashboard is not there yet in this version. To fix: leave it out or set it to false"
           }
          ]
         },
         "networkPolicy": {
          "description": "Who may connect.",
          "type": "object",
          "properties": {
           "enabled": {
            "description": "Whether a NetworkPolicy is made.",
            "type": "boolean",
            "default": false
           },
           "allowFrom": {
            "description": "Pods that may connect, beside the cluster's own.",
            "type": "array",
            "maxItems": 32,
            "items": {
             "type": "object",
             "properties": {
              "podSelector": {
               "description": "Pods by their labels.",
               "type": "object",
               "properties": {
                "matchLabels": {
                 "description": "Labels with exactly these values.",
                 "type": "object",
                 "maxProperties": 32,
                 "additionalProperties": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                 }
                },
                "matchExpressions": {
                 "description": "Conditions on labels.",
                 "type": "array",
                 "maxItems": 16,
                 "items": {
                  "type": "object",
                  "required": [
                   "key",
                   "operator"
                  ],
                  "properties": {
                   "key": {
                    "description": "The label's key.",
                    "type": "string",
                    "maxLength": 317,
                    "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                   },
                   "operator": {
                    "description": "In, NotIn, Exists or DoesNotExist.",
                    "type": "string",
                    "maxLength": 12,
                    "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                   },
                   "values": {
                    "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                    "type": "array",
                    "maxItems": 32,
                    "items": {
                     "type": "string",
                     "maxLength": 63
                    },
                    "x-kubernetes-list-type": "atomic"
                   }
                  }
                 },
                 "x-kubernetes-list-type": "atomic"
                }
               }
              },
              "namespaceSelector": {
               "description": "Namespaces by their labels.",
               "type": "object",
               "properties": {
                "matchLabels": {
                 "description": "Labels with exactly these values.",
                 "type": "object",
                 "maxProperties": 32,
                 "additionalProperties": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                 }
                },
                "matchExpressions": {
                 "description": "Conditions on labels.",
                 "type": "array",
                 "maxItems": 16,
                 "items": {
                  "type": "object",
                  "required": [
                   "key",
                   "operator"
                  ],
                  "properties": {
                   "key": {
                    "description": "The label's key.",
                    "type": "string",
                    "maxLength": 317,
                    "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                   },
                   "operator": {
                    "description": "In, NotIn, Exists or DoesNotExist.",
                    "type": "string",
                    "maxLength": 12,
                    "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                   },
                   "values": {
                    "description": "Values for In and NotIn; none for Exists and DoesNotExist.",
                    "type": "array",
                    "maxItems": 32,
                    "items": {
                     "type": "string",
                     "maxLength": 63
                    },
                    "x-kubernetes-list-type": "atomic"
                   }
                  }
                 },
                 "x-kubernetes-list-type": "atomic"
                }
               }
              }
             }
            }
           }
          },
          "x-kubernetes-validations": [
           {
            "rule": "!has(self.enabled) || !self.enabled",
            "message": "spec.networkPolicy.enabled is not there yet in this version. To fix: leave it out or set it to false"
           }
          ]
         },
         "updateStrategy": {
          "description": "How running pods are replaced.",
          "type": "object",
          "properties": {
           "primary": {
            "description": "When the primary is restarted: Automatic or Manual.",
            "type": "string",
            "default": "Automatic",
            "enum": [
             "Automatic",
             "Manual"
            ]
           }
          },
          "x-kubernetes-validations": [
           {
            "rule": "!has(self.primary) || self.primary != 'Manual'",
            "message": "spec.updateStrategy.primary is not there yet in this version. To fix: use Automatic"
           }
          ]
         },
         "hibernate": {
          "description": "Scales to no pods and keeps the volumes.",
          "type": "boolean",
          "default": false
         },
         "paused": {
          "description": "Whether the operator leaves the objects as they are. Failover goes on.",
          "type": "boolean",
          "default": false
         }
        },
        "x-kubernetes-validations": [
         {
          "rule": "!has(self.restoreFrom) || false",
          "message": "spec.restoreFrom is not there yet in this version. To fix: leave it out"
         },
         {
          "rule": "!has(self.users) || self.users.size() == 0",
          "message": "spec.users is not there yet in this version. To fix: leave it out or empty"
         },
         {
          "rule": "!has(self.hibernate) || !self.hibernate",
          "message": "spec.hibernate is not there yet in this version. To fix: leave it out or set it to false"
         },
         {
          "rule": "self.port == oldSelf.port",
          "message": "port is immutable. To fix: put the old value back, or create a new cluster and move the data"
         }
        ]
       },
       "status": {
        "description": "What is.",
        "type": "object",
        "properties": {
         "phase": {
          "description": "Creating, Running, Updating, Failing or Failed.",
          "type": "string"
         },
         "masterPod": {
          "description": "Name of the primary's pod.",
          "type": "string"
         },
         "currentMaster": {
          "description": "Address of the primary, ip:port.",
          "type": "string"
         },
         "replicas": {
          "description": "Pods that exist, for the scale subresource.",
          "type": "integer",
          "format": "int32"
         },
         "readyReplicas": {
          "description": "Pods that are ready.",
          "type": "integer",
          "format": "int32"
         },
         "lastReconcileTime": {
          "description": "RFC 3339.",
          "type": "string",
          "format": "date-time"
         },
         "nodeStatuses": {
          "description": "How each node is.",
          "type": "array",
          "items": {
           "type": "object",
           "required": [
            "podName",
            "role",
            "healthy"
           ],
           "properties": {
            "podName": {
             "description": "Name of the pod.",
             "type": "string"
            },
            "role": {
             "description": "Master, Replica or Unknown.",
             "type": "string"
            },
            "healthy": {
             "description": "Whether it answers as it should.",
             "type": "boolean"
            },
            "lastPingSuccess": {
             "description": "When it last answered, in milliseconds since 1970.",
             "type": "integer",
             "format": "int64"
            },
            "consecutivePingFailures": {
             "description": "Probes without an answer since then.",
             "type": "integer",
             "format": "int32"
            },
            "replOffset": {
             "description": "Its replication offset in bytes.",
             "type": "integer",
             "format": "int64"
            }
           }
          },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": [
           "podName"
          ]
         },
         "observedGeneration": {
          "description": "The generation of the spec that this status is about.",
          "type": "integer",
          "format": "int64"
         },
         "record": {
          "description": "The engine's memory.",
          "type": "object",
          "required": [
           "term",
           "epoch",
           "members",
           "everAttached",
           "foreign",
           "lineage",
           "phase",
           "m",
           "L",
           "offset",
           "keys",
           "at"
          ],
          "properties": {
           "term": {
            "description": "Counts acquisitions of the lease.",
            "type": "integer",
            "format": "int64"
           },
           "epoch": {
            "description": "Counts changes of primary.",
            "type": "integer",
            "format": "int64"
           },
           "primary": {
            "description": "The process that is the primary.",
            "type": "object",
            "required": [
             "pod",
             "podUid",
             "runId"
            ],
            "properties": {
             "pod": {
              "description": "Name of the pod.",
              "type": "string"
             },
             "podUid": {
              "description": "Uid of the pod object.",
              "type": "string"
             },
             "containerId": {
              "description": "As Kubernetes writes it.",
              "type": "string"
             },
             "runId": {
              "description": "The server's run_id.",
              "type": "string"
             },
             "pvcUid": {
              "description": "Uid of the volume claim.",
              "type": "string"
             }
            }
           },
           "members": {
            "description": "Every process that was attached to the primary in this epoch.",
            "type": "array",
            "items": {
             "type": "object",
             "required": [
              "pod",
              "podUid",
              "runId"
             ],
             "properties": {
              "pod": {
               "description": "Name of the pod.",
               "type": "string"
              },
              "podUid": {
               "description": "Uid of the pod object.",
               "type": "string"
              },
              "containerId": {
               "description": "As Kubernetes writes it.",
               "type": "string"
              },
              "runId": {
               "description": "The server's run_id.",
               "type": "string"
              },
              "pvcUid": {
               "description": "Uid of the volume claim.",
               "type": "string"
              }
             }
            },
            "x-kubernetes-list-type": "atomic"
           },
           "everAttached": {
            "description": "Whether any replica was attached in this epoch.",
            "type": "boolean"
           },
           "foreign": {
            "description": "Whether the primary feeds a consumer outside the members.",
            "type": "boolean"
           },
           "lineage": {
            "description": "The chain of histories, oldest first.",
            "type": "array",
            "items": {
             "type": "object",
             "required": [
              "epoch",
              "replid",
              "fromOffset",
              "cut"
             ],
             "properties": {
              "epoch": {
               "description": "The epoch.",
               "type": "integer",
               "format": "int64"
              },
              "replid": {
               "description": "The replication id.",
               "type": "string"
              },
              "fromOffset": {
               "description": "The first byte that belongs to this epoch.",
               "type": "integer",
               "format": "int64"
              },
              "cut": {
               "description": "Cut: a full resynchronization, no second id leads back to the parent. Joined otherwise.",
               "type": "string"
              }
             }
            },
            "x-kubernetes-list-type": "atomic"
           },
           "phase": {
            "description": "Boot, Steady, Failover or Switchover.",
            "type": "string"
           },
           "target": {
            "description": "The process that is to become the primary.",
            "type": "object",
            "required": [
             "pod",
             "podUid",
             "runId"
            ],
            "properties": {
             "pod": {
              "description": "Name of the pod.",
              "type": "string"
             },
             "podUid": {
              "description": "Uid of the pod object.",
              "type": "string"
             },
             "containerId": {
              "description": "As Kubernetes writes it.",
              "type": "string"
             },
             "runId": {
              "description": "The server's run_id.",
              "type": "string"
             },
             "pvcUid": {
              "description": "Uid of the volume claim.",
              "type": "string"
             }
            }
           },
           "from": {
            "description": "Where the target stood when the change was decided.",
            "type": "object",
            "required": [
             "replid",
             "offset"
            ],
            "properties": {
             "replid": {
              "description": "The replication id.",
              "type": "string"
             },
             "offset": {
              "description": "The offset in bytes.",
              "type": "integer",
              "format": "int64"
             }
            }
           },
           "m": {
            "description": "The min-replicas-to-write in force; 0 is a grant.",
            "type": "integer",
            "format": "int32"
           },
           "L": {
            "description": "The min-replicas-max-lag in force, in seconds.",
            "type": "integer",
            "format": "int32"
           },
           "offset": {
            "description": "The primary's offset when last written.",
            "type": "integer",
            "format": "int64"
           },
           "keys": {
            "description": "The primary's number of keys when last written.",
            "type": "integer",
            "format": "int64"
           },
           "at": {
            "description": "When offset and keys were written, in milliseconds since 1970.",
            "type": "integer",
            "format": "int64"
           }
          }
         },
         "failovers": {
          "description": "Failovers so far.",
          "type": "object",
          "required": [
           "count"
          ],
          "properties": {
           "count": {
            "description": "How many.",
            "type": "integer",
            "format": "int64"
           },
           "last": {
            "description": "The last one.",
            "type": "object",
            "required": [
             "reason"
            ],
            "properties": {
             "reason": {
              "description": "Why.",
              "type": "string"
             },
             "from": {
              "description": "The old primary's pod.",
              "type": "string"
             },
             "to": {
              "description": "The new primary's pod.",
              "type": "string"
             },
             "durationMs": {
              "description": "From the verdict to the promotion, in milliseconds.",
              "type": "integer",
              "format": "int64"
             },
             "lostBytes": {
              "description": "Bytes that only the old primary had; absent while not known.",
              "type": "integer",
              "format": "int64"
             }
            }
           }
          }
         },
         "conditions": {
          "description": "Conditions by type.",
          "type": "array",
          "items": {
           "type": "object",
           "required": [
            "type",
            "status",
            "reason",
            "message",
            "lastTransitionTime"
           ],
           "properties": {
            "type": {
             "description": "What it is about.",
             "type": "string"
            },
            "status": {
             "description": "True, False or Unknown.",
             "type": "string"
            },
            "reason": {
             "description": "One word of the table of reasons.",
             "type": "string"
            },
            "message": {
             "description": "A sentence.",
             "type": "string"
            },
            "lastTransitionTime": {
             "description": "RFC 3339.",
             "type": "string",
             "format": "date-time"
            },
            "observedGeneration": {
             "description": "The generation of the spec that was seen.",
             "type": "integer",
             "format": "int64"
            }
           }
          },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": [
           "type"
          ]
         },
         "selector": {
          "description": "Label selector of the data pods, for the scale subresource.",
          "type": "string"
         }
        }
       }
      },
      "x-kubernetes-validations": [
       {
        "rule": "self.metadata.name.size() <= 46 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        "message": "metadata.name must be lower-case letters, digits and -, beginning with a letter, at most 46 characters. To fix: choose a name such as `orders` or `orders-cache`"
       }
      ]
     }
    },
    "subresources": {
     "status": {},
     "scale": {
      "specReplicasPath": ".spec.replicas",
      "statusReplicasPath": ".status.replicas",
      "labelSelectorPath": ".status.selector"
     }
    },
    "additionalPrinterColumns": [
     {
      "name": "Replicas",
      "type": "integer",
      "jsonPath": ".spec.replicas"
     },
     {
      "name": "Phase",
      "type": "string",
      "jsonPath": ".status.phase"
     },
     {
      "name": "Master",
      "type": "string",
      "jsonPath": ".status.masterPod"
     },
     {
      "name": "Ready",
      "type": "integer",
      "jsonPath": ".status.readyReplicas"
     },
     {
      "name": "Epoch",
      "type": "integer",
      "jsonPath": ".status.record.epoch",
      "priority": 1
     },
     {
      "name": "Image",
      "type": "string",
      "jsonPath": ".spec.image",
      "priority": 1
     },
     {
      "name": "Reason",
      "type": "string",
      "jsonPath": ".status.conditions[?(@.type==\"Ready\")].reason",
      "priority": 1
     },
     {
      "name": "Age",
      "type": "date",
      "jsonPath": ".metadata.creationTimestamp"
     }
    ]
   }
  ]
 }
};
