/** Made by `npm run generate`. Do not edit. */
import type { StructuralSchema } from './structural';

// biome-ignore format: generated
export const SPEC_SCHEMA: StructuralSchema = {
 "type": "object",
 "properties": {
  "replicas": {
   "type": "integer",
   "default": 3,
   "format": "int32",
   "minimum": 1,
   "maximum": 64
  },
  "image": {
   "type": "string",
   "default": "valkey/valkey:8.0",
   "maxLength": 512,
   "pattern": "^[!-~]+$"
  },
  "port": {
   "type": "integer",
   "default": 6379,
   "format": "int32",
   "minimum": 1,
   "maximum": 65535
  },
  "persistence": {
   "type": "object",
   "default": {
    "enabled": true,
    "storageSize": "1Gi",
    "mode": "RDB"
   },
   "properties": {
    "enabled": {
     "type": "boolean",
     "default": true
    },
    "storageSize": {
     "type": "string",
     "default": "1Gi",
     "maxLength": 32,
     "pattern": "^\\+?([0-9]*[1-9][0-9]*(\\.[0-9]*)?|[0-9]*\\.[0-9]*[1-9][0-9]*)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$"
    },
    "storageClassName": {
     "type": "string",
     "maxLength": 253,
     "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$"
    },
    "mode": {
     "type": "string",
     "default": "RDB",
     "enum": [
      "RDB",
      "AOF",
      "RDBAndAOF"
     ]
    },
    "retention": {
     "type": "object",
     "properties": {
      "whenDeleted": {
       "type": "string",
       "default": "Retain",
       "enum": [
        "Retain",
        "Delete"
       ]
      },
      "whenScaled": {
       "type": "string",
       "default": "Retain",
       "enum": [
        "Retain",
        "Delete"
       ]
      }
     }
    }
   }
  },
  "resources": {
   "type": "object",
   "properties": {
    "requests": {
     "type": "object",
     "maxProperties": 16,
     "additionalProperties": {
      "maxLength": 32,
      "pattern": "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
      "x-kubernetes-int-or-string": true
     }
    },
    "limits": {
     "type": "object",
     "maxProperties": 16,
     "additionalProperties": {
      "maxLength": 32,
      "pattern": "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
      "x-kubernetes-int-or-string": true
     }
    }
   }
  },
  "nodeSelector": {
   "type": "object",
   "maxProperties": 32,
   "additionalProperties": {
    "type": "string",
    "maxLength": 63,
    "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
   }
  },
  "labels": {
   "type": "object",
   "maxProperties": 32,
   "additionalProperties": {
    "type": "string",
    "maxLength": 63,
    "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
   }
  },
  "annotations": {
   "type": "object",
   "maxProperties": 32,
   "additionalProperties": {
    "type": "string",
    "maxLength": 4096
   }
  },
  "tls": {
   "type": "object",
   "properties": {
    "enabled": {
     "type": "boolean",
     "default": false
    },
    "certSecretName": {
     "type": "string",
     "maxLength": 253,
     "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
    },
    "issuerRef": {
     "type": "object",
     "required": [
      "name"
     ],
     "properties": {
      "name": {
       "type": "string",
       "maxLength": 253,
       "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
      },
      "kind": {
       "type": "string",
       "default": "Issuer",
       "maxLength": 63
      },
      "group": {
       "type": "string",
       "default": "cert-manager.io",
       "maxLength": 253
      }
     }
    },
    "clientAuth": {
     "type": "string",
     "default": "None",
     "enum": [
      "None",
      "Optional",
      "Required"
     ]
    }
   }
  },
  "sentinel": {
   "type": "object",
   "default": {
    "pingIntervalMs": 1000,
    "downAfterMs": 5000,
    "failoverTimeoutMs": 60000
   },
   "properties": {
    "pingIntervalMs": {
     "type": "integer",
     "default": 1000,
     "format": "int32",
     "minimum": 100,
     "maximum": 600000
    },
    "downAfterMs": {
     "type": "integer",
     "default": 5000,
     "format": "int32",
     "minimum": 100,
     "maximum": 600000
    },
    "failoverTimeoutMs": {
     "type": "integer",
     "default": 60000,
     "format": "int32",
     "minimum": 100,
     "maximum": 600000
    }
   }
  },
  "restoreFrom": {
   "type": "object",
   "required": [
    "backupName"
   ],
   "properties": {
    "backupName": {
     "type": "string",
     "maxLength": 253,
     "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
    }
   }
  },
  "metricsExporter": {
   "type": "object",
   "properties": {
    "enabled": {
     "type": "boolean",
     "default": false
    },
    "image": {
     "type": "string",
     "maxLength": 512,
     "pattern": "^[!-~]+$"
    },
    "resources": {
     "type": "object",
     "properties": {
      "requests": {
       "type": "object",
       "maxProperties": 16,
       "additionalProperties": {
        "maxLength": 32,
        "pattern": "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$",
        "x-kubernetes-int-or-string": true
       }
      },
      "limits": {
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
   }
  },
  "config": {
   "type": "object",
   "maxProperties": 128,
   "additionalProperties": {
    "type": "string",
    "maxLength": 1024,
    "pattern": "^[^\\x00-\\x1f\\x7f]*$"
   }
  },
  "maxMemory": {
   "type": "object",
   "properties": {
    "percentOfLimit": {
     "type": "integer",
     "default": 75,
     "format": "int32",
     "minimum": 10,
     "maximum": 95
    },
    "policy": {
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
   "type": "object",
   "properties": {
    "policy": {
     "type": "string",
     "default": "Balanced",
     "enum": [
      "Durable",
      "Balanced",
      "Available"
     ]
    },
    "prefer": {
     "type": "string",
     "enum": [
      "Offset",
      "Priority"
     ]
    },
    "minReplicasToWrite": {
     "type": "integer",
     "format": "int32",
     "minimum": 1,
     "maximum": 63
    },
    "maxLagSeconds": {
     "type": "integer",
     "default": 2,
     "format": "int32",
     "minimum": 1,
     "maximum": 60
    },
    "waitForBestMs": {
     "type": "integer",
     "default": 2000,
     "format": "int32",
     "minimum": 0,
     "maximum": 600000
    },
    "onDivergence": {
     "type": "string",
     "default": "Report",
     "enum": [
      "Report",
      "KeepDump"
     ]
    },
    "dataLossPolicy": {
     "type": "string",
     "default": "Stop",
     "enum": [
      "Stop",
      "Accept"
     ]
    },
    "onDiskError": {
     "type": "string",
     "default": "Switchover",
     "enum": [
      "Switchover",
      "Ignore"
     ]
    }
   }
  },
  "auth": {
   "type": "object",
   "properties": {
    "secretName": {
     "type": "string",
     "maxLength": 253,
     "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
    }
   }
  },
  "users": {
   "type": "array",
   "maxItems": 64,
   "x-kubernetes-list-type": "map",
   "x-kubernetes-list-map-keys": [
    "name"
   ],
   "items": {
    "type": "object",
    "required": [
     "name"
    ],
    "properties": {
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 63
     },
     "passwordSecret": {
      "type": "object",
      "required": [
       "name"
      ],
      "properties": {
       "name": {
        "type": "string",
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
       },
       "keys": {
        "type": "array",
        "maxItems": 8,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "string",
         "minLength": 1,
         "maxLength": 253
        }
       }
      }
     },
     "commands": {
      "type": "object",
      "properties": {
       "allow": {
        "type": "array",
        "maxItems": 256,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "string",
         "minLength": 1,
         "maxLength": 256
        }
       },
       "deny": {
        "type": "array",
        "maxItems": 256,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "string",
         "minLength": 1,
         "maxLength": 256
        }
       }
      }
     },
     "keys": {
      "type": "object",
      "properties": {
       "readWrite": {
        "type": "array",
        "maxItems": 256,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "string",
         "minLength": 1,
         "maxLength": 256
        }
       },
       "readOnly": {
        "type": "array",
        "maxItems": 256,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "string",
         "minLength": 1,
         "maxLength": 256
        }
       },
       "writeOnly": {
        "type": "array",
        "maxItems": 256,
        "x-kubernetes-list-type": "atomic",
        "items": {
         "type": "string",
         "minLength": 1,
         "maxLength": 256
        }
       }
      }
     },
     "channels": {
      "type": "array",
      "maxItems": 256,
      "x-kubernetes-list-type": "atomic",
      "items": {
       "type": "string",
       "minLength": 1,
       "maxLength": 256
      }
     },
     "permissions": {
      "type": "string",
      "maxLength": 4096
     }
    }
   }
  },
  "service": {
   "type": "object",
   "properties": {
    "type": {
     "type": "string",
     "default": "ClusterIP",
     "enum": [
      "ClusterIP",
      "NodePort",
      "LoadBalancer"
     ]
    },
    "annotations": {
     "type": "object",
     "maxProperties": 32,
     "additionalProperties": {
      "type": "string",
      "maxLength": 4096
     }
    }
   }
  },
  "scheduling": {
   "type": "object",
   "properties": {
    "affinity": {
     "type": "object",
     "properties": {
      "nodeAffinity": {
       "type": "object",
       "properties": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
         "type": "object",
         "required": [
          "nodeSelectorTerms"
         ],
         "properties": {
          "nodeSelectorTerms": {
           "type": "array",
           "maxItems": 16,
           "minItems": 1,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "properties": {
             "matchExpressions": {
              "type": "array",
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "maxLength": 317,
                 "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                },
                "operator": {
                 "type": "string",
                 "maxLength": 12,
                 "pattern": "^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$"
                },
                "values": {
                 "type": "array",
                 "maxItems": 32,
                 "x-kubernetes-list-type": "atomic",
                 "items": {
                  "type": "string",
                  "maxLength": 63
                 }
                }
               }
              }
             },
             "matchFields": {
              "type": "array",
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "maxLength": 317,
                 "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                },
                "operator": {
                 "type": "string",
                 "maxLength": 12,
                 "pattern": "^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$"
                },
                "values": {
                 "type": "array",
                 "maxItems": 32,
                 "x-kubernetes-list-type": "atomic",
                 "items": {
                  "type": "string",
                  "maxLength": 63
                 }
                }
               }
              }
             }
            }
           }
          }
         }
        },
        "preferredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic",
         "items": {
          "type": "object",
          "required": [
           "weight",
           "preference"
          ],
          "properties": {
           "weight": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 100
           },
           "preference": {
            "type": "object",
            "properties": {
             "matchExpressions": {
              "type": "array",
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "maxLength": 317,
                 "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                },
                "operator": {
                 "type": "string",
                 "maxLength": 12,
                 "pattern": "^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$"
                },
                "values": {
                 "type": "array",
                 "maxItems": 32,
                 "x-kubernetes-list-type": "atomic",
                 "items": {
                  "type": "string",
                  "maxLength": 63
                 }
                }
               }
              }
             },
             "matchFields": {
              "type": "array",
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "maxLength": 317,
                 "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                },
                "operator": {
                 "type": "string",
                 "maxLength": 12,
                 "pattern": "^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$"
                },
                "values": {
                 "type": "array",
                 "maxItems": 32,
                 "x-kubernetes-list-type": "atomic",
                 "items": {
                  "type": "string",
                  "maxLength": 63
                 }
                }
               }
              }
             }
            }
           }
          }
         }
        }
       }
      },
      "podAffinity": {
       "type": "object",
       "properties": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic",
         "items": {
          "type": "object",
          "required": [
           "topologyKey"
          ],
          "properties": {
           "labelSelector": {
            "type": "object",
            "properties": {
             "matchLabels": {
              "type": "object",
              "maxProperties": 32,
              "additionalProperties": {
               "type": "string",
               "maxLength": 63,
               "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
              }
             },
             "matchExpressions": {
              "type": "array",
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "maxLength": 317,
                 "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                },
                "operator": {
                 "type": "string",
                 "maxLength": 12,
                 "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                },
                "values": {
                 "type": "array",
                 "maxItems": 32,
                 "x-kubernetes-list-type": "atomic",
                 "items": {
                  "type": "string",
                  "maxLength": 63
                 }
                }
               }
              }
             }
            }
           },
           "namespaceSelector": {
            "type": "object",
            "properties": {
             "matchLabels": {
              "type": "object",
              "maxProperties": 32,
              "additionalProperties": {
               "type": "string",
               "maxLength": 63,
               "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
              }
             },
             "matchExpressions": {
              "type": "array",
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "maxLength": 317,
                 "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                },
                "operator": {
                 "type": "string",
                 "maxLength": 12,
                 "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                },
                "values": {
                 "type": "array",
                 "maxItems": 32,
                 "x-kubernetes-list-type": "atomic",
                 "items": {
                  "type": "string",
                  "maxLength": 63
                 }
                }
               }
              }
             }
            }
           },
           "namespaces": {
            "type": "array",
            "maxItems": 32,
            "x-kubernetes-list-type": "atomic",
            "items": {
             "type": "string",
             "maxLength": 253,
             "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
            }
           },
           "topologyKey": {
            "type": "string",
            "maxLength": 317,
            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
           }
          }
         }
        },
        "preferredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic",
         "items": {
          "type": "object",
          "required": [
           "weight",
           "podAffinityTerm"
          ],
          "properties": {
           "weight": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 100
           },
           "podAffinityTerm": {
            "type": "object",
            "required": [
             "topologyKey"
            ],
            "properties": {
             "labelSelector": {
              "type": "object",
              "properties": {
               "matchLabels": {
                "type": "object",
                "maxProperties": 32,
                "additionalProperties": {
                 "type": "string",
                 "maxLength": 63,
                 "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                }
               },
               "matchExpressions": {
                "type": "array",
                "maxItems": 16,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "object",
                 "required": [
                  "key",
                  "operator"
                 ],
                 "properties": {
                  "key": {
                   "type": "string",
                   "maxLength": 317,
                   "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                  },
                  "operator": {
                   "type": "string",
                   "maxLength": 12,
                   "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                  },
                  "values": {
                   "type": "array",
                   "maxItems": 32,
                   "x-kubernetes-list-type": "atomic",
                   "items": {
                    "type": "string",
                    "maxLength": 63
                   }
                  }
                 }
                }
               }
              }
             },
             "namespaceSelector": {
              "type": "object",
              "properties": {
               "matchLabels": {
                "type": "object",
                "maxProperties": 32,
                "additionalProperties": {
                 "type": "string",
                 "maxLength": 63,
                 "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                }
               },
               "matchExpressions": {
                "type": "array",
                "maxItems": 16,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "object",
                 "required": [
                  "key",
                  "operator"
                 ],
                 "properties": {
                  "key": {
                   "type": "string",
                   "maxLength": 317,
                   "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                  },
                  "operator": {
                   "type": "string",
                   "maxLength": 12,
                   "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                  },
                  "values": {
                   "type": "array",
                   "maxItems": 32,
                   "x-kubernetes-list-type": "atomic",
                   "items": {
                    "type": "string",
                    "maxLength": 63
                   }
                  }
                 }
                }
               }
              }
             },
             "namespaces": {
              "type": "array",
              "maxItems": 32,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "string",
               "maxLength": 253,
               "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
             },
             "topologyKey": {
              "type": "string",
              "maxLength": 317,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
             }
            }
           }
          }
         }
        }
       }
      },
      "podAntiAffinity": {
       "type": "object",
       "properties": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic",
         "items": {
          "type": "object",
          "required": [
           "topologyKey"
          ],
          "properties": {
           "labelSelector": {
            "type": "object",
            "properties": {
             "matchLabels": {
              "type": "object",
              "maxProperties": 32,
              "additionalProperties": {
               "type": "string",
               "maxLength": 63,
               "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
              }
             },
             "matchExpressions": {
              "type": "array",
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "maxLength": 317,
                 "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                },
                "operator": {
                 "type": "string",
                 "maxLength": 12,
                 "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                },
                "values": {
                 "type": "array",
                 "maxItems": 32,
                 "x-kubernetes-list-type": "atomic",
                 "items": {
                  "type": "string",
                  "maxLength": 63
                 }
                }
               }
              }
             }
            }
           },
           "namespaceSelector": {
            "type": "object",
            "properties": {
             "matchLabels": {
              "type": "object",
              "maxProperties": 32,
              "additionalProperties": {
               "type": "string",
               "maxLength": 63,
               "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
              }
             },
             "matchExpressions": {
              "type": "array",
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "maxLength": 317,
                 "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                },
                "operator": {
                 "type": "string",
                 "maxLength": 12,
                 "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                },
                "values": {
                 "type": "array",
                 "maxItems": 32,
                 "x-kubernetes-list-type": "atomic",
                 "items": {
                  "type": "string",
                  "maxLength": 63
                 }
                }
               }
              }
             }
            }
           },
           "namespaces": {
            "type": "array",
            "maxItems": 32,
            "x-kubernetes-list-type": "atomic",
            "items": {
             "type": "string",
             "maxLength": 253,
             "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
            }
           },
           "topologyKey": {
            "type": "string",
            "maxLength": 317,
            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
           }
          }
         }
        },
        "preferredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic",
         "items": {
          "type": "object",
          "required": [
           "weight",
           "podAffinityTerm"
          ],
          "properties": {
           "weight": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 100
           },
           "podAffinityTerm": {
            "type": "object",
            "required": [
             "topologyKey"
            ],
            "properties": {
             "labelSelector": {
              "type": "object",
              "properties": {
               "matchLabels": {
                "type": "object",
                "maxProperties": 32,
                "additionalProperties": {
                 "type": "string",
                 "maxLength": 63,
                 "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                }
               },
               "matchExpressions": {
                "type": "array",
                "maxItems": 16,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "object",
                 "required": [
                  "key",
                  "operator"
                 ],
                 "properties": {
                  "key": {
                   "type": "string",
                   "maxLength": 317,
                   "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                  },
                  "operator": {
                   "type": "string",
                   "maxLength": 12,
                   "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                  },
                  "values": {
                   "type": "array",
                   "maxItems": 32,
                   "x-kubernetes-list-type": "atomic",
                   "items": {
                    "type": "string",
                    "maxLength": 63
                   }
                  }
                 }
                }
               }
              }
             },
             "namespaceSelector": {
              "type": "object",
              "properties": {
               "matchLabels": {
                "type": "object",
                "maxProperties": 32,
                "additionalProperties": {
                 "type": "string",
                 "maxLength": 63,
                 "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                }
               },
               "matchExpressions": {
                "type": "array",
                "maxItems": 16,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "object",
                 "required": [
                  "key",
                  "operator"
                 ],
                 "properties": {
                  "key": {
                   "type": "string",
                   "maxLength": 317,
                   "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                  },
                  "operator": {
                   "type": "string",
                   "maxLength": 12,
                   "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
                  },
                  "values": {
                   "type": "array",
                   "maxItems": 32,
                   "x-kubernetes-list-type": "atomic",
                   "items": {
                    "type": "string",
                    "maxLength": 63
                   }
                  }
                 }
                }
               }
              }
             },
             "namespaces": {
              "type": "array",
              "maxItems": 32,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "string",
               "maxLength": 253,
               "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
             },
             "topologyKey": {
              "type": "string",
              "maxLength": 317,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
             }
            }
           }
          }
         }
        }
       }
      }
     }
    },
    "tolerations": {
     "type": "array",
     "maxItems": 32,
     "x-kubernetes-list-type": "atomic",
     "items": {
      "type": "object",
      "properties": {
       "key": {
        "type": "string",
        "maxLength": 317,
        "pattern": "^(([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$"
       },
       "operator": {
        "type": "string",
        "maxLength": 12,
        "pattern": "^(Equal|Exists)$"
       },
       "value": {
        "type": "string",
        "maxLength": 63,
        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
       },
       "effect": {
        "type": "string",
        "maxLength": 16,
        "pattern": "^(NoSchedule|PreferNoSchedule|NoExecute)$"
       },
       "tolerationSeconds": {
        "type": "integer",
        "format": "int32",
        "minimum": 0,
        "maximum": 2147483647
       }
      }
     }
    },
    "topologySpreadConstraints": {
     "type": "array",
     "maxItems": 8,
     "x-kubernetes-list-type": "atomic",
     "items": {
      "type": "object",
      "required": [
       "maxSkew",
       "topologyKey",
       "whenUnsatisfiable"
      ],
      "properties": {
       "maxSkew": {
        "type": "integer",
        "format": "int32",
        "minimum": 1,
        "maximum": 64
       },
       "topologyKey": {
        "type": "string",
        "maxLength": 317,
        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
       },
       "whenUnsatisfiable": {
        "type": "string",
        "maxLength": 16,
        "pattern": "^(DoNotSchedule|ScheduleAnyway)$"
       }
      }
     }
    },
    "priorityClassName": {
     "type": "string",
     "maxLength": 253,
     "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
    },
    "spread": {
     "type": "object",
     "properties": {
      "node": {
       "type": "string",
       "default": "Preferred",
       "enum": [
        "Preferred",
        "Required",
        "None"
       ]
      },
      "zone": {
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
   "type": "object",
   "properties": {
    "mode": {
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
   "type": "object",
   "properties": {
    "podMonitor": {
     "type": "boolean",
     "default": false
    },
    "prometheusRule": {
     "type": "boolean",
     "default": false
    },
    "dashboard": {
     "type": "boolean",
     "default": false
    }
   }
  },
  "networkPolicy": {
   "type": "object",
   "properties": {
    "enabled": {
     "type": "boolean",
     "default": false
    },
    "allowFrom": {
     "type": "array",
     "maxItems": 32,
     "items": {
      "type": "object",
      "properties": {
       "podSelector": {
        "type": "object",
        "properties": {
         "matchLabels": {
          "type": "object",
          "maxProperties": 32,
          "additionalProperties": {
           "type": "string",
           "maxLength": 63,
           "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
          }
         },
         "matchExpressions": {
          "type": "array",
          "maxItems": 16,
          "x-kubernetes-list-type": "atomic",
          "items": {
           "type": "object",
           "required": [
            "key",
            "operator"
           ],
           "properties": {
            "key": {
             "type": "string",
             "maxLength": 317,
             "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
            },
            "operator": {
             "type": "string",
             "maxLength": 12,
             "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
            },
            "values": {
             "type": "array",
             "maxItems": 32,
             "x-kubernetes-list-type": "atomic",
             "items": {
              "type": "string",
              "maxLength": 63
             }
            }
           }
          }
         }
        }
       },
       "namespaceSelector": {
        "type": "object",
        "properties": {
         "matchLabels": {
          "type": "object",
          "maxProperties": 32,
          "additionalProperties": {
           "type": "string",
           "maxLength": 63,
           "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
          }
         },
         "matchExpressions": {
          "type": "array",
          "maxItems": 16,
          "x-kubernetes-list-type": "atomic",
          "items": {
           "type": "object",
           "required": [
            "key",
            "operator"
           ],
           "properties": {
            "key": {
             "type": "string",
             "maxLength": 317,
             "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
            },
            "operator": {
             "type": "string",
             "maxLength": 12,
             "pattern": "^(In|NotIn|Exists|DoesNotExist)$"
            },
            "values": {
             "type": "array",
             "maxItems": 32,
             "x-kubernetes-list-type": "atomic",
             "items": {
              "type": "string",
              "maxLength": 63
             }
            }
           }
          }
         }
        }
       }
      }
     }
    }
   }
  },
  "updateStrategy": {
   "type": "object",
   "properties": {
    "primary": {
     "type": "string",
     "default": "Automatic",
     "enum": [
      "Automatic",
      "Manual"
     ]
    }
   }
  },
  "hibernate": {
   "type": "boolean",
   "default": false
  },
  "paused": {
   "type": "boolean",
   "default": false
  }
 }
};
