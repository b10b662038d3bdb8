{{/*
Names are fixed, whatever the release is called: one operator looks after a whole cluster, and Helm refuses a second release that
would bring the same ClusterRoles.
*/}}

{{/* byok.labels (list . NAME): of every object. */}}
{{- define "byok.labels" -}}
{{- $root := index . 0 -}}
{{ include "byok.selector" . }}
app.kubernetes.io/part-of: byok-operator
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* byok.selector (list . NAME): never changed, since a Deployment's selector can't be. */}}
{{- define "byok.selector" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end }}

{{- define "byok.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* byok.importNamespace: where wrapping keys and import requests stand. */}}
{{- define "byok.importNamespace" -}}
{{- .Values.wrapping.namespace | default (ternary .Values.importApi.namespace .Release.Namespace .Values.importApi.enabled) }}
{{- end }}

{{- define "byok.importCertificate" -}}
{{- .Values.importApi.tls.secretName | default "byok-import-tls" }}
{{- end }}

{{/* byok.accountAnnotations (dict "root" . "account" VALUES "role" ARN "client" GUID) */}}
{{- define "byok.accountAnnotations" -}}
{{- $own := dict -}}
{{- if .role }}{{ $_ := set $own "eks.amazonaws.com/role-arn" .role }}{{ end -}}
{{- if .client }}{{ $_ := set $own "azure.workload.identity/client-id" .client }}{{ end -}}
{{- if and .client .root.Values.azure.tenantId }}{{ $_ := set $own "azure.workload.identity/tenant-id" .root.Values.azure.tenantId }}{{ end -}}
{{- with mergeOverwrite $own .account.annotations }}
{{- toYaml . }}
{{- end }}
{{- end }}
