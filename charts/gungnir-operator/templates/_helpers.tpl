{{- /* Made by `npm run generate`. Do not edit. */ -}}
{{- define "gungnir-operator.program" -}}
{{- $program := .Files.Get "files/program.json" -}}
{{- if not $program -}}
{{- fail "the chart has no program, since it comes from the source tree. To fix: npm run generate there, or set image." -}}
{{- end -}}
{{- $program -}}
{{- end }}

{{- define "gungnir-operator.command" -}}
{{- if .Values.image }}
- gungnir
{{- else }}
- node
- --max-semi-space-size=1
- --no-opt
- --no-maglev
- /opt/gungnir/operator.mjs
{{- end }}
- operator
{{- with .Values.watchNamespaces }}
- --namespace={{ join "," . }}
{{- end }}
{{- if ne .Values.logLevel "info" }}
- --log-level={{ .Values.logLevel }}
{{- end }}
{{- $ms := int64 .Values.leaseDurationMs }}
{{- if ne $ms (int64 15000) }}
- --lease-duration-ms={{ $ms }}
- --renew-deadline-ms={{ div (mul 10 $ms) 15 }}
- --retry-ms={{ div (mul 2 $ms) 15 }}
{{- end }}
{{- range .Values.flags }}
- {{ . | quote }}
{{- end }}
{{- end }}

{{- define "gungnir-operator.volumeMounts" -}}
{{- if .Values.image }}
{{- else }}
- name: program
  mountPath: /opt/gungnir
  readOnly: true
{{- end }}
- name: tmp
  mountPath: /tmp
{{- end }}

{{- define "gungnir-operator.volumes" -}}
{{- if .Values.image }}
{{- else }}
- name: program
  configMap:
    name: {{ (include "gungnir-operator.program" . | fromJson).metadata.name }}
{{- end }}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- end }}
