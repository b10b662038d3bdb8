{{/* What both Deployments have in common; each takes (dict "root" . "name" NAME "values" VALUES). */}}

{{- define "byok.scheduling" -}}
{{ include "byok.spread" . }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "byok.spread" -}}
{{- $selector := dict "matchLabels" (include "byok.selector" (list .root .name) | fromYaml) -}}
topologySpreadConstraints:
  {{- range .values.topologySpreadConstraints | default (list (dict "maxSkew" 1 "topologyKey" "topology.kubernetes.io/zone" "whenUnsatisfiable" "ScheduleAnyway")) }}
  - {{ toYaml (merge (dict) . (dict "labelSelector" $selector)) | indent 4 | trim }}
  {{- end }}
{{- end }}

{{/* byok.apart (dict "root" . "name" NAME): one term of an anti-affinity. */}}
{{- define "byok.apart" -}}
topologyKey: kubernetes.io/hostname
labelSelector:
  matchLabels:
    {{- include "byok.selector" (list .root .name) | nindent 4 }}
{{- end }}

{{- define "byok.probe" -}}
{{- toYaml (merge (dict) .values .asks) }}
{{- end }}

{{/* byok.budget: refused where it would let no node be drained. */}}
{{- define "byok.budget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "byok.labels" (list .root .name) | nindent 4 }}
spec:
  minAvailable: {{ .values.podDisruptionBudget.minAvailable }}
  selector:
    matchLabels:
      {{- include "byok.selector" (list .root .name) | nindent 6 }}
{{- end }}

{{/* byok.metricsTls: the Secret of /metrics' certificate; nothing where it has none. */}}
{{- define "byok.metricsTls" -}}
{{- with .Values.metrics.apart }}{{ if .enabled }}{{ .tlsSecret }}{{ end }}{{ end -}}
{{- end }}

{{- define "byok.metricsArgs" -}}
{{- with .Values.metrics.apart }}
{{- if .enabled }}
- --metrics-listen=0.0.0.0:{{ .port }}
{{- if .tlsSecret }}
- --metrics-tls-cert=/metrics-tls/tls.crt
- --metrics-tls-key=/metrics-tls/tls.key
{{- end }}
{{- if .tokenReview }}
- --metrics-token-review
{{- end }}
{{- end }}
{{- end }}
{{- end }}
